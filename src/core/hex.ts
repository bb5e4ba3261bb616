import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

/** Bytes in hexadecimal, 0x first, lower case. */
export type Hex = `0x${string}`;

export function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}

export function toBytes(hex: Hex): Uint8Array {
  return hexToBytes(hex.slice(2));
}

export function concat(...parts: Hex[]): Hex {
  return `0x${parts.map((part) => part.slice(2)).join("")}`;
}

export function keccak256(hex: Hex): Hex {
  return toHex(keccak_256(toBytes(hex)));
}

/** keccak256 of a text in UTF-8. */
export function keccakText(text: string): Hex {
  return toHex(keccak_256(new TextEncoder().encode(text)));
}

/** An unsigned integer or an address as one 32-byte word, right-aligned as the ABI has it. */
export function word(value: bigint | Hex): Hex {
  const digits = typeof value === "bigint" ? value.toString(16) : value.slice(2);
  return `0x${digits.padStart(64, "0")}`;
}
