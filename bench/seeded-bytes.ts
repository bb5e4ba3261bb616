import { concat, type Hex, keccakText } from "../src/core/hex.ts";

/** Bytes without a pattern, the same in every run. */
export function seededBytes(seed: string, length: number): Hex {
  const words = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    keccakText(`huangpu bench ${seed} ${index}`),
  );
  return concat(...words).slice(0, 2 + 2 * length) as Hex;
}
