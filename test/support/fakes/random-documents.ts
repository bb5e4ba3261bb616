import type {
  Entry,
  InstitutionCreditTransfer,
  IsoDocument,
  Original,
  PaymentStatus,
  Reason,
} from "../../../src/iso20022/messages/documents.ts";
import type { Account, Agent, Currency, Money } from "../../../src/iso20022/parts.ts";
import { MAX_CENTS } from "../../../src/iso20022/rules.ts";
import { uetrOf } from "../../../src/iso20022/uetr.ts";
import type { SeededRandom } from "./seeded-random.ts";

const ID = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-?:().,'+";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const PROSE = "abc 123 <>&\"'=]]> /;#%元汇票é😀";
const STATUSES: PaymentStatus[] = ["RCVD", "PDNG", "ACTC", "ACCP", "ACWP", "ACSP", "ACSC", "ACCC", "RJCT", "CANC"];

/** Documents of every type with every optional field now and then, up to the longest values that are allowed. */
export class RandomDocuments {
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  document(): IsoDocument {
    const make = [
      () => this.institutionTransfer(),
      () => this.#customerTransfer(),
      () => this.#report(),
      () => this.#return(),
      () => this.#notification(),
      () => this.#statement(),
    ];
    return this.#pick(make)();
  }

  institutionTransfer(): InstitutionCreditTransfer {
    return {
      type: "InstitutionCreditTransfer",
      ...this.#transfer(),
      debtor: this.agent(),
      ...this.#maybe("debtorAccount", () => this.#account()),
      creditor: this.agent(),
      ...this.#maybe("creditorAccount", () => this.#account()),
    };
  }

  agent(): Agent {
    const lei = this.#lei();
    const bic = `${this.#text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 6)}${this.#text(UPPER, 2)}${this.#pick(["", "ABC", "0A1"])}`;
    return this.#pick<Agent>([{ lei }, { bic }, { lei, bic }]);
  }

  #customerTransfer(): IsoDocument {
    return {
      type: "CustomerCreditTransfer",
      ...this.#transfer(),
      charges: this.#pick(["DEBT", "CRED", "SHAR", "SLEV"]),
      debtor: { ...this.#maybe("name", () => this.#prose(140)), ...this.#maybe("lei", () => this.#lei()) },
      ...this.#maybe("debtorAccount", () => this.#account()),
      debtorAgent: this.agent(),
      creditorAgent: this.agent(),
      creditor: { ...this.#maybe("name", () => this.#prose(140)), ...this.#maybe("lei", () => this.#lei()) },
      ...this.#maybe("creditorAccount", () => this.#account()),
    };
  }

  #report(): IsoDocument {
    return {
      type: "PaymentStatusReport",
      ...this.#identified(),
      original: this.#original(),
      status: this.#pick(STATUSES),
      ...this.#maybe("reason", () => this.#reason()),
      ...this.#maybe("acceptedAt", () => this.#time()),
      ...this.#maybe("servicerReference", () => this.#id()),
    };
  }

