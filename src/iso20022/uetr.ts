import type { Hex } from "../core/hex.ts";

/**
 * The end-to-end reference that stands for a hash: its first 16 bytes, with the version (4) and the variant (10) of a UUID
 * put over six of the bits. 122 bits of the hash are left, so no two are expected to meet.
 * @param hash 32 bytes.
 */
export function uetrOf(hash: Hex): string {
  if (!/^0x[0-9a-f]{64}$/i.test(hash)) throw new RangeError(`"${hash}" is not 32 bytes in hexadecimal`);
  const digits = hash.slice(2, 34).toLowerCase();
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const group = (from: number, to: number) => digits.slice(from, to);
  return `${group(0, 8)}-${group(8, 12)}-4${group(13, 16)}-${variant}${group(17, 20)}-${group(20, 32)}`;
}
