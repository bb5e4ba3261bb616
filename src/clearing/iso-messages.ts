import { HuangpuError } from "../core/errors.ts";
import { buildMessage, parseMessage } from "../iso20022/business-message.ts";
import type {
  DebitCreditNotification,
  InstitutionCreditTransfer,
  Original,
  PaymentStatusReport,
} from "../iso20022/messages/documents.ts";
import type { Currency } from "../iso20022/parts.ts";
import type { Answer, AnswerIds, LedgerEntry } from "./answers.ts";
import type { Instruction } from "./instruction.ts";

/** Between whom messages go: both by their LEI. */
export interface Correspondents {
  /** Who instructs. */
  agent: string;
  /** Who keeps the central ledger. */
  ledger: string;
}

/** The clearing system's name in messages. */
const CLEARING_SYSTEM = "ECNY";
export const PACS_009 = "pacs.009.001.08";

/**
 * The pacs.009 of an instruction. The same instruction always gives the same text, so that it can be sent again.
 * @param closedAt Unix seconds at which its cycle was closed: all times in the message are that.
 */
export function writeInstruction(
  instruction: Instruction,
  { agent, ledger }: Correspondents,
  closedAt: number,
): string {
  const { debtor, creditor, messageId, instructionId, endToEndId, uetr, amount, cycle } = instruction;
  const currency = instruction.currency as Currency;
  const createdAt = new Date(closedAt * 1_000).toISOString();
  const document: InstitutionCreditTransfer = {
    type: "InstitutionCreditTransfer",
    id: messageId,
    createdAt,
    clearingSystem: CLEARING_SYSTEM,
    instructionId,
    endToEndId,
    uetr,
    amount: { currency, cents: amount },
    settlementDate: createdAt.slice(0, 10),
    instructing: { lei: agent },
    instructed: { lei: ledger },
    debtor: { lei: debtor.lei },
    debtorAccount: { id: debtor.account, currency },
    creditor: { lei: creditor.lei },
    creditorAccount: { id: creditor.account, currency },
    remittance: [`/CYCLE/${cycle}`],
  };
  return buildMessage({ from: { lei: agent }, to: { lei: ledger }, document });
}

/** What cannot be an answer, though it is a message: a kind that answers nothing, or somebody else's. */
export type NoAnswer = "UNEXPECTED_MESSAGE" | "WRONG_SENDER";

/**
 * What a message of the central ledger says.
 * @throws HuangpuError ISO_… when it is no message of the standard as it is spoken here.
 */
export function readAnswers(text: string, { agent, ledger }: Correspondents): Answer[] | NoAnswer {
  const { from, to, document } = parseMessage(text);
  // Whoever holds an account is told of its entries, and the agent of all accounts that it instructs for.
  const owner = document.type === "DebitCreditNotification" ? document.account.id : agent;
  if (from.lei !== ledger || (to.lei !== agent && to.lei !== owner)) return "WRONG_SENDER";
  switch (document.type) {
    case "DebitCreditNotification":
      return entriesOf(document);
    case "PaymentStatusReport":
      return [statusOf(document)];
    case "PaymentReturn":
      return [{ type: "return", ...idsOf(document.original) }];
    case "InstitutionCreditTransfer":
    case "CustomerCreditTransfer":
    case "Statement":
      return "UNEXPECTED_MESSAGE";
    default:
      return document satisfies never;
  }
}

function entriesOf({ account, createdAt, entries }: DebitCreditNotification): LedgerEntry[] {
  return entries.map(({ amount, direction, status, reversal, servicerReference, bookedAt, references }) => {
    const { uetr, messageId, instructionId, endToEndId } = references;
    if (servicerReference === undefined) {
      throw new HuangpuError("ISO_VALUE", "An entry without AcctSvcrRef could be booked twice unnoticed");
    }
    return {
      type: "entry",
      uetr,
      messageId,
      instructionId,
      endToEndId,
      account: account.id,
      currency: amount.currency,
      amount: amount.cents,
      direction,
      status,
      reversal,
      servicerReference,
      bookingDate: dayOf(bookedAt ?? createdAt),
    };
  });
}

function statusOf({ original, status, reason }: PaymentStatusReport): Answer {
  return { type: "status", ...idsOf(original), status, reason: reason?.code };
}

/** Ids count only where they are said to be of the message that instructions are sent as. */
function idsOf({ definition, messageId, instructionId, endToEndId, uetr }: Original): AnswerIds {
  return { uetr, messageId: definition === PACS_009 ? messageId : undefined, instructionId, endToEndId };
}

/** The calendar day in UTC, as statements have it. */
function dayOf(dateOrTime: string): string {
  return dateOrTime.length === 10 ? dateOrTime : new Date(dateOrTime).toISOString().slice(0, 10);
}
