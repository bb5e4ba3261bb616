import { z } from "zod";
import type { Hex } from "../core/hex.ts";
import { MAX_READINGS } from "./reading.ts";

/** JSON forms of what devices say. Whole numbers that a double cannot hold are strings of decimal digits. */

const MAX_QUANTITIES = 8;

export function hexForm(bytes: number) {
  return z
    .string()
    .regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`), `must be ${bytes} bytes in lower-case hexadecimal`)
    .transform((text) => text as Hex);
}

function wholeForm(least: bigint, most: bigint) {
  return z
    .string()
    .regex(/^(0|-?[1-9]\d{0,19})$/, "must be a whole number in decimal digits")
    .transform(BigInt)
    .refine((whole) => whole >= least && whole <= most, "is too large or too small");
}

const value = wholeForm(-(2n ** 63n), 2n ** 63n - 1n);
const counter = wholeForm(0n, 2n ** 64n - 1n);
const time = z
  .int()
  .min(0)
  .max(2 ** 40 - 1);

export const readingForm = z.strictObject({
  counter,
  time,
  salt: hexForm(16),
  values: z.array(value).max(MAX_QUANTITIES),
});

export const batchForm = z.strictObject({
  deviceId: hexForm(32),
  firstCounter: counter,
  count: z.int().min(1).max(MAX_READINGS),
  from: time,
  to: time,
  root: hexForm(32),
  extents: z.array(z.strictObject({ min: value, max: value })).max(MAX_QUANTITIES),
});

export const signatureForm = z.strictObject({ r: hexForm(32), s: hexForm(32) });

export const signedBatchForm = z.strictObject({
  batch: batchForm,
  signature: signatureForm,
  readings: z.array(readingForm).max(MAX_READINGS),
});

/** For `JSON.stringify`: what these forms read. */
export function wholeNumbersAsText(_: string, part: unknown): unknown {
  return typeof part === "bigint" ? part.toString() : part;
}
