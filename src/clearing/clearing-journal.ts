import type { DatabaseSync } from "node:sqlite";
import type { Hex } from "../core/hex.ts";
import { TransactionJournal } from "../relayer/transaction-journal.ts";
import { inTransaction, openDatabase } from "../storage/database.ts";
import type { LedgerEntry } from "./answers.ts";
import { CLEARING_KEPT, CLEARING_SCHEMA, CLEARING_VERSION } from "./clearing-schema.ts";
import type { ExceptionCode } from "./exceptions.ts";
import { type Instruction, isInternal } from "./instruction.ts";
import type { Expectations, Progress, Side } from "./matching.ts";

/** Where a position is, as the chain says. */
export type PositionState = "Netted" | "Instructed" | "Cleared" | "Rejected";

/** An instruction and what became of it. */
export interface JournalledInstruction extends Progress {
  state: PositionState;
  /** Unix seconds at which its cycle was closed. */
  closedAt: number;
  /** Unix milliseconds at which the central ledger first took it. */
  handedAt: number | undefined;
  /** keccak256 of the message that completed its booking. */
  booking: Hex | undefined;
}

/** An entry in the node's copy of the central ledger. */
export interface BookedEntry {
  account: string;
  servicerReference: string;
  currency: string;
  amount: bigint;
  direction: "CRDT" | "DBIT";
  bookingDate: string;
  uetr: string;
}

export interface ExceptionRecord {
  code: ExceptionCode;
  /** The instruction that it is about, where it is about one. */
  uetr: string | undefined;
  /** What the message says, or why it cannot be read. */
  detail: Record<string, unknown>;
  /** keccak256 of the message; of nothing, where no message is the cause. */
  message: Hex | undefined;
  /** How often. */
  count: number;
}

/** What a message turned out to change. */
export type Outcome =
  | { type: "booked"; uetr: string; side: Side; entry: LedgerEntry }
  | { type: "rejected"; uetr: string; reason: string }
  | { type: "exception"; code: ExceptionCode; uetr: string | undefined; detail: Record<string, unknown> };

/**
 * What the clearing agent must remember to go on where it was. Without it, instructions are found again on the chain and their
 * answers at the central ledger, which tells all of them from the beginning. What the entries of a message change is written with
 * the cursor behind it, or not at all.
 */
export class ClearingJournal implements Expectations {
  readonly transactions: TransactionJournal;
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = openDatabase(file, CLEARING_SCHEMA, CLEARING_VERSION, CLEARING_KEPT);
    this.transactions = new TransactionJournal(this.#database);
  }

