import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { HuangpuError } from "../src/core/errors.ts";
import { parseMessage, type SchemaValidator } from "../src/iso20022/business-message.ts";
import { isoError } from "../src/iso20022/iso-error.ts";
import type { InstitutionCreditTransfer, Reason } from "../src/iso20022/messages/documents.ts";
import { currency as currencyRule, date as dateRule, lei as leiRule } from "../src/iso20022/rules.ts";
import { inTransaction, openDatabase } from "../src/storage/database.ts";
import { BOOKS_SCHEMA, Books, type Posting } from "./books.ts";
import type { AccountBook, AccountKey, Behaviours } from "./config.ts";
import { type Instructed, notification, paymentReturn, type Sending, statement, statusReport } from "./documents.ts";
import { INSTRUCTIONS_SCHEMA, Instructions } from "./instructions.ts";
import { because, refusalOf, strangerOf } from "./refusal.ts";

const MAX_FETCHED = 50;
const DAY = 86_400_000;
const LEI_LENGTH = 20;

/** A payment that has its reference. */
type Known = Instructed & { document: { uetr: string } };

export interface OperatorDependencies {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Read at each payment. */
  behaviours: () => Behaviours;
  /** Ends the process at once. */
  crash: () => void;
  schemas?: SchemaValidator;
}

/**
 * A ledger of central-bank money in one database file. What is answered is on the disk; a payment is booked once however
 * often it is sent; no account is ever negative.
 */
export class Operator {
  readonly #options: AccountBook;
  readonly #dependencies: OperatorDependencies;
  readonly #database: DatabaseSync;
  readonly #instructions: Instructions;
  readonly books: Books;

