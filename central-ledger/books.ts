import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { HuangpuError } from "../src/core/errors.ts";
import { type AccountBook, type AccountKey, accountKey } from "./config.ts";

export const BOOKS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS account (
    id TEXT PRIMARY KEY,
    currency TEXT NOT NULL,
    opening INTEGER NOT NULL CHECK (opening >= 0),
    balance INTEGER NOT NULL CHECK (balance >= 0)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS posting (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    uetr TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id),
    cents INTEGER NOT NULL CHECK (cents != 0),
    reversal INTEGER NOT NULL CHECK (reversal IN (0, 1)),
    booked_at INTEGER NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    UNIQUE (uetr, account, reversal)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS posting_of_account ON posting (account, booked_at);
`;

/** One side of a booking. */
export interface Posting {
  uetr: string;
  account: string;
  /** Positive for a credit. */
  cents: bigint;
  reversal: boolean;
  /** Milliseconds since 1970. */
  bookedAt: number;
  /** Once in the ledger. */
  reference: string;
}

/** What to move. */
export interface Booking {
  uetr: string;
  debtor: AccountKey;
  creditor: AccountKey;
  cents: bigint;
  reversal: boolean;
  bookedAt: number;
}

/**
 * Accounts that are never negative. Every booking takes from one account what it gives to another of the same currency, so
 * the sum of a currency's balances stays what it was opened with.
 */
export class Books {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Opens accounts that are not there yet.
   * @throws CONFIG_INVALID when one is there with another opening balance.
   */
  open(accounts: AccountBook["accounts"]): void {
    const insert = this.#database.prepare(
      "INSERT INTO account (id, currency, opening, balance) VALUES (?1, ?2, ?3, ?3) ON CONFLICT DO NOTHING",
    );
    for (const account of accounts) {
      const id = accountKey(account);
      insert.run(id, account.currency, account.opening);
      if (this.#account(id)?.["opening"] === account.opening) continue;
      throw new HuangpuError("CONFIG_INVALID", `Account ${id} was opened with another balance`, { fields: { id } });
    }
  }

  has(account: AccountKey): boolean {
    return this.#account(accountKey(account)) !== undefined;
  }

  hasCurrency(currency: string): boolean {
    return this.#database.prepare("SELECT 1 FROM account WHERE currency = ? LIMIT 1").get(currency) !== undefined;
  }

  /** Cents on an account; 0 when it is not there. */
  balance(account: AccountKey): bigint {
    return integer(this.#account(accountKey(account))?.["balance"] ?? 0n);
  }

  /** The sum of all balances of a currency. */
  total(currency: string): bigint {
    const query = this.#prepare("SELECT coalesce(sum(balance), 0) AS total FROM account WHERE currency = ?");
    return integer(query.get(currency)?.["total"] ?? 0n);
  }

  /** Writes both sides of a booking. To be called inside a transaction, with enough on the debtor's account. */
  post(booking: Booking): { debit: Posting; credit: Posting } {
    return {
      debit: this.#post(booking, accountKey(booking.debtor), -booking.cents),
      credit: this.#post(booking, accountKey(booking.creditor), booking.cents),
    };
  }

  /** The postings of an account with `from <= bookedAt < to`, and the balance before them. */
  between(account: AccountKey, from: number, to: number): { opening: bigint; postings: Posting[] } {
    const id = accountKey(account);
    const row = this.#prepare(
      `SELECT opening + coalesce((SELECT sum(cents) FROM posting WHERE account = ?1 AND booked_at < ?2), 0) AS opening
       FROM account WHERE id = ?1`,
    ).get(id, from);
    const rows = this.#prepare(
      "SELECT * FROM posting WHERE account = ? AND booked_at >= ? AND booked_at < ? ORDER BY sequence",
    ).all(id, from, to);
    return { opening: integer(row?.["opening"] ?? 0n), postings: rows.map(toPosting) };
  }

  #post({ uetr, reversal, bookedAt }: Booking, account: string, cents: bigint): Posting {
    this.#prepare("UPDATE account SET balance = balance + ? WHERE id = ?").run(cents, account);
    const reference = `${reversal ? "R" : "B"}${cents < 0n ? "D" : "C"}-${uetr.replaceAll("-", "")}`;
    this.#prepare(
      "INSERT INTO posting (uetr, account, cents, reversal, booked_at, reference) VALUES (?, ?, ?, ?, ?, ?)",
    ).run(uetr, account, cents, reversal ? 1 : 0, bookedAt, reference);
    return { uetr, account, cents, reversal, bookedAt, reference };
  }

  #account(id: string) {
    return this.#prepare("SELECT opening, balance FROM account WHERE id = ?").get(id);
  }

  #prepare(sql: string) {
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    return statement;
  }
}

function integer(value: SQLOutputValue): bigint {
  if (typeof value !== "bigint") throw new TypeError("The database holds no integer where one belongs");
  return value;
}

function toPosting(row: Record<string, SQLOutputValue>): Posting {
  return {
    uetr: String(row["uetr"]),
    account: String(row["account"]),
    cents: integer(row["cents"] ?? null),
    reversal: row["reversal"] === 1n,
    bookedAt: Number(row["booked_at"]),
    reference: String(row["reference"]),
  };
}
