import type { DatabaseSync } from "node:sqlite";
import type { HeadProof, SentMessage } from "../chains/gateway.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { firstBreak, type LoggedMessage } from "../core/message-chain.ts";
import { inTransaction, openDatabase, relax } from "../storage/database.ts";
import { BlockJournal, type ScannedBlock } from "./block-journal.ts";
import { JOURNAL_SCHEMA, JOURNAL_VERSION, KEPT_TABLES } from "./journal-schema.ts";
import { TransactionJournal } from "./transaction-journal.ts";

/** A message that waits for its delivery to be final, at its place in its sender's chain: the first message is at 1. */
export interface PendingMessage extends LoggedMessage {
  position: number;
  block: number;
}

/** A sender whose messages are carried in one direction, and how far that is. */
export interface LaneProgress {
  sender: Hex;
  /** Position of the last message whose delivery is final; 0 when there is none. Later ones are in the journal. */
  final: number;
  /** Position of the last message that the destination has, for all that is known; it can go back to `final`. */
  delivered: number;
  /** The head after it. */
  head: Hex;
  /** Messages after it. */
  pending: number;
}

/** What shows the head that a sender had at a source block. */
export interface KeptProof {
  block: number;
  head: Hex;
  proof: HeadProof;
}

type GenesisOf = (sender: Hex) => Hex;

interface LaneRow {
  final: number;
  finalHead: Hex;
  finalBlock: number;
  last: number;
  lastHead: Hex;
}

/**
 * What the relayer must remember to go on where it was. It holds only what is pending, so that start-up takes time in
 * proportion to that; without it, everything is found again on the chains. So only what may not be done twice, or not be
 * forgotten, waits for the disk: signed transactions, and that a direction is halted.
 */
export class Journal {
  readonly transactions: TransactionJournal;
  readonly blocks: BlockJournal;
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = openDatabase(file, JOURNAL_SCHEMA, JOURNAL_VERSION, KEPT_TABLES);
    relax(this.#database);
    this.transactions = new TransactionJournal(this.#database);
    this.blocks = new BlockJournal(this.#database);
  }

  /**
   * Writes down the messages of a range of blocks together with its end, or nothing. What is written down already is passed over.
   * @param genesisOf The head before a sender's first message, for senders not seen yet.
   * @throws HuangpuError RPC_INCONSISTENT when a message does not follow from the one before it.
   */
  record(direction: string, messages: readonly SentMessage[], through: ScannedBlock, genesisOf: GenesisOf): void {
    const bySender = Map.groupBy(messages, ({ sender }) => sender);
    inTransaction(this.#database, () => {
      this.know(direction, [...bySender.keys()], genesisOf);
      for (const [sender, sent] of bySender) this.#append(direction, sender, sent);
      this.blocks.scannedTo(direction, through);
    });
  }

  /** Makes senders known, so that none of their messages can be left out unnoticed. */
  know(direction: string, senders: readonly Hex[], genesisOf: GenesisOf): void {
    const insert = this.#database.prepare(
      `INSERT OR IGNORE INTO lane (direction, sender, final, final_head, final_block, delivered, head, last, last_head)
       VALUES (:direction, :sender, 0, :genesis, -1, 0, :genesis, 0, :genesis)`,
    );
    for (const sender of senders) insert.run({ direction, sender, genesis: genesisOf(sender) });
  }