  /** @throws CONFIG_INVALID when the file has an account with another opening balance. */
  constructor(file: string, options: AccountBook, dependencies: OperatorDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    this.#database = openDatabase(file, BOOKS_SCHEMA + INSTRUCTIONS_SCHEMA);
    this.#instructions = new Instructions(this.#database);
    this.books = new Books(this.#database);
    inTransaction(this.#database, () => this.books.open(options.accounts));
  }

  close(): void {
    this.#database.close();
  }

  /**
   * Takes a pacs.009 and answers with a pacs.002.
   * @throws ISO_* when it cannot be read, so that there is nobody to answer.
   */
  submit(text: string): string {
    const message = this.#parse(text);
    const { crash } = this.#dependencies.behaviours();
    if (crash === "before-booking") this.#dependencies.crash();
    const answer = inTransaction(this.#database, () => this.#take(message, text));
    if (crash === "before-answer") this.#dependencies.crash();
    return answer;
  }

  /** Books and reverses what is due. @returns How many. */
  settleDue(): number {
    const due = this.#instructions.due(this.#dependencies.now());
    for (const instruction of due) {
      inTransaction(this.#database, () => {
        const message = this.#parse(instruction.message);
        if (instruction.state === "accepted") this.#settle(message);
        else this.#reverse(message, instruction.answer);
      });
    }
    return due.length;
  }

  /** Reverses a booking now. @throws LEDGER_REFUSED when there is none, or the creditor has spent it. */
  reverse(uetr: string): void {
    const instruction = this.#instructions.find(uetr);
    const reversed =
      instruction?.state === "settled" &&
      inTransaction(this.#database, () => this.#reverse(this.#parse(instruction.message), instruction.answer));
    if (!reversed) throw new HuangpuError("LEDGER_REFUSED", `${uetr} cannot be reversed`, { fields: { uetr } });
  }

  /** What was told after a cursor. @param after Digits; empty for the beginning. @throws LEDGER_REFUSED */
  since(after: string): { cursor: string; messages: string[] } {
    if (!/^\d{0,15}$/.test(after)) throw new HuangpuError("LEDGER_REFUSED", "A cursor is a number of the ledger's own");
    const { cursor, messages } = this.#instructions.since(Number(after), MAX_FETCHED);
    return { cursor: String(cursor), messages };
  }

  /** The camt.053 of one day. @param account `<LEI>-CNY`. @param date In UTC. @throws LEDGER_REFUSED */
  statement(account: string, date: string): string {
    const [owner, code] = [account.slice(0, LEI_LENGTH), account.slice(LEI_LENGTH + 1)];
    const known = currencyRule.safeParse(code);
    const isAccount = account[LEI_LENGTH] === "-" && leiRule.safeParse(owner).success && known.success;
    if (!isAccount || !dateRule.safeParse(date).success || !this.books.has({ lei: owner, currency: code })) {
      throw new HuangpuError("LEDGER_REFUSED", "There is no such account or day", { fields: { account, date } });
    }
    const start = Date.parse(`${date}T00:00:00Z`);
    const key = { lei: owner, currency: known.data };
    const sending = { ...this.#sending(), id: `ST-${this.#dependencies.now()}-${owner.slice(-4)}-${code}` };
    return statement(sending, key, date, this.books.between(key, start, start + DAY), (uetr) => this.#payment(uetr));
  }

  #parse(text: string): Known {
    const { document, ...parties } = parseMessage(text, this.#dependencies.schemas);
    if (document.type !== "InstitutionCreditTransfer") {
      throw isoError(
        "ISO_UNSUPPORTED",
        "/Document",
        `a ${document.type} is not for the ledger`,
        "send a pacs.009.001.08",
      );
    }
    const { uetr } = document;
    if (uetr === undefined) {
      const path = "/Document/FICdtTrf/CdtTrfTxInf/PmtId/UETR";
      throw isoError("ISO_SCHEMA", path, "the element is missing", "send it: a payment is known by it");
    }
    return { ...parties, document: { ...document, uetr } };
  }

  #take(message: Known, text: string): string {
    const { uetr, id, instructionId } = message.document;
    const strange = strangerOf(message, this.#options);
    // What a stranger sends is not written down: it must not use up the UETR of a payment to come.
    if (strange !== undefined) return statusReport(this.#sending(), message, { status: "RJCT", reason: strange });
    const content = contentOf(message);
    const known = this.#instructions.find(uetr);
    if (known?.content === content) return known.answer;
    if (known !== undefined) {
      const reason = because("DU03", "The UETR stands for another payment");
      return statusReport(this.#sending(), message, { status: "RJCT", reason });
    }
    const behaviours = this.#dependencies.behaviours();
    const refusal = refusalOf(message.document, behaviours, this.books, this.#instructions);
    const taken = { uetr, messageId: id, instructionId, content, message: text, state: "accepted" } as const;
    if (refusal === undefined && behaviours.delayMs > 0) {
      const answer = statusReport(this.#sending(), message, { status: "ACSP" });
      this.#instructions.add({ ...taken, answer, due: this.#dependencies.now() + behaviours.delayMs });
      this.#instructions.tell(answer);
      return answer;
    }
    this.#instructions.add({ ...taken, answer: "" });
    return refusal === undefined ? this.#settle(message) : this.#refuse(message, refusal);
  }

  #refuse(message: Known, reason: Reason): string {
    const answer = statusReport(this.#sending(), message, { status: "RJCT", reason });
    this.#instructions.change(message.document.uetr, { state: "rejected", answer });
    this.#instructions.tell(answer);
    return answer;
  }

  #settle(message: Known): string {
    const { uetr, amount } = message.document;
    const { debtor } = partiesOf(message);
    if (this.books.balance(debtor) < amount.cents) {
      return this.#refuse(message, because("AM04", "The debtor's account has not enough"));
    }
    const { reverseAfterMs } = this.#dependencies.behaviours();
    const due = reverseAfterMs === undefined ? undefined : this.#dependencies.now() + reverseAfterMs;
    const { debit, credit } = this.#post(message, false);
    const answer = statusReport(this.#sending(), message, { status: "ACSC", reference: debit.reference });
    this.#instructions.change(uetr, { state: "settled", answer, due });
    this.#instructions.tell(answer);
    this.#notify(message, [debit, credit]);
    return answer;
  }

  /** @returns Whether the creditor still had it. What cannot be taken back is not tried again. */
  #reverse(message: Known, answer: string): boolean {
    const { uetr, amount } = message.document;
    const possible = this.books.balance(partiesOf(message).creditor) >= amount.cents;
    this.#instructions.change(uetr, { state: possible ? "reversed" : "settled", answer });
    if (!possible) return false;
    const { debit, credit } = this.#post(message, true);
    this.#notify(message, [debit, credit]);
    this.#instructions.tell(paymentReturn(this.#sending(), message));
    return true;
  }

  #post(message: Known, reversal: boolean): { debit: Posting; credit: Posting } {
    const { uetr, amount } = message.document;
    const { debtor, creditor } = partiesOf(message);
    const parties = reversal ? { debtor: creditor, creditor: debtor } : { debtor, creditor };
    return this.books.post({ uetr, ...parties, cents: amount.cents, reversal, bookedAt: this.#dependencies.now() });
  }

  #notify(message: Known, postings: readonly Posting[]): void {
    const { copies } = this.#dependencies.behaviours();
    for (const posting of postings) {
      const told = notification(this.#sending(), message, posting.account.slice(0, LEI_LENGTH), posting);
      for (let copy = 0; copy < copies; copy++) this.#instructions.tell(told);
    }
  }

  #payment(uetr: string): InstitutionCreditTransfer {
    const instruction = this.#instructions.find(uetr);
    if (instruction === undefined) throw new Error(`The database has a posting without its payment: ${uetr}`);
    return this.#parse(instruction.message).document;
  }

  #sending(): Sending {
    const { now, schemas } = this.#dependencies;
    const id = `CL${String(this.#instructions.nextCursor()).padStart(12, "0")}`;
    return { id, at: now(), ledger: this.#options.ledger, ...(schemas === undefined ? {} : { schemas }) };
  }
}

/** What must be the same when a payment is sent again; its message id and the time of the message may differ. */
function contentOf({ from, to, document }: Known): string {
  const { id: _, createdAt: __, ...payment } = document;
  const text = JSON.stringify([from, to, payment], (_key, value) => (typeof value === "bigint" ? `${value}` : value));
  return createHash("sha256").update(text).digest("hex");
}

function partiesOf({ document }: Known): { debtor: AccountKey; creditor: AccountKey } {
  const { amount, debtorAccount, creditorAccount } = document;
  const of = (lei = "") => ({ lei, currency: amount.currency });
  return { debtor: of(debtorAccount?.id), creditor: of(creditorAccount?.id) };
}
