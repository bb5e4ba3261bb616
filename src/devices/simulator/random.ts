import { createHmac, hash } from "node:crypto";
import { type DeviceKey, softwareKey } from "../device-key.ts";

/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to, but not, 1. */
  next(): number;
  /** Around zero, within ±`spread`, near zero most often. */
  around(spread: number): number;
}

/** Numbers from SHA-256 of the seed and a count. */
export function randomFrom(seed: string): Random {
  let count = 0;
  const next = () => hash("sha256", `${seed}/${count++}`, "buffer").readUInt32BE() / 2 ** 32;
  return { next, around: (spread) => ((next() + next() + next()) / 1.5 - 1) * spread };
}

/** A secret for one purpose of one simulated device. */
export function secretFrom(seed: string, purpose: string): Buffer {
  return createHmac("sha256", seed).update(purpose).digest();
}

/** The key of a simulated device: the same for the same seed, so good for nothing else. */
export function simulatedKey(seed: string): DeviceKey {
  return softwareKey(secretFrom(seed, "key"));
}
