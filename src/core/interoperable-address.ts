import { concat, type Hex } from "./hex.ts";

/** Account and chain in an ERC-7930 address (version 1, EIP-155 chains). */
export interface InteroperableAddress {
  chainId: number;
  account: Hex;
}

/** @throws RangeError when the bytes are no such address in its shortest form. */
export function parseInteroperableAddress(bytes: Hex): InteroperableAddress {
  const match = /^0x00010000([0-9a-f]{2})((?:[0-9a-f]{2})*)14([0-9a-f]{40})$/.exec(bytes.toLowerCase());
  const reference = match?.[2] ?? "";
  const chainId = Number.parseInt(reference, 16);
  const shortest = reference.length === 2 * Number.parseInt(match?.[1] ?? "", 16) && !reference.startsWith("00");
  if (match === null || !shortest || !Number.isSafeInteger(chainId)) {
    throw new RangeError(`${bytes} is not an ERC-7930 address of an account on an EIP-155 chain`);
  }
  return { chainId, account: `0x${match[3]}` };
}

export function formatInteroperableAddress({ chainId, account }: InteroperableAddress): Hex {
  const digits = chainId.toString(16);
  const reference = digits.length % 2 === 0 ? digits : `0${digits}`;
  const length = (reference.length / 2).toString(16).padStart(2, "0");
  return concat("0x00010000", `0x${length}`, `0x${reference}`, "0x14", account.toLowerCase() as Hex);
}
