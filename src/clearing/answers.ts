/** The identifiers by which an answer names what it answers; undefined where it leaves one out. */
export interface AnswerIds {
  uetr: string | undefined;
  messageId: string | undefined;
  instructionId: string | undefined;
  endToEndId: string | undefined;
}

/** One entry of an account, as a camt.054 tells of it. */
export interface LedgerEntry extends AnswerIds {
  type: "entry";
  account: string;
  currency: string;
  /** Hundredths. */
  amount: bigint;
  direction: "CRDT" | "DBIT";
  /** ISO 20022 external entry status: `BOOK` alone is money. */
  status: string;
  reversal: boolean;
  /** AcctSvcrRef: unique for the account. */
  servicerReference: string;
  /** Calendar day of the booking, `YYYY-MM-DD`. */
  bookingDate: string;
}

/** What a pacs.002 says of one instruction. */
export interface StatusReport extends AnswerIds {
  type: "status";
  /** ISO 20022 external payment transaction status, say `ACSC` or `RJCT`. */
  status: string;
  /** ISO 20022 external status reason, say `AM04`. */
  reason: string | undefined;
}

/** A pacs.004. */
export interface Return extends AnswerIds {
  type: "return";
}

/** What a message of the central ledger says about one instruction. A message can have several. */
export type Answer = LedgerEntry | StatusReport | Return;
