/**
 * The ledger of central-bank money, seen from here: it is told and tells in ISO 20022 business messages (XML), and nothing
 * else passes between the two.
 */
export interface CentralLedger {
  /**
   * Hands over a pacs.009. The same message may be handed over again when no answer came: it is booked once.
   * @returns The pacs.002 that answers it at once; empty when the ledger will answer later, by {@link fetch}.
   * @throws LEDGER_UNAVAILABLE when it is not known whether the message arrived, LEDGER_REFUSED when it was not taken.
   */
  submit(message: string): Promise<string>;

  /**
   * What the ledger has said since, oldest first: camt.054, pacs.002, pacs.004. Each may come more than once.
   * @param after The cursor of an earlier answer; empty for the beginning.
   * @throws LEDGER_UNAVAILABLE, LEDGER_REFUSED
   */
  fetch(after: string): Promise<{ cursor: string; messages: string[] }>;

  /**
   * The camt.053 of one account and one day.
   * @param account Its id, and its currency after a dash: `<LEI>-CNY`.
   * @param date `2026-11-22`, in UTC.
   * @throws LEDGER_UNAVAILABLE, LEDGER_REFUSED
   */
  statement(account: string, date: string): Promise<string>;
}
