import { z } from "zod";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { isSignedBy, type PublicKey, type Signature } from "./device-key.ts";
import { batchMessage, type RegistryAddress } from "./device-messages.ts";
import { batchForm, hexForm, readingForm, signatureForm, wholeNumbersAsText } from "./forms.ts";
import type { Batch, Reading } from "./reading.ts";
import { contains, pathOf } from "./reading-tree.ts";
import type { SignedBatch } from "./recorder.ts";

/** One reading, with all that somebody needs to check it, and nothing of the other readings. */
export interface ReadingProof {
  batch: Batch;
  signature: Signature;
  reading: Reading;
  path: Hex[];
}

/** @throws HuangpuError READING_INVALID when the batch has no reading of that counter. */
export function proveReading({ batch, signature, readings }: SignedBatch, counter: bigint): ReadingProof {
  const index = Number(counter - batch.firstCounter);
  const reading = readings[index];
  if (reading === undefined) {
    throw new HuangpuError("READING_INVALID", "The batch has no such reading", { fields: { counter } });
  }
  return { batch, signature, reading, path: pathOf(readings, index) };
}

/**
 * Whether the device that has the key signed a batch with this reading in it, as the batch says of it: what can be known
 * without the chain. Whether the key was that device's, calibrated, and the batch anchored, the registry knows.
 */
export function isGenuine(
  { batch, signature, reading, path }: ReadingProof,
  key: PublicKey,
  registry: RegistryAddress,
): boolean {
  const index = Number(reading.counter - batch.firstCounter);
  return (
    isSignedBy(key, batchMessage(registry, batch), signature) &&
    contains(batch.root, batch.count, index, reading, path) &&
    isWithin(batch, reading)
  );
}

function isWithin({ from, to, extents }: Batch, { time, values }: Reading): boolean {
  return (
    time >= from &&
    time <= to &&
    values.length === extents.length &&
    extents.every(({ min, max }, index) => {
      const value = values[index];
      return value !== undefined && value >= min && value <= max;
    })
  );
}

const form = z.strictObject({
  huangpu: z.literal("reading-proof/1"),
  batch: batchForm,
  signature: signatureForm,
  reading: readingForm,
  path: z.array(hexForm(32)).max(16),
});

/** As JSON that somebody can be sent. */
export function writeReadingProof(proof: ReadingProof): string {
  return JSON.stringify({ huangpu: "reading-proof/1", ...proof }, wholeNumbersAsText, 2);
}

/** @throws HuangpuError READING_INVALID, with the place of every fault. */
export function readReadingProof(json: unknown): ReadingProof {
  const parsed = form.safeParse(json);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
    throw new HuangpuError("READING_INVALID", "This is no proof of a reading", { fields: { faults } });
  }
  const { huangpu: _, ...proof } = parsed.data;
  return proof;
}
