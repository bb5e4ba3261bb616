import type { Account, Agent, Money, Party } from "../parts.ts";

/** What every document says of itself. */
export interface Identified {
  /** At most 35 characters; the same as the business message's own id. */
  id: string;
  /** With an offset. */
  createdAt: string;
}

interface CreditTransfer extends Identified {
  instructionId?: string;
  endToEndId: string;
  uetr?: string;
  amount: Money;
  /** The day on which the ledger is to settle. */
  settlementDate?: string;
  priority?: "URGT" | "HIGH" | "NORM";
  /** The clearing system that settles, by the name its members have for it. */
  clearingSystem?: string;
  instructing?: Agent;
  instructed?: Agent;
  remittance: string[];
}

/** pacs.009: one institution pays another on the ledger that both have accounts with. */
export interface InstitutionCreditTransfer extends CreditTransfer {
  type: "InstitutionCreditTransfer";
  debtor: Agent;
  debtorAccount?: Account;
  creditor: Agent;
  creditorAccount?: Account;
}

/** pacs.008: a customer of one institution pays a customer of another. */
export interface CustomerCreditTransfer extends CreditTransfer {
  type: "CustomerCreditTransfer";
  charges: "DEBT" | "CRED" | "SHAR" | "SLEV";
  debtor: Party;
  debtorAccount?: Account;
  debtorAgent: Agent;
  creditorAgent: Agent;
  creditor: Party;
  creditorAccount?: Account;
}

/** The payment that a report or a return is about. */
export interface Original {
  messageId: string;
  /** Such as `pacs.009.001.08`. */
  definition: string;
  instructionId?: string;
  endToEndId?: string;
  uetr?: string;
}

export interface Reason {
  /** A code of the external code sets, such as AM04. */
  code?: string;
  text: string[];
}

export type PaymentStatus = "RCVD" | "PDNG" | "ACTC" | "ACCP" | "ACWP" | "ACSP" | "ACSC" | "ACCC" | "RJCT" | "CANC";

/** pacs.002: what became of a payment. Only ACSC and ACCC say that it is settled; only RJCT and CANC that it never will be. */
export interface PaymentStatusReport extends Identified {
  type: "PaymentStatusReport";
  original: Original;
  status: PaymentStatus;
  reason?: Reason;
  acceptedAt?: string;
  /** The ledger's own reference of the booking. */
  servicerReference?: string;
}

/** pacs.004: a settled payment is paid back. */
export interface PaymentReturn extends Identified {
  type: "PaymentReturn";
  returnId: string;
  original: Original;
  originalAmount?: Money;
  amount: Money;
  settlementDate?: string;
  clearingSystem?: string;
  reason: Reason;
}

/** One line in the books of an account. */
export interface Entry {
  amount: Money;
  direction: "CRDT" | "DBIT";
  /** True when the entry undoes an earlier one. */
  reversal: boolean;
  /** BOOK: in the books. PDNG: expected. INFO: said for information. Only BOOK moves money. */
  status: "BOOK" | "PDNG" | "INFO" | "FUTR";
  /** Day or time. */
  bookedAt?: string;
  valueDate?: string;
  /** The ledger's own reference, once in the account. */
  servicerReference?: string;
  /** The ids of the payment behind it. */
  references: { messageId?: string; instructionId?: string; endToEndId?: string; uetr?: string };
  remittance: string[];
}

/** camt.054: entries of one account, told as they happen. It carries no balance. */
export interface DebitCreditNotification extends Identified {
  type: "DebitCreditNotification";
  notificationId: string;
  account: Account;
  entries: Entry[];
}

/** camt.053: all booked entries of one account in a time, between two balances. A debit balance is negative. */
export interface Statement extends Identified {
  type: "Statement";
  statementId: string;
  account: Account;
  /** What time it is about. */
  period?: { from: string; to: string };
  opening: Balance;
  closing: Balance;
  entries: Entry[];
}

export interface Balance extends Money {
  date: string;
}

export type IsoDocument =
  | InstitutionCreditTransfer
  | CustomerCreditTransfer
  | PaymentStatusReport
  | PaymentReturn
  | DebitCreditNotification
  | Statement;
