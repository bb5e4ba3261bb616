import { setImmediate as pause } from "node:timers/promises";
import { type v2, verifySignature, wrapDocument } from "@govtechsg/open-attestation";
import { requireIntact, wrap } from "../src/documents/wrapped-document.ts";
import { verifyOpenAttestation } from "../src/open-attestation/verify-open-attestation.ts";
import { wrapOpenAttestation } from "../src/open-attestation/wrap-open-attestation.ts";
import { billOfLading } from "./bill-of-lading.ts";
import { type BatchFigures, measureBatch } from "./document-batch.ts";
import type { Row } from "./figures.ts";

export interface DocumentFigures {
  /** Documents a second by our wrapping and form, divided by those of OpenAttestation's library in its own. */
  wrapRatio: number;
  verifyRatio: number;
  /** Documents a second. */
  wrap: number;
  verify: number;
  libraryWrap: number;
  libraryVerify: number;
  /** By our code in the form of OpenAttestation. */
  openAttestationWrap: number;
  openAttestationVerify: number;
  batch: BatchFigures;
}

const DOCUMENTS = 50;
const ROUNDS = 160;
const KIND = "bill-of-lading";

/**
 * Wraps and verifies the same bill of lading by different code, in turns on one core. What is timed begins and ends with
 * objects, not with text. The best of some rounds counts.
 */
export async function measureDocuments(): Promise<DocumentFigures> {
  const raw = billOfLading as unknown as v2.OpenAttestationDocument;
  const [ours, theirs] = [wrap(billOfLading, KIND), wrapDocument(raw)];
  if (!verifySignature(theirs) || !verifyOpenAttestation(theirs).valid) throw new Error("A document is not valid");
  const best = await bestOf({
    wrap: () => void wrap(billOfLading, KIND),
    libraryWrap: () => void wrapDocument(raw),
    openAttestationWrap: () => void wrapOpenAttestation([billOfLading]),
    verify: () => void requireIntact(ours),
    libraryVerify: () => void verifySignature(theirs),
    openAttestationVerify: () => void verifyOpenAttestation(theirs),
  });
  const wrapRatio = best.wrap / best.libraryWrap;
  const verifyRatio = best.verify / best.libraryVerify;
  return { wrapRatio, verifyRatio, ...best, batch: await measureBatch() };
}

export function documentRows({ wrapRatio, verifyRatio, batch, ...rates }: DocumentFigures): Row[] {
  const times = (name: string, value: number): Row => ({ name, value, unit: "", digits: 2, target: { atLeast: 3 } });
  const rate = (name: string, value: number): Row => ({ name, value, unit: "documents/s", digits: 0 });
  return [
    times("wrap a bill of lading, beside OpenAttestation's library", wrapRatio),
    rate("  by us", rates.wrap),
    rate("  by the library", rates.libraryWrap),
    rate("  by us in the library's form", rates.openAttestationWrap),
    times("verify it, beside OpenAttestation's library", verifyRatio),
    rate("  by us", rates.verify),
    rate("  by the library", rates.libraryVerify),
    rate("  by us in the library's form", rates.openAttestationVerify),
    {
      name: `memory for a batch of ${batch.documents.toLocaleString("en-US")} documents and all proofs`,
      value: batch.peakMiB,
      unit: "MiB",
      digits: 0,
      target: { atMost: 1_024 },
    },
    { name: "  time, each wrapped", value: batch.seconds, unit: "s", digits: 0 },
  ];
}

/** Runs of each task in a second, in its best round. */
async function bestOf<Name extends string>(tasks: Record<Name, () => void>): Promise<Record<Name, number>> {
  const names = Object.keys(tasks) as Name[];
  const best = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      // What a round leaves behind is only collected after its task.
      await pause();
      const start = performance.now();
      for (let run = 0; run < DOCUMENTS; run++) tasks[name]();
      best[name] = Math.max(best[name], DOCUMENTS / ((performance.now() - start) / 1_000));
    }
  }
  return best;
}
