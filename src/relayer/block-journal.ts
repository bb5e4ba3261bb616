import type { DatabaseSync } from "node:sqlite";
import type { Hex } from "../core/hex.ts";
import { durably } from "../storage/database.ts";

export interface ScannedBlock {
  number: number;
  hash: Hex;
}

/** Why a direction is halted until somebody resumes it. */
export interface Halt {
  /** The source block that counted as final, its hash as it was read, and the one that the chain gives now. */
  block: number;
  journalled: Hex;
  given: Hex;
  /** The last block that was read and is still there; undefined when none of those remembered is. */
  ancestor: number | undefined;
}

export const BLOCK_SCHEMA = `
  CREATE TABLE IF NOT EXISTS scan (direction TEXT PRIMARY KEY, number INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS checkpoint (
    direction TEXT NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (direction, number)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS anchor (direction TEXT PRIMARY KEY, number INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS halt (direction TEXT PRIMARY KEY, reason TEXT NOT NULL) STRICT;
`;

const CHECKPOINTS = 64;

/** Which blocks of the two chains were relied on, so that it shows when a chain is no longer the one that was read. */
export class BlockJournal {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** The last source block whose messages are written down. */
  scanned(direction: string): ScannedBlock | undefined {
    return this.#block("scan", direction);
  }

  scannedTo(direction: string, { number, hash }: ScannedBlock): void {
    this.#database.prepare("INSERT OR REPLACE INTO scan VALUES (?, ?, ?)").run(direction, number, hash);
    this.#database.prepare("DELETE FROM checkpoint WHERE direction = ? AND number > ?").run(direction, number);
  }

  /** Source blocks up to which all logs were found to be there, newest first. */
  checkpoints(direction: string): ScannedBlock[] {
    const rows = this.#database
      .prepare("SELECT number, hash FROM checkpoint WHERE direction = ? ORDER BY number DESC")
      .all(direction);
    return rows as unknown as ScannedBlock[];
  }

  /** Adds a checkpoint and forgets those that are too many. */
  checked(direction: string, { number, hash }: ScannedBlock): void {
    this.#database.prepare("INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?)").run(direction, number, hash);
    this.#database
      .prepare(
        `DELETE FROM checkpoint WHERE direction = :direction AND number <=
           (SELECT number FROM checkpoint WHERE direction = :direction ORDER BY number DESC LIMIT 1 OFFSET ${CHECKPOINTS})`,
      )
      .run({ direction });
  }

  /** Forgets the checkpoints from a block on. */
  doubt(direction: string, from: number): void {
    this.#database.prepare("DELETE FROM checkpoint WHERE direction = ? AND number >= ?").run(direction, from);
  }

  /** The newest destination block by which something was final. */
  anchor(direction: string): ScannedBlock | undefined {
    return this.#block("anchor", direction);
  }

  anchorAt(direction: string, { number, hash }: ScannedBlock): void {
    this.#database.prepare("INSERT OR REPLACE INTO anchor VALUES (?, ?, ?)").run(direction, number, hash);
  }

  /** Whether, and why, nothing may be done in a direction. */
  halted(direction: string): Halt | undefined {
    const row = this.#database.prepare("SELECT reason FROM halt WHERE direction = ?").get(direction);
    return row === undefined ? undefined : JSON.parse(String(row["reason"]));
  }

  halt(direction: string, halt: Halt): void {
    durably(this.#database, () =>
      this.#database.prepare("INSERT OR REPLACE INTO halt VALUES (?, ?)").run(direction, JSON.stringify(halt)),
    );
  }

  resume(direction: string): void {
    this.#database.prepare("DELETE FROM halt WHERE direction = ?").run(direction);
  }

  /** Of both chains, but not that the direction is halted. */
  forget(direction: string): void {
    for (const table of ["scan", "checkpoint", "anchor"]) {
      this.#database.prepare(`DELETE FROM ${table} WHERE direction = ?`).run(direction);
    }
  }

  #block(table: "scan" | "anchor", direction: string): ScannedBlock | undefined {
    const row = this.#database.prepare(`SELECT number, hash FROM ${table} WHERE direction = ?`).get(direction);
    return row as unknown as ScannedBlock | undefined;
  }
}
