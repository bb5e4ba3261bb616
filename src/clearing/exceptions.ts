/**
 * Every reason for which a message of the central ledger moves nothing, in one place. `alarm`: money may be elsewhere than the
 * chain says, or nothing will go on by itself; somebody is called. All others are on the list for whoever reads it next.
 */
const table = {
  MALFORMED: { alarm: false, meaning: "no message of the agreed kinds and versions, or one that breaks its schema" },
  OVERSIZED: { alarm: false, meaning: "longer than any message of the agreed kinds; not kept" },
  UNEXPECTED_MESSAGE: { alarm: false, meaning: "well formed, but of a kind that answers nothing" },
  WRONG_SENDER: { alarm: true, meaning: "not from the central ledger, or to somebody else" },
  UNKNOWN_UETR: { alarm: false, meaning: "about a transaction that was never instructed from here" },
  WRONG_CYCLE: { alarm: false, meaning: "the UETR of one cycle with the ids of another" },
  ID_MISMATCH: {
    alarm: false,
    meaning: "a known UETR with other message, instruction or end-to-end ids, or without them",
  },
  NOT_SENT: { alarm: true, meaning: "answers an instruction that has not been sent yet" },
  AMOUNT_MISMATCH: { alarm: true, meaning: "another amount than instructed" },
  CURRENCY_MISMATCH: { alarm: true, meaning: "another currency than instructed" },
  ACCOUNT_MISMATCH: { alarm: true, meaning: "at an account that the instruction does not name" },
  DIRECTION_MISMATCH: { alarm: true, meaning: "a credit where a debit was instructed, or the reverse" },
  NOT_BOOKED: { alarm: false, meaning: "an entry that is announced or pending, and not booked" },
  REVERSED: { alarm: true, meaning: "takes back an entry: nothing is unwound here, somebody decides" },
  RETURNED: { alarm: true, meaning: "a return of a transfer: nothing is unwound here, somebody decides" },
  DUPLICATE: { alarm: false, meaning: "an entry of an account that is booked here already, or a message seen before" },
  ALREADY_FINAL: { alarm: true, meaning: "a second booking of one instruction under another servicer's reference" },
  AFTER_REJECTION: { alarm: true, meaning: "a booking, or an acceptance, of what was rejected before" },
  REJECTED_AFTER_BOOKING: { alarm: true, meaning: "a rejection of what was booked before" },
  ALREADY_INSTRUCTED: {
    alarm: false,
    meaning: "the central ledger takes an instruction for a repetition; its booking is awaited",
  },
  REFUSED_AS_SENT: {
    alarm: true,
    meaning:
      "a pay-in is rejected for what was sent or who sent it: no default of the member, whose position stays instructed",
  },
  UNKNOWN_STATUS: { alarm: false, meaning: "a status that is neither acceptance nor rejection" },
  NOT_TAKEN: { alarm: true, meaning: "the central ledger does not even take the message; it is offered again" },
  STATEMENT_MISMATCH: { alarm: true, meaning: "a day's statement is not what was booked here, or cannot be read" },
  POOL_MISMATCH: { alarm: true, meaning: "the settlement account has not moved as much as the chain says" },
  NO_ANSWER: { alarm: true, meaning: "an instruction without booking or rejection for longer than `answerTimeoutMs`" },
} as const satisfies Record<string, { alarm: boolean; meaning: string }>;

export type ExceptionCode = keyof typeof table;

export const EXCEPTION_CODES = Object.keys(table) as ExceptionCode[];

/** Whether somebody is called for it at once. */
export function isAlarm(code: ExceptionCode): boolean {
  return table[code].alarm;
}

export function meaningOf(code: ExceptionCode): string {
  return table[code].meaning;
}
