import { type BusinessMessage, buildMessage } from "../../../src/iso20022/business-message.ts";
import type {
  DebitCreditNotification,
  Entry,
  InstitutionCreditTransfer,
  Statement,
} from "../../../src/iso20022/messages/documents.ts";

export const OPERATOR = "529900HUANGPUOPER042";
export const BANK_A = "529900HUANGPUBKAA063";
export const BANK_B = "529900HUANGPUBKBB020";
export const LEDGER = "529900HUANGPULEDG011";

/** Bank A pays bank B 12,500.50 yuan. */
export const transfer: InstitutionCreditTransfer = {
  type: "InstitutionCreditTransfer",
  id: `HP1-${BANK_A}-CNY`,
  createdAt: "2026-11-22T09:30:00Z",
  clearingSystem: "ECNY",
  instructionId: `HP1-${BANK_A}-CNY`,
  endToEndId: "HP1-CNY",
  uetr: "8a562c67-ca16-48ba-b074-65581be6f001",
  amount: { currency: "CNY", cents: 1_250_050n },
  settlementDate: "2026-11-22",
  priority: "HIGH",
  instructing: { lei: OPERATOR },
  instructed: { lei: LEDGER },
  debtor: { lei: BANK_A },
  debtorAccount: { id: BANK_A, currency: "CNY" },
  creditor: { lei: BANK_B },
  creditorAccount: { id: BANK_B, currency: "CNY" },
  remittance: ["/CYCLE/1/ROOT/9f2c1b7e"],
};

export const entry: Entry = {
  amount: transfer.amount,
  direction: "CRDT",
  reversal: false,
  status: "BOOK",
  bookedAt: "2026-11-22T09:30:01.250Z",
  valueDate: "2026-11-22",
  servicerReference: "BC-8a562c67ca1648bab07465581be6f001",
  references: {
    messageId: transfer.id,
    instructionId: `HP1-${BANK_A}-CNY`,
    endToEndId: "HP1-CNY",
    uetr: "8a562c67-ca16-48ba-b074-65581be6f001",
  },
  remittance: ["/CYCLE/1/ROOT/9f2c1b7e"],
};

export const notification: DebitCreditNotification = {
  type: "DebitCreditNotification",
  id: "CL000000000003",
  createdAt: "2026-11-22T09:30:01.251Z",
  notificationId: "BC-8a562c67ca1648bab07465581be6f001",
  account: { id: BANK_B, currency: "CNY" },
  entries: [entry],
};

export const statement: Statement = {
  type: "Statement",
  id: "ST-20261122-CNY",
  createdAt: "2026-11-23T00:00:01Z",
  statementId: `${BANK_B}-CNY-20261122`,
  account: { id: BANK_B, currency: "CNY" },
  period: { from: "2026-11-22T00:00:00Z", to: "2026-11-22T23:59:59.999Z" },
  opening: { currency: "CNY", cents: -50n, date: "2026-11-22" },
  closing: { currency: "CNY", cents: 1_250_000n, date: "2026-11-22" },
  entries: [entry],
};

/** From the operator to the ledger, with some fields of the payment changed. */
export function paymentMessage(changes: Partial<InstitutionCreditTransfer> = {}): BusinessMessage {
  return { from: { lei: OPERATOR }, to: { lei: LEDGER }, document: { ...transfer, ...changes } };
}

export function paymentXml(changes: Partial<InstitutionCreditTransfer> = {}): string {
  return buildMessage(paymentMessage(changes));
}
