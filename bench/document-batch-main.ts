/** Wraps a million documents one after the other into one batch, makes the proof of each, and tells what it took. */
import process from "node:process";
import type { Hex } from "../src/core/hex.ts";
import { batchOf } from "../src/documents/batch.ts";
import { wrap } from "../src/documents/wrapped-document.ts";
import { BATCH_DOCUMENTS, type BatchFigures } from "./document-batch.ts";

const KIB_PER_MIB = 1_024;

function* hashes(): Generator<Hex> {
  for (let number = 0; number < BATCH_DOCUMENTS; number++) {
    const data = {
      invoiceNumber: `INV-${number}`,
      currency: "USD",
      totalAmount: number,
      buyer: { name: "Import GmbH" },
    };
    yield wrap(data, "commercial-invoice").hash;
  }
}

const start = performance.now();
const batch = await batchOf(hashes());
let siblings = 0;
for (let index = 0; index < batch.size; index++) siblings += batch.proof(index).path.length;
if (siblings < batch.size) throw new Error("The proofs are too short");
const figures: BatchFigures = {
  documents: batch.size,
  seconds: (performance.now() - start) / 1_000,
  peakMiB: process.resourceUsage().maxRSS / KIB_PER_MIB,
};
process.send?.(figures);
