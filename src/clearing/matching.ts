import type { Answer, AnswerIds, LedgerEntry, StatusReport } from "./answers.ts";
import type { ExceptionCode } from "./exceptions.ts";
import { cycleOfId, type Instruction } from "./instruction.ts";

/** At which end of a transfer an entry is: both together are its booking. */
export type Side = "debtor" | "creditor";

/** How far an instruction is, for all that is known. */
export interface Progress {
  instruction: Instruction;
  /** False while the chain does not say so: whatever answers it then answers something else. */
  sent: boolean;
  booked: readonly Side[];
  /** Status reason of the rejection. */
  rejected: string | undefined;
}

/** What answers are held against. */
export interface Expectations {
  byUetr(uetr: string): Progress | undefined;
  /** Whether an entry of the account in this currency is booked here under this reference of its servicer. */
  isBooked(entry: Pick<LedgerEntry, "account" | "currency" | "servicerReference">): boolean;
}

export type Verdict =
  | { type: "booked"; instruction: Instruction; side: Side }
  | { type: "rejected"; instruction: Instruction; reason: string }
  /** The central ledger has it and says nothing final. */
  | { type: "accepted"; instruction: Instruction }
  | { type: "exception"; code: ExceptionCode; instruction: Instruction | undefined };

/** The statuses by which an agent goes on with a transfer. None of them is money: a booked entry is. */
const ACCEPTED: ReadonlySet<string> = new Set(["RCVD", "PDNG", "ACTC", "ACCP", "ACWP", "ACSP", "ACSC", "ACCC"]);
/** Duplication: the central ledger has it, or something in its place, already. No reason to hold against the member. */
const REPETITION: ReadonlySet<string> = new Set(["AM05", "DUPL", "DU01", "DU02", "DU03", "DU04", "DU05"]);
/**
 * About the message, its sender, the agents or the system, or too late: no default of the member, whose collateral is not to pay
 * for it.
 */
const NOT_THE_MEMBERS = /^(?:A[BG]|D[ST]|FF|RC|TM)..$|^AM03$/;

/**
 * What an answer changes. Money moves only on an entry that is booked, not reversed, new, and equal in every identifier, amount,
 * currency, account and direction to what was sent; everything else is an exception that says why.
 */
export function match(answer: Answer, expectations: Expectations): Verdict {
  const progress = answer.uetr === undefined ? undefined : expectations.byUetr(answer.uetr);
  const exception = (code: ExceptionCode): Verdict => ({ type: "exception", code, instruction: progress?.instruction });

  if (answer.type === "return") return exception("RETURNED");
  if (answer.type === "entry") {
    if (expectations.isBooked(answer)) return exception("DUPLICATE");
    if (answer.reversal) return exception("REVERSED");
    if (answer.status !== "BOOK") return exception("NOT_BOOKED");
  }
  if (progress === undefined) return exception("UNKNOWN_UETR");
  const wrongId = idMismatch(answer, progress.instruction);
  if (wrongId !== undefined) return exception(wrongId);
  const verdict = answer.type === "entry" ? matchEntry(answer, progress) : matchStatus(answer, progress);
  return typeof verdict === "string" ? exception(verdict) : verdict;
}

function idMismatch(answer: AnswerIds, instruction: Instruction): ExceptionCode | undefined {
  const { instructionId, endToEndId, messageId } = answer;
  for (const id of [instructionId, endToEndId]) {
    const cycle = id === undefined ? undefined : cycleOfId(id);
    if (cycle !== undefined && cycle !== instruction.cycle) return "WRONG_CYCLE";
  }
  const same =
    instructionId === instruction.instructionId &&
    endToEndId === instruction.endToEndId &&
    messageId === instruction.messageId;
  return same ? undefined : "ID_MISMATCH";
}

function matchEntry(entry: LedgerEntry, progress: Progress): Verdict | ExceptionCode {
  const { instruction, sent, booked, rejected } = progress;
  if (!sent) return "NOT_SENT";
  if (entry.currency !== instruction.currency) return "CURRENCY_MISMATCH";
  if (entry.amount !== instruction.amount) return "AMOUNT_MISMATCH";
  const { debtor, creditor } = instruction;
  if (entry.account !== debtor.account && entry.account !== creditor.account) return "ACCOUNT_MISMATCH";
  const side: Side = entry.direction === "DBIT" ? "debtor" : "creditor";
  if (entry.account !== instruction[side].account) return "DIRECTION_MISMATCH";
  if (rejected !== undefined) return "AFTER_REJECTION";
  if (booked.includes(side)) return "ALREADY_FINAL";
  return { type: "booked", instruction, side };
}

function matchStatus(report: StatusReport, progress: Progress): Verdict | ExceptionCode {
  const { instruction, sent, booked, rejected } = progress;
  if (!sent) return "NOT_SENT";
  const { status, reason } = report;
  if (status !== "RJCT") {
    if (!ACCEPTED.has(status)) return "UNKNOWN_STATUS";
    return rejected === undefined ? { type: "accepted", instruction } : "AFTER_REJECTION";
  }
  if (reason === undefined || !/^[A-Z0-9]{4}$/.test(reason)) return "MALFORMED";
  if (REPETITION.has(reason)) return "ALREADY_INSTRUCTED";
  if (instruction.flow === "payIn" && NOT_THE_MEMBERS.test(reason)) return "REFUSED_AS_SENT";
  if (booked.length > 0) return "REJECTED_AFTER_BOOKING";
  if (rejected !== undefined && rejected !== reason) return "DUPLICATE";
  return { type: "rejected", instruction, reason };
}
