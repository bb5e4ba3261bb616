import type { LedgerEntry, StatusReport } from "../../../src/clearing/answers.ts";
import { type House, type Instruction, instructionOf, type LedgerAccount } from "../../../src/clearing/instruction.ts";
import type { Side } from "../../../src/clearing/matching.ts";
import { completeLei } from "../../../src/core/codes/lei.ts";

const holder = (body: string): LedgerAccount => ({ lei: completeLei(body), account: completeLei(body) });

export const SETTLEMENT = holder("8945HPUOPERATOR000");
export const BANK_A = holder("8945HPUBANKA000000");
export const BANK_B = holder("8945HPUBANKB000000");
export const OTHER = holder("8945HPUSTRANGER000");

export const HOUSE: House = { chainId: 7102, address: `0x${"c1".repeat(20)}` };

export function instructed(cycle: number, member: number, instructed: bigint, currency = "CNY"): Instruction {
  const { lei } = member === 1 ? BANK_A : BANK_B;
  return instructionOf(HOUSE, { cycle, member, lei, currency, instructed }, SETTLEMENT);
}

/** Bank A pays 1,250,000.00 into cycle 7. */
export const payIn = () => instructed(7, 1, -125_000_000n);

/** Bank B receives the same. */
export const payOut = () => instructed(7, 2, 125_000_000n);

/** What an honest central ledger says when it has booked an end of a transfer. */
export function entryOf(instruction: Instruction, side: Side): LedgerEntry {
  const { uetr, messageId, instructionId, endToEndId, currency, amount } = instruction;
  return {
    type: "entry",
    uetr,
    messageId,
    instructionId,
    endToEndId,
    currency,
    amount,
    account: instruction[side].account,
    direction: side === "debtor" ? "DBIT" : "CRDT",
    status: "BOOK",
    reversal: false,
    servicerReference: `ECNY-${instructionId}-${side}`,
    bookingDate: "2026-11-22",
  };
}

/** What it says when there is no money. */
export function statusOf({ uetr, messageId, instructionId, endToEndId }: Instruction): StatusReport {
  return { type: "status", uetr, messageId, instructionId, endToEndId, status: "RJCT", reason: "AM04" };
}
