import type { DatabaseSync } from "node:sqlite";
import type { SentMessage } from "../chains/gateway.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { firstBreak, type LoggedMessage } from "../core/message-chain.ts";
import { inTransaction, openDatabase } from "../storage/database.ts";

/** A message that waits for its delivery, at its place in its sender's chain: the first message is at 1. */
export interface PendingMessage extends LoggedMessage {
  position: number;
  block: number;
}

/** A sender whose messages are carried in one direction, and how far that is. */
export interface LaneProgress {
  sender: Hex;
  /** Position of the last delivered message; 0 when there is none. */
  delivered: number;
  /** The head after it. */
  head: Hex;
  pending: number;
}

export interface ScannedBlock {
  number: number;
  hash: Hex;
}

/** A signed transaction, written down before it is broadcast. */
export interface JournalledTransaction {
  nonce: number;
  hash: Hex;
  raw: Hex;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS scan (direction TEXT PRIMARY KEY, number INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS lane (
    direction TEXT NOT NULL, sender TEXT NOT NULL, delivered INTEGER NOT NULL, head TEXT NOT NULL,
    PRIMARY KEY (direction, sender)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS message (
    direction TEXT NOT NULL, sender TEXT NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL,
    recipient TEXT NOT NULL, payload TEXT NOT NULL, block INTEGER NOT NULL,
    PRIMARY KEY (direction, sender, position)
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS message_by_id ON message (direction, sender, id);
  CREATE TABLE IF NOT EXISTS in_flight (
    direction TEXT NOT NULL, nonce INTEGER NOT NULL, hash TEXT NOT NULL, raw TEXT NOT NULL,
    PRIMARY KEY (direction, nonce)
  ) STRICT;
`;

/**
 * What the relayer must remember to go on where it was. It holds only what is pending, so that start-up takes time in
 * proportion to that; without it, everything is found again on the chains.
 */
export class Journal {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = openDatabase(file, SCHEMA);
  }

  /** The last source block whose messages are written down. */
  scanned(direction: string): ScannedBlock | undefined {
    const row = this.#database.prepare("SELECT number, hash FROM scan WHERE direction = ?").get(direction);
    return row as unknown as ScannedBlock | undefined;
  }

  /**
   * Writes down the messages of a range of blocks together with its end, or nothing.
   * @param genesisOf The head before a sender's first message, for senders not seen yet.
   * @throws HuangpuError RPC_INCONSISTENT when a message does not follow from the one before it.
   */
  record(
    direction: string,
    messages: readonly SentMessage[],
    through: ScannedBlock,
    genesisOf: (sender: Hex) => Hex,
  ): void {
    const bySender = Map.groupBy(messages, ({ sender }) => sender);
    inTransaction(this.#database, () => {
      for (const [sender, sent] of bySender) this.#append(direction, sender, sent, genesisOf);
      this.#database
        .prepare("INSERT OR REPLACE INTO scan (direction, number, hash) VALUES (?, ?, ?)")
        .run(direction, through.number, through.hash);
    });
  }

  /** Begins to read the source anew. Its senders stay known, so that none can be left out unnoticed. */
  forget(direction: string, genesisOf: (sender: Hex) => Hex): void {
    const lanes = this.lanes(direction);
    inTransaction(this.#database, () => {
      this.#database.prepare("DELETE FROM scan WHERE direction = ?").run(direction);
      this.#database.prepare("DELETE FROM message WHERE direction = ?").run(direction);
      const restart = this.#database.prepare(
        "UPDATE lane SET delivered = 0, head = ? WHERE direction = ? AND sender = ?",
      );
      for (const { sender } of lanes) restart.run(genesisOf(sender), direction, sender);
    });
  }

  lanes(direction: string): LaneProgress[] {
    const rows = this.#database
      .prepare(
        `SELECT sender, delivered, head,
           (SELECT count(*) FROM message m WHERE m.direction = l.direction AND m.sender = l.sender) AS pending
         FROM lane l WHERE direction = ? ORDER BY sender`,
      )
      .all(direction);
    return rows as unknown as LaneProgress[];
  }

  /** Pending messages of a sender from a position on, in order, at most `limit`. */
  pending(direction: string, sender: Hex, from: number, limit: number): PendingMessage[] {
    const rows = this.#database
      .prepare(
        `SELECT position, id, recipient, payload, block FROM message
         WHERE direction = ? AND sender = ? AND position >= ? ORDER BY position LIMIT ?`,
      )
      .all(direction, sender, from, limit);
    return rows as unknown as PendingMessage[];
  }

  /** Where in a sender's chain a pending message is. */
  positionOf(direction: string, sender: Hex, id: Hex): number | undefined {
    const row = this.#database
      .prepare("SELECT position FROM message WHERE direction = ? AND sender = ? AND id = ?")
      .get(direction, sender, id);
    return row?.["position"] as number | undefined;
  }

  /** Forgets all messages up to a delivered one. */
  confirm(direction: string, sender: Hex, position: number, head: Hex): void {
    inTransaction(this.#database, () => {
      this.#database
        .prepare("DELETE FROM message WHERE direction = ? AND sender = ? AND position <= ?")
        .run(direction, sender, position);
      this.#database
        .prepare("UPDATE lane SET delivered = ?, head = ? WHERE direction = ? AND sender = ?")
        .run(position, head, direction, sender);
    });
  }

  /** The head after the last message of a sender that is written down or delivered. */
  headOf(direction: string, sender: Hex): Hex {
    return this.#last(direction, sender).id;
  }

  inFlight(direction: string): JournalledTransaction[] {
    const rows = this.#database
      .prepare("SELECT nonce, hash, raw FROM in_flight WHERE direction = ? ORDER BY nonce")
      .all(direction);
    return rows as unknown as JournalledTransaction[];
  }

  launch(direction: string, transactions: readonly JournalledTransaction[]): void {
    const insert = this.#database.prepare("INSERT INTO in_flight (direction, nonce, hash, raw) VALUES (?, ?, ?, ?)");
    inTransaction(this.#database, () => {
      for (const { nonce, hash, raw } of transactions) insert.run(direction, nonce, hash, raw);
    });
  }

  land(direction: string): void {
    this.#database.prepare("DELETE FROM in_flight WHERE direction = ?").run(direction);
  }

  close(): void {
    this.#database.close();
  }

  #append(direction: string, sender: Hex, sent: readonly SentMessage[], genesisOf: (sender: Hex) => Hex): void {
    this.#database
      .prepare("INSERT OR IGNORE INTO lane (direction, sender, delivered, head) VALUES (?, ?, 0, ?)")
      .run(direction, sender, genesisOf(sender));
    const last = this.#last(direction, sender);

    const broken = firstBreak(last.id, sent);
    if (broken !== -1) {
      throw new HuangpuError(
        "RPC_INCONSISTENT",
        "A logged message does not follow from the one before it: logs are missing",
        {
          fields: { direction, sender, after: last.id, id: sent[broken]?.id, block: sent[broken]?.block },
        },
      );
    }

    const insert = this.#database.prepare(
      `INSERT INTO message (direction, sender, position, id, recipient, payload, block) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    for (const [index, { id, recipient, payload, block }] of sent.entries()) {
      insert.run(direction, sender, last.position + index + 1, id, recipient, payload, block);
    }
  }

  #last(direction: string, sender: Hex): { position: number; id: Hex } {
    const row =
      this.#database
        .prepare("SELECT position, id FROM message WHERE direction = ? AND sender = ? ORDER BY position DESC LIMIT 1")
        .get(direction, sender) ??
      this.#database
        .prepare("SELECT delivered AS position, head AS id FROM lane WHERE direction = ? AND sender = ?")
        .get(direction, sender);
    return row as unknown as { position: number; id: Hex };
  }
}
