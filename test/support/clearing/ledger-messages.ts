import type { LedgerEntry, StatusReport } from "../../../src/clearing/answers.ts";
import { completeLei } from "../../../src/core/codes/lei.ts";
import { buildMessage } from "../../../src/iso20022/business-message.ts";
import type { Entry } from "../../../src/iso20022/messages/documents.ts";
import type { Currency } from "../../../src/iso20022/parts.ts";
import { SETTLEMENT } from "./instructions.ts";

/** Who keeps the central ledger of unit tests. */
export const KEEPER = completeLei("8945HPUCENTRALBANK");
export const CORRESPONDENTS = { agent: SETTLEMENT.lei, ledger: KEEPER };

const CREATED_AT = "2026-11-22T09:30:00Z";

/** The camt.054 that tells of one entry. */
export function camt054(entry: LedgerEntry, id = "NTF-1", from = KEEPER): string {
  const { account, currency, amount, direction, status, reversal, servicerReference, bookingDate } = entry;
  const told: Entry = {
    amount: { currency: currency as Currency, cents: amount },
    direction,
    status: status as Entry["status"],
    reversal,
    servicerReference,
    bookedAt: `${bookingDate}T09:30:00Z`,
    references: referencesOf(entry),
    remittance: [],
  };
  return buildMessage({
    from: { lei: from },
    to: { lei: account },
    document: {
      type: "DebitCreditNotification",
      id,
      createdAt: CREATED_AT,
      notificationId: id,
      account: { id: account, currency: currency as Currency },
      entries: [told],
    },
  });
}

/** The pacs.002 of a status. */
export function pacs002(report: StatusReport, id = "STS-1"): string {
  const { status, reason, messageId = "NONE" } = report;
  const { messageId: _, ...ids } = referencesOf(report);
  return buildMessage({
    from: { lei: KEEPER },
    to: { lei: SETTLEMENT.lei },
    document: {
      type: "PaymentStatusReport",
      id,
      createdAt: CREATED_AT,
      original: { messageId, definition: "pacs.009.001.08", ...ids },
      status: status as "RJCT",
      ...(reason === undefined ? {} : { reason: { code: reason, text: [] } }),
    },
  });
}

function referencesOf({ uetr, messageId, instructionId, endToEndId }: LedgerEntry | StatusReport) {
  return {
    ...(messageId === undefined ? {} : { messageId }),
    ...(instructionId === undefined ? {} : { instructionId }),
    ...(endToEndId === undefined ? {} : { endToEndId }),
    ...(uetr === undefined ? {} : { uetr }),
  };
}
