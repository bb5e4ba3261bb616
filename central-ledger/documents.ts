import { type BusinessMessage, buildMessage, type SchemaValidator } from "../src/iso20022/business-message.ts";
import type {
  DebitCreditNotification,
  Entry,
  InstitutionCreditTransfer,
  IsoDocument,
  Original,
  PaymentReturn,
  PaymentStatusReport,
  Reason,
  Statement,
} from "../src/iso20022/messages/documents.ts";
import type { Currency } from "../src/iso20022/parts.ts";
import type { Posting } from "./books.ts";
import type { AccountKey } from "./config.ts";

export type Instructed = BusinessMessage<InstitutionCreditTransfer>;

/** Whether a payment was taken, and what for not. */
export type Outcome = { status: "ACSP" | "ACSC"; reference?: string } | { status: "RJCT"; reason: Reason };

export interface Sending {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  ledger: string;
  schemas?: SchemaValidator;
}

/** The answer to a payment. */
export function statusReport(sending: Sending, { from, document }: Instructed, outcome: Outcome): string {
  const accepted = outcome.status !== "RJCT";
  const report: PaymentStatusReport = {
    type: "PaymentStatusReport",
    ...identity(sending),
    original: originalOf(document),
    status: outcome.status,
    ...(accepted ? { acceptedAt: time(sending.at) } : { reason: outcome.reason }),
    ...(accepted && outcome.reference !== undefined ? { servicerReference: outcome.reference } : {}),
  };
  return send(sending, from, report);
}

/** One posting, told to whom the account belongs. */
export function notification(sending: Sending, { document }: Instructed, owner: string, posting: Posting): string {
  const { currency } = document.amount;
  const told: DebitCreditNotification = {
    type: "DebitCreditNotification",
    ...identity(sending),
    notificationId: posting.reference,
    account: { id: owner, currency },
    entries: [entryOf(posting, document)],
  };
  return send(sending, { lei: owner }, told);
}

/** A booking that was taken back, told to who instructed it. */
export function paymentReturn(sending: Sending, { from, document }: Instructed): string {
  const { amount, clearingSystem } = document;
  const told: PaymentReturn = {
    type: "PaymentReturn",
    ...identity(sending),
    ...(clearingSystem === undefined ? {} : { clearingSystem }),
    returnId: sending.id,
    original: originalOf(document),
    originalAmount: amount,
    amount,
    settlementDate: day(sending.at),
    reason: { code: "FOCR", text: ["Reversed by the operator"] },
  };
  return send(sending, from, told);
}

/** What an account's day was. @param origin The payment behind a posting. */
export function statement(
  sending: Sending,
  account: AccountKey & { currency: Currency },
  date: string,
  { opening, postings }: { opening: bigint; postings: readonly Posting[] },
  origin: (uetr: string) => InstitutionCreditTransfer,
): string {
  const { currency } = account;
  const closing = postings.reduce((sum, { cents }) => sum + cents, opening);
  const told: Statement = {
    type: "Statement",
    ...identity(sending),
    statementId: `${account.lei}-${currency}-${date.replaceAll("-", "")}`,
    account: { id: account.lei, currency },
    period: { from: `${date}T00:00:00Z`, to: `${date}T23:59:59.999Z` },
    opening: { currency, cents: opening, date },
    closing: { currency, cents: closing, date },
    entries: postings.map((posting) => entryOf(posting, origin(posting.uetr))),
  };
  return send(sending, { lei: account.lei }, told);
}

/** Such as `2026-11-22`, in UTC. */
export function day(at: number): string {
  return time(at).slice(0, 10);
}

function time(at: number): string {
  return new Date(at).toISOString();
}

function identity({ id, at }: Sending) {
  return { id, createdAt: time(at) };
}

function send({ ledger, schemas }: Sending, to: Instructed["from"], document: IsoDocument): string {
  return buildMessage({ from: { lei: ledger }, to, document }, schemas);
}

function originalOf({ id, instructionId, endToEndId, uetr }: InstitutionCreditTransfer): Original {
  return {
    messageId: id,
    definition: "pacs.009.001.08",
    endToEndId,
    ...(instructionId === undefined ? {} : { instructionId }),
    ...(uetr === undefined ? {} : { uetr }),
  };
}

function entryOf(posting: Posting, payment: InstitutionCreditTransfer): Entry {
  const { messageId, definition: _, ...references } = originalOf(payment);
  return {
    amount: { currency: payment.amount.currency, cents: posting.cents < 0n ? -posting.cents : posting.cents },
    direction: posting.cents < 0n ? "DBIT" : "CRDT",
    reversal: posting.reversal,
    status: "BOOK",
    bookedAt: time(posting.bookedAt),
    valueDate: day(posting.bookedAt),
    servicerReference: posting.reference,
    references: { messageId, ...references },
    remittance: payment.remittance,
  };
}