  #return(): IsoDocument {
    return {
      type: "PaymentReturn",
      ...this.#identified(),
      ...this.#maybe("clearingSystem", () => this.#id()),
      returnId: this.#id(),
      original: this.#original(),
      ...this.#maybe("originalAmount", () => this.#money()),
      amount: this.#money(),
      ...this.#maybe("settlementDate", () => this.#date()),
      reason: this.#reason(),
    };
  }

  #notification(): IsoDocument {
    const account = this.#account();
    return {
      type: "DebitCreditNotification",
      ...this.#identified(),
      notificationId: this.#id(),
      account,
      entries: this.#entries(account.currency ?? "CNY"),
    };
  }

  #statement(): IsoDocument {
    const account = this.#account();
    const currency = account.currency ?? "USD";
    const entries = this.#entries(currency);
    const booked = entries.filter(({ status }) => status === "BOOK");
    const moved = booked.reduce((sum, each) => sum + (each.direction === "CRDT" ? 1n : -1n) * each.amount.cents, 0n);
    const opening = this.#cents() - this.#cents();
    return {
      type: "Statement",
      ...this.#identified(),
      statementId: this.#id(),
      account,
      ...this.#maybe("period", () => ({ from: this.#time(), to: this.#time() })),
      opening: { currency, cents: opening, date: this.#date() },
      closing: { currency, cents: opening + moved, date: this.#time() },
      entries,
    };
  }

  #transfer() {
    return {
      ...this.#identified(),
      ...this.#maybe("clearingSystem", () => this.#id()),
      ...this.#maybe("instructionId", () => this.#id()),
      endToEndId: this.#id(),
      ...this.#maybe("uetr", () => this.#uetr()),
      amount: this.#money(),
      ...this.#maybe("settlementDate", () => this.#date()),
      ...this.#maybe("priority", () => this.#pick(["URGT", "HIGH", "NORM"] as const)),
      ...this.#maybe("instructing", () => this.agent()),
      ...this.#maybe("instructed", () => this.agent()),
      remittance: this.#list(3, () => this.#prose(140)),
    };
  }

  #entries(currency: Currency): Entry[] {
    const references = new Set(this.#list(4, () => this.#id()));
    return [...references].map((servicerReference) => ({
      amount: { currency, cents: 1n + this.#cents() / 100n },
      direction: this.#pick(["CRDT", "DBIT"]),
      reversal: this.#chance(),
      status: this.#pick(["BOOK", "PDNG", "INFO", "FUTR"]),
      ...this.#maybe("bookedAt", () => (this.#chance() ? this.#time() : this.#date())),
      ...this.#maybe("valueDate", () => this.#date()),
      ...(this.#chance() ? { servicerReference } : {}),
      references: {
        ...this.#maybe("messageId", () => this.#id()),
        ...this.#maybe("instructionId", () => this.#id()),
        ...this.#maybe("endToEndId", () => this.#id()),
        ...this.#maybe("uetr", () => this.#uetr()),
      },
      remittance: this.#list(2, () => this.#prose(140)),
    }));
  }

  #original(): Original {
    return {
      messageId: this.#id(),
      definition: "pacs.009.001.08",
      ...this.#maybe("instructionId", () => this.#id()),
      ...this.#maybe("endToEndId", () => this.#id()),
      ...this.#maybe("uetr", () => this.#uetr()),
    };
  }

  #reason(): Reason {
    return { ...this.#maybe("code", () => this.#text(UPPER, 4)), text: this.#list(2, () => this.#prose(105)) };
  }

  #identified() {
    return { id: this.#id(), createdAt: this.#time() };
  }

  #account(): Account {
    return {
      id: this.#chance() ? this.#lei() : this.#text(ID, 34),
      ...this.#maybe("currency", () => this.#pick<Currency>(["CNY", "USD", "HKD"])),
    };
  }

  #money(): Money {
    return { currency: this.#pick(["CNY", "USD", "EUR"]), cents: 1n + this.#cents() };
  }

  /** Of any size, each number of digits as often as another. */
  #cents(): bigint {
    return BigInt(this.#random.hex(8)) % this.#pick([10n, 1_000n, 10n ** 9n, MAX_CENTS / 10n]);
  }

  #uetr(): string {
    return uetrOf(this.#random.hex(32));
  }

  #lei(): string {
    return `${this.#text(UPPER, 18)}${this.#text("0123456789", 2)}`;
  }

  #id(): string {
    return this.#text(ID, this.#random.between(1, 35));
  }

  #prose(most: number): string {
    const letters = [...PROSE];
    const length = this.#random.between(1, most);
    const text = Array.from({ length }, () => this.#pick(letters)).join("");
    return text.replace(/^ | $/g, "x");
  }

  #time(): string {
    const time = new Date(this.#random.between(0, 2 ** 31) * 1_000 + this.#random.below(1_000)).toISOString();
    return this.#chance() ? time : `${time.slice(0, 19)}${this.#pick(["Z", "+08:00", "-05:30"])}`;
  }

  #date(): string {
    return this.#time().slice(0, 10);
  }

  #text(letters: string, length: number): string {
    return Array.from({ length }, () => letters[this.#random.below(letters.length)]).join("");
  }

  #list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.#random.between(0, most) }, make);
  }

  #maybe<K extends string, T>(key: K, make: () => T): { [P in K]?: T } {
    return this.#chance() ? ({ [key]: make() } as { [P in K]: T }) : {};
  }

  #chance(): boolean {
    return this.#random.below(2) === 0;
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#random.below(items.length)] as T;
  }
}