  /** Writes down a closed cycle's instructions, all or none; those known already stay as they are. */
  learn(cycle: number, closedAt: number, instructions: readonly Instruction[]): void {
    const insert = this.#database.prepare(
      "INSERT OR IGNORE INTO instruction (uetr, cycle, closed_at, state, body) VALUES (?, ?, ?, 'Netted', ?)",
    );
    inTransaction(this.#database, () => {
      this.#database.prepare("INSERT OR IGNORE INTO cycle (number) VALUES (?)").run(cycle);
      for (const instruction of instructions) {
        insert.run(instruction.uetr, cycle, closedAt, JSON.stringify(instruction, digits));
      }
    });
  }

  /** Whether the instructions of a cycle are written down. */
  knows(cycle: number): boolean {
    return this.#database.prepare("SELECT 1 FROM cycle WHERE number = ?").get(cycle) !== undefined;
  }

  /** In the order of cycles. */
  instructions(cycle?: number): JournalledInstruction[] {
    const where = cycle === undefined ? "" : "WHERE cycle = ?";
    const rows = this.#database
      .prepare(`SELECT * FROM instruction ${where} ORDER BY cycle, rowid`)
      .all(...(cycle === undefined ? [] : [cycle]));
    return rows.map((row) => this.#instruction(row));
  }

  /** Those whose position is neither cleared nor rejected on the chain. */
  open(): JournalledInstruction[] {
    const rows = this.#database
      .prepare("SELECT * FROM instruction WHERE state IN ('Netted', 'Instructed') ORDER BY cycle, rowid")
      .all();
    return rows.map((row) => this.#instruction(row));
  }

  byUetr(uetr: string): JournalledInstruction | undefined {
    const row = this.#database.prepare("SELECT * FROM instruction WHERE uetr = ?").get(uetr);
    return row === undefined ? undefined : this.#instruction(row);
  }

  isBooked({ account, currency, servicerReference }: Parameters<Expectations["isBooked"]>[0]): boolean {
    return (
      this.#database
        .prepare("SELECT 1 FROM booked WHERE account = ? AND currency = ? AND servicer_reference = ?")
        .get(account, currency, servicerReference) !== undefined
    );
  }

  /** What the chain says of a position now. It may go back, where its blocks can. */
  stands(uetr: string, state: PositionState): void {
    this.#database.prepare("UPDATE instruction SET state = ? WHERE uetr = ?").run(state, uetr);
  }

  /** The central ledger took the instruction, at Unix milliseconds. */
  handed(uetr: string, at: number): void {
    this.#database.prepare("UPDATE instruction SET handed_at = ? WHERE uetr = ? AND handed_at IS NULL").run(at, uetr);
  }

  /** Where to go on reading what the central ledger says; empty for the beginning. */
  get cursor(): string {
    return String(this.#database.prepare("SELECT after FROM inbox").get()?.["after"] ?? "");
  }

  /** Does `work`, which reads messages and records what they change, and moves the cursor behind them; both or neither. */
  reading<T>(cursor: string | undefined, work: () => T): T {
    return inTransaction(this.#database, () => {
      const result = work();
      if (cursor !== undefined) this.#database.prepare("INSERT OR REPLACE INTO inbox VALUES (1, ?)").run(cursor);
      return result;
    });
  }

  /** Writes down a message and what it changes. Only within {@link reading}. */
  record(hash: Hex, text: string | undefined, outcomes: readonly Outcome[]): void {
    this.#database.prepare("INSERT OR IGNORE INTO message (hash, text) VALUES (?, ?)").run(hash, text ?? null);
    for (const outcome of outcomes) this.#apply(hash, outcome);
  }

  /** Adds to the exceptions; one that is there already is counted. */
  except(code: ExceptionCode, uetr: string | undefined, detail: Record<string, unknown>, message?: Hex): void {
    this.#database
      .prepare(
        `INSERT INTO exception (code, uetr, detail, message, count) VALUES (?, ?, ?, ?, 1)
         ON CONFLICT (code, uetr, detail, message) DO UPDATE SET count = count + 1`,
      )
      .run(code, uetr ?? "", JSON.stringify(detail, digits), message ?? "");
  }

  /** Whether there is an exception with this code about an instruction. */
  hasException(code: ExceptionCode, uetr: string): boolean {
    return this.#database.prepare("SELECT 1 FROM exception WHERE code = ? AND uetr = ?").get(code, uetr) !== undefined;
  }

  exceptions(): ExceptionRecord[] {
    const rows = this.#database.prepare("SELECT * FROM exception ORDER BY rowid").all();
    return rows.map((row) => ({
      code: row["code"] as ExceptionCode,
      uetr: row["uetr"] === "" ? undefined : String(row["uetr"]),
      detail: JSON.parse(String(row["detail"])),
      message: row["message"] === "" ? undefined : (row["message"] as Hex),
      count: Number(row["count"]),
    }));
  }

  /** The node's copy of the central ledger. */
  booked(bookingDate?: string): BookedEntry[] {
    const where = bookingDate === undefined ? "" : "WHERE booking_date = ?";
    const rows = this.#database
      .prepare(`SELECT * FROM booked ${where} ORDER BY rowid`)
      .all(...(bookingDate === undefined ? [] : [bookingDate]));
    return rows.map((row) => ({
      account: String(row["account"]),
      servicerReference: String(row["servicer_reference"]),
      currency: String(row["currency"]),
      amount: BigInt(String(row["amount"])),
      direction: row["direction"] as "CRDT" | "DBIT",
      bookingDate: String(row["booking_date"]),
      uetr: String(row["uetr"]),
    }));
  }

  /** Whether a day's statements were held against the copy. */
  isReconciled(date: string): boolean {
    return this.#database.prepare("SELECT 1 FROM reconciled WHERE date = ?").get(date) !== undefined;
  }

  reconciled(date: string): void {
    this.#database.prepare("INSERT OR IGNORE INTO reconciled VALUES (?)").run(date);
  }

  close(): void {
    this.#database.close();
  }

  #apply(hash: Hex, outcome: Outcome): void {
    if (outcome.type === "exception") {
      this.except(outcome.code, outcome.uetr, outcome.detail, hash);
      return;
    }
    if (outcome.type === "rejected") {
      this.#database.prepare("UPDATE instruction SET rejected = ? WHERE uetr = ?").run(outcome.reason, outcome.uetr);
      return;
    }
    const { account, servicerReference, currency, amount, direction, bookingDate } = outcome.entry;
    this.#database
      .prepare("INSERT INTO booked VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(
        account,
        servicerReference,
        outcome.uetr,
        outcome.side,
        currency,
        amount.toString(),
        direction,
        bookingDate,
        hash,
      );
  }

  #instruction(row: Record<string, unknown>): JournalledInstruction {
    const uetr = String(row["uetr"]);
    const entries = this.#database.prepare("SELECT side, message FROM booked WHERE uetr = ? ORDER BY rowid").all(uetr);
    const state = row["state"] as PositionState;
    const instruction = JSON.parse(String(row["body"]), (key, value) => (key === "amount" ? BigInt(value) : value));
    return {
      instruction,
      state,
      closedAt: Number(row["closed_at"]),
      sent: state !== "Netted" && !isInternal(instruction),
      handedAt: row["handed_at"] === null ? undefined : Number(row["handed_at"]),
      booked: entries.map(({ side }) => side as Side),
      booking: entries.at(-1)?.["message"] as Hex | undefined,
      rejected: row["rejected"] === null ? undefined : String(row["rejected"]),
    };
  }
}

function digits(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
