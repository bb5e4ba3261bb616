import type { DatabaseSync } from "node:sqlite";
import type { Hex } from "../core/hex.ts";
import { durably, inTransaction } from "../storage/database.ts";

/** A signed transaction, written down before it is broadcast. One nonce can have several: each with a higher fee. */
export interface JournalledTransaction {
  nonce: number;
  /** 1 for the first with its nonce. */
  attempt: number;
  hash: Hex;
  raw: Hex;
  /** Wei. */
  maxFeePerGas: bigint;
}

/** A nonce that was given to a call, with everything that was signed for it, in order. */
export interface JournalledNonce {
  nonce: number;
  attempts: readonly JournalledTransaction[];
  /** The block at which it was seen to be mined; undefined while it is on its way. */
  block: number | undefined;
}

/** Whose nonces they are: an account on a chain. */
export interface SenderAccount {
  chainId: number;
  address: Hex;
}

export const TRANSACTION_SCHEMA = `
  CREATE TABLE IF NOT EXISTS attempt (
    chain INTEGER NOT NULL, account TEXT NOT NULL, nonce INTEGER NOT NULL, attempt INTEGER NOT NULL,
    hash TEXT NOT NULL, raw TEXT NOT NULL, fee TEXT NOT NULL, block INTEGER,
    PRIMARY KEY (chain, account, nonce, attempt)
  ) STRICT;
`;

type Row = Omit<JournalledTransaction, "maxFeePerGas"> & { fee: string; block: number | null };

/**
 * Which nonces an account has in use: signed, perhaps broadcast, mined, and forgotten when their block is final. A chain that
 * goes back takes a mined one back to being on its way.
 */
export class TransactionJournal {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** By nonce. */
  nonces({ chainId, address }: SenderAccount): JournalledNonce[] {
    const rows = this.#database
      .prepare(
        `SELECT nonce, attempt, hash, raw, fee, block FROM attempt WHERE chain = ? AND account = ? ORDER BY nonce, attempt`,
      )
      .all(chainId, address) as unknown as Row[];
    return [...Map.groupBy(rows, ({ nonce }) => nonce)].map(([nonce, attempts]) => ({
      nonce,
      attempts: attempts.map(({ block: _, fee, ...attempt }) => ({ ...attempt, maxFeePerGas: BigInt(fee) })),
      block: attempts[0]?.block ?? undefined,
    }));
  }

  /** Those on their way. */
  inFlight(account: SenderAccount): JournalledNonce[] {
    return this.nonces(account).filter(({ block }) => block === undefined);
  }

  /** Writes down all of them or none, for good. */
  launch({ chainId, address }: SenderAccount, transactions: readonly JournalledTransaction[]): void {
    const insert = this.#database.prepare(
      "INSERT INTO attempt (chain, account, nonce, attempt, hash, raw, fee) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    durably(this.#database, () => {
      for (const { nonce, attempt, hash, raw, maxFeePerGas } of transactions) {
        insert.run(chainId, address, nonce, attempt, hash, raw, maxFeePerGas.toString());
      }
    });
  }

  /** All that was on its way is mined, seen at `block`; what is mined up to `finalBlock` is forgotten. */
  land({ chainId, address }: SenderAccount, block: number, finalBlock: number): void {
    inTransaction(this.#database, () => {
      this.#database
        .prepare("UPDATE attempt SET block = ? WHERE chain = ? AND account = ? AND block IS NULL")
        .run(block, chainId, address);
      this.#prune(chainId, address, finalBlock);
    });
  }

  /** Follows the chain down: what it has no longer mined is on its way again. Then forgets what is final. */
  reconcile({ chainId, address }: SenderAccount, nextNonce: number, finalBlock: number): void {
    inTransaction(this.#database, () => {
      this.#database
        .prepare("UPDATE attempt SET block = NULL WHERE chain = ? AND account = ? AND nonce >= ?")
        .run(chainId, address, nextNonce);
      this.#prune(chainId, address, finalBlock);
    });
  }

  /** Gives up what is on its way, so that its nonces are signed for anew. */
  abandon({ chainId, address }: SenderAccount): void {
    this.#database
      .prepare("DELETE FROM attempt WHERE chain = ? AND account = ? AND block IS NULL")
      .run(chainId, address);
  }

  #prune(chainId: number, address: Hex, finalBlock: number): void {
    this.#database
      .prepare("DELETE FROM attempt WHERE chain = ? AND account = ? AND block <= ?")
      .run(chainId, address, finalBlock);
  }
}
