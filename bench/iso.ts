import { setImmediate as pause } from "node:timers/promises";
import { type BusinessMessage, buildMessage } from "../src/iso20022/business-message.ts";
import { Schemas } from "../src/iso20022/schemas.ts";
import { childElements, MAX_MESSAGE_BYTES, withXml } from "../src/iso20022/xml.ts";
import { RandomDocuments } from "../test/support/fakes/random-documents.ts";
import { SeededRandom } from "../test/support/fakes/seeded-random.ts";
import { findVector } from "../test/support/fakes/vectors.ts";
import type { Row } from "./figures.ts";

export interface IsoFigures {
  /** Messages built, read back and validated in a second, divided by those that the schema validator alone does. */
  isoRatio: number;
  isoMessagesPerSecond: number;
  isoValidatorMessagesPerSecond: number;
}

const MESSAGES = 500;
const ROUNDS = 40;

/**
 * Builds and validates instructions, as a cycle's end does, and has the schema validator alone validate the same ones: both
 * parse the same text and check header and document by the genuine schemas. The best of some rounds counts, taken in turns.
 * Undefined where the schemas are not at hand.
 */
export async function measureIso(): Promise<IsoFigures | undefined> {
  const folder = findVector("iso20022");
  if (folder === undefined) return undefined;
  const schemas = Schemas.load(folder);
  try {
    const documents = new RandomDocuments(new SeededRandom(20_022));
    const messages = Array.from({ length: MESSAGES }, (): BusinessMessage => {
      return { from: documents.agent(), to: documents.agent(), document: documents.institutionTransfer() };
    });
    const texts = messages.map((message) => buildMessage(message));
    const [ours, alone]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      // What a round leaves behind is only collected after its task.
      await pause();
      ours.push(perSecond(() => messages.forEach((message) => void buildMessage(message, schemas))));
      await pause();
      alone.push(perSecond(() => texts.forEach((text) => void validate(text, schemas))));
    }
    const [isoMessagesPerSecond, isoValidatorMessagesPerSecond] = [Math.max(...ours), Math.max(...alone)];
    const isoRatio = isoMessagesPerSecond / isoValidatorMessagesPerSecond;
    return { isoRatio, isoMessagesPerSecond, isoValidatorMessagesPerSecond };
  } finally {
    schemas.dispose();
  }
}

export function isoRows({ isoRatio, isoMessagesPerSecond, isoValidatorMessagesPerSecond }: IsoFigures): Row[] {
  const unit = "messages/s";
  return [
    {
      name: "ISO 20022 messages built and validated",
      value: isoMessagesPerSecond,
      unit,
      digits: 0,
      target: { atLeast: 500 },
    },
    { name: "the schema validator alone", value: isoValidatorMessagesPerSecond, unit, digits: 0 },
    { name: "built and validated, beside the validator alone", value: isoRatio, unit: "", digits: 2 },
  ];
}

function validate(text: string, schemas: Schemas): void {
  withXml(text, MAX_MESSAGE_BYTES, (root) => {
    for (const part of childElements(root, "/"))
      for (const element of childElements(part, "/")) schemas.validate(element);
  });
}

function perSecond(work: () => void): number {
  const start = performance.now();
  work();
  return MESSAGES / ((performance.now() - start) / 1_000);
}