  /** Begins to read the source anew. Its senders stay known, so that none can be left out unnoticed. */
  forget(direction: string, genesisOf: GenesisOf): void {
    const senders = this.lanes(direction).map(({ sender }) => sender);
    inTransaction(this.#database, () => {
      for (const table of ["message", "lane", "proof"]) {
        this.#database.prepare(`DELETE FROM ${table} WHERE direction = ?`).run(direction);
      }
      this.blocks.forget(direction);
      this.know(direction, senders, genesisOf);
    });
  }

  /** Reads the source again after a block. What is final stays so. */
  rewind(direction: string, to: ScannedBlock): void {
    inTransaction(this.#database, () => {
      this.#database.prepare("DELETE FROM message WHERE direction = ? AND block > ?").run(direction, to.number);
      this.#database.prepare("DELETE FROM proof WHERE direction = ?").run(direction);
      for (const { sender } of this.lanes(direction)) this.#shorten(direction, sender);
      this.blocks.scannedTo(direction, to);
    });
  }

  /** The newest source block with a message whose delivery is final; -1 when there is none. */
  finalBlock(direction: string): number {
    const row = this.#database.prepare("SELECT max(final_block) AS block FROM lane WHERE direction = ?").get(direction);
    return Number(row?.["block"] ?? -1);
  }

  lanes(direction: string): LaneProgress[] {
    const rows = this.#database
      .prepare(
        `SELECT sender, final, delivered, head, last - delivered AS pending FROM lane
         WHERE direction = ? ORDER BY sender`,
      )
      .all(direction);
    return rows as unknown as LaneProgress[];
  }

  /** Messages of a sender that are not final, from a position on, in order, at most `limit`. */
  pending(direction: string, sender: Hex, from: number, limit: number): PendingMessage[] {
    const rows = this.#database
      .prepare(
        `SELECT position, id, recipient, payload, block FROM message
         WHERE direction = ? AND sender = ? AND position >= ? ORDER BY position LIMIT ?`,
      )
      .all(direction, sender, from, limit);
    return rows as unknown as PendingMessage[];
  }

  /** Bytes of each payload after a position, in order. */
  payloadBytes(direction: string, sender: Hex, after: number): number[] {
    const rows = this.#database
      .prepare(
        `SELECT (length(payload) - 2) / 2 AS bytes FROM message
         WHERE direction = ? AND sender = ? AND position > ? ORDER BY position`,
      )
      .all(direction, sender, after);
    return rows.map((row) => Number(row["bytes"]));
  }

  /** Where in a sender's chain a head is that is final or later; undefined for any other. */
  positionOf(direction: string, sender: Hex, head: Hex): number | undefined {
    const row = this.#database
      .prepare("SELECT position FROM message WHERE direction = ? AND sender = ? AND id = ?")
      .get(direction, sender, head);
    if (row !== undefined) return Number(row["position"]);
    const lane = this.#lane(direction, sender);
    return lane?.finalHead === head ? lane.final : undefined;
  }

  /** The destination has the messages up to a position, which can be less than before. */
  advance(direction: string, sender: Hex, position: number, head: Hex): void {
    this.#database
      .prepare("UPDATE lane SET delivered = ?, head = ? WHERE direction = ? AND sender = ?")
      .run(position, head, direction, sender);
  }

  /** Forgets all messages up to one whose delivery is final. */
  finalise(direction: string, sender: Hex, position: number, head: Hex): void {
    const [message] = this.pending(direction, sender, position, 1);
    if (message?.position !== position) return;
    inTransaction(this.#database, () => {
      this.#database
        .prepare("DELETE FROM message WHERE direction = ? AND sender = ? AND position <= ?")
        .run(direction, sender, position);
      this.#database
        .prepare(
          `UPDATE lane SET final = :position, final_head = :head, final_block = :block,
             head = CASE WHEN delivered < :position THEN :head ELSE head END, delivered = max(delivered, :position)
           WHERE direction = :direction AND sender = :sender`,
        )
        .run({ position, head, block: message.block, direction, sender });
    });
  }

  /** The head after the last message of a sender that is written down or final. */
  headOf(direction: string, sender: Hex): Hex {
    return this.#known(direction, sender).lastHead;
  }

  /** Keeps the newest proof of a sender, so that whatever fails after it need not ask for another one. */
  keepProof(direction: string, sender: Hex, { block, head, proof }: KeptProof): void {
    this.#database
      .prepare("INSERT OR REPLACE INTO proof (direction, sender, block, head, proof) VALUES (?, ?, ?, ?, ?)")
      .run(direction, sender, block, head, JSON.stringify(proof));
  }

  proof(direction: string, sender: Hex): KeptProof | undefined {
    const row = this.#database
      .prepare("SELECT block, head, proof FROM proof WHERE direction = ? AND sender = ?")
      .get(direction, sender);
    if (row === undefined) return undefined;
    return { block: Number(row["block"]), head: row["head"] as Hex, proof: JSON.parse(String(row["proof"])) };
  }

  close(): void {
    this.#database.close();
  }

  #append(direction: string, sender: Hex, logged: readonly SentMessage[]): void {
    const lane = this.#known(direction, sender);
    const sent = unknown(logged, lane);
    const broken = firstBreak(lane.lastHead, sent);
    if (broken !== -1) {
      const { id, block } = sent[broken] as SentMessage;
      throw new HuangpuError(
        "RPC_INCONSISTENT",
        "A logged message does not follow from the one before it: logs are missing",
        { fields: { direction, sender, after: lane.lastHead, id, block } },
      );
    }

    const insert = this.#database.prepare(
      `INSERT INTO message (direction, sender, position, id, recipient, payload, block) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    for (const [index, { id, recipient, payload, block }] of sent.entries()) {
      insert.run(direction, sender, lane.last + index + 1, id, recipient, payload, block);
    }
    const last = sent.at(-1);
    if (last === undefined) return;
    this.#database
      .prepare("UPDATE lane SET last = ?, last_head = ? WHERE direction = ? AND sender = ?")
      .run(lane.last + sent.length, last.id, direction, sender);
  }

  /** Ends a lane at the last message that is still written down. */
  #shorten(direction: string, sender: Hex): void {
    const { final, finalHead } = this.#known(direction, sender);
    const row = this.#database
      .prepare("SELECT position, id FROM message WHERE direction = ? AND sender = ? ORDER BY position DESC LIMIT 1")
      .get(direction, sender);
    const [position, head] = row === undefined ? [final, finalHead] : [Number(row["position"]), String(row["id"])];
    this.#database
      .prepare(
        `UPDATE lane SET last = :position, last_head = :head,
           head = CASE WHEN delivered > :position THEN :head ELSE head END, delivered = min(delivered, :position)
         WHERE direction = :direction AND sender = :sender`,
      )
      .run({ position, head, direction, sender });
  }

  #known(direction: string, sender: Hex): LaneRow {
    const lane = this.#lane(direction, sender);
    if (lane === undefined) throw new RangeError(`${sender} is no sender that is known`);
    return lane;
  }

  #lane(direction: string, sender: Hex): LaneRow | undefined {
    const row = this.#database
      .prepare(
        `SELECT final, final_head AS finalHead, final_block AS finalBlock, last, last_head AS lastHead FROM lane
         WHERE direction = ? AND sender = ?`,
      )
      .get(direction, sender);
    return row as unknown as LaneRow | undefined;
  }
}

/** Leaves out what is final: after a rewind it is read again. The last of that is in `finalBlock`, perhaps with later ones. */
function unknown(logged: readonly SentMessage[], { finalHead, finalBlock }: LaneRow): readonly SentMessage[] {
  const later = logged.filter(({ block }) => block >= finalBlock);
  const known = later.findIndex(({ id }) => id === finalHead);
  return later.slice(known + 1);
}
