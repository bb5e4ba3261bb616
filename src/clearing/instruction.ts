import { concat, type Hex, keccak256, word } from "../core/hex.ts";
import { uetrOf } from "../iso20022/uetr.ts";

/** The clearing house that instructions come from. */
export interface House {
  chainId: number;
  address: Hex;
}

/** An account at the central ledger and the LEI of who holds it. */
export interface LedgerAccount {
  lei: string;
  account: string;
}

/** What a member pays or receives in a closed cycle, as the chain has it. */
export interface NetPosition {
  cycle: number;
  member: number;
  lei: string;
  /** ISO 4217. */
  currency: string;
  /** Hundredths; negative when the member pays. */
  instructed: bigint;
}

export type Flow = "payIn" | "payOut";

/** One transfer in central-bank money. The same position always gives the same one, down to its identifiers. */
export interface Instruction {
  cycle: number;
  member: number;
  currency: string;
  flow: Flow;
  /** Hundredths, above zero. */
  amount: bigint;
  debtor: LedgerAccount;
  creditor: LedgerAccount;
  uetr: string;
  messageId: string;
  instructionId: string;
  endToEndId: string;
}

/**
 * The transfer that settles a position: from the member to the settlement account, or the other way.
 * @throws RangeError when there is nothing to pay.
 */
export function instructionOf(house: House, position: NetPosition, settlement: LedgerAccount): Instruction {
  const { cycle, member, currency, lei, instructed } = position;
  if (instructed === 0n) throw new RangeError("A position of nothing needs no instruction");
  const own = { lei, account: lei };
  const payIn = instructed < 0n;
  const digest = positionDigest(house, position);
  const endToEndId = `HP${cycle}-${member}-${currency}`;
  // Another deployment has the same cycles and members: at most 2 + 10 + 1 + 5 + 1 + 3 + 1 + 8 = 31 of 35 characters.
  const unique = `${endToEndId}-${digest.slice(-8)}`;
  return {
    cycle,
    member,
    currency,
    flow: payIn ? "payIn" : "payOut",
    amount: payIn ? -instructed : instructed,
    debtor: payIn ? own : settlement,
    creditor: payIn ? settlement : own,
    uetr: uetrOf(digest),
    messageId: unique,
    instructionId: unique,
    endToEndId,
  };
}

/**
 * Whether it stays within one account: that of the settlement agent, whose money is in the settlement account. Then there is
 * nothing to be sent, and nothing to be booked.
 */
export function isInternal({ debtor, creditor }: Instruction): boolean {
  return debtor.account === creditor.account;
}

/** The cycle that one of our ids names; undefined when it is none. */
export function cycleOfId(id: string): number | undefined {
  const match = /^HP(\d{1,10})-\d{1,5}-[A-Z]{3}(?:-[0-9a-f]{8})?$/.exec(id);
  return match === null ? undefined : Number(match[1]);
}

/** keccak256(abi.encode(chainId, clearingHouse, cycle, member, currency)). */
function positionDigest({ chainId, address }: House, { cycle, member, currency }: NetPosition): Hex {
  const code = `0x${currencyBytes(currency).slice(2).padEnd(64, "0")}` as const;
  return keccak256(concat(word(BigInt(chainId)), word(address), word(BigInt(cycle)), word(BigInt(member)), code));
}

/** `CNY` as the chain's bytes3. */
export function currencyBytes(currency: string): Hex {
  return `0x${[...currency].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join("")}`;
}

/** The chain's bytes3 as `CNY`. */
export function currencyText(bytes: Hex): string {
  return (bytes.slice(2).match(/../g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join("");
}
