import type { DatabaseSync } from "node:sqlite";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { openDatabase } from "../storage/database.ts";
import { signedBatchForm, wholeNumbersAsText } from "./forms.ts";
import type { SignedBatch } from "./recorder.ts";

export type BatchState = "waiting" | "anchored" | "refused";

/** What became of a batch. */
export interface BatchProgress {
  state: BatchState;
  /** Name of the error that the registry last refused it with. */
  refusal: string | undefined;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS batch (
    device TEXT NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    refusal TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (device, first)
  ) STRICT;
`;

/**
 * Signed batches with their readings, until they are anchored and ever after. Nothing of it can be found again elsewhere: the
 * chain has roots alone, and a device forgets.
 */
export class BatchOutbox {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = openDatabase(file, SCHEMA);
  }

  /**
   * Keeps a batch; on the disk when this returns. One that is kept already stays as it is.
   * @throws HuangpuError READING_INVALID when there is another one of that device and counter.
   */
  add(signed: SignedBatch): void {
    const { deviceId, firstCounter, count } = signed.batch;
    const body = JSON.stringify(signed, wholeNumbersAsText);
    const keys = [deviceId, digits(firstCounter)] as const;
    this.#database
      .prepare("INSERT OR IGNORE INTO batch (device, first, last, body) VALUES (?, ?, ?, ?)")
      .run(...keys, digits(firstCounter + BigInt(count - 1)), body);
    const kept = this.#database.prepare("SELECT body FROM batch WHERE device = ? AND first = ?").get(...keys);
    if (kept?.["body"] !== body) {
      throw new HuangpuError("READING_INVALID", "The device has signed another batch from this counter on", {
        fields: { deviceId, firstCounter },
      });
    }
  }

  /** Devices that have batches waiting. */
  devices(): Hex[] {
    const rows = this.#database
      .prepare("SELECT DISTINCT device FROM batch WHERE state = 'waiting' ORDER BY device")
      .all();
    return rows.map(({ device }) => device as Hex);
  }

  /** The first batch of a device that is neither anchored nor refused. */
  next(deviceId: Hex): SignedBatch | undefined {
    const where = "device = ? AND state = 'waiting' ORDER BY first LIMIT 1";
    return this.#read(this.#database.prepare(`SELECT body FROM batch WHERE ${where}`).get(deviceId));
  }

  /** The batch that a reading is in, whatever became of it. */
  containing(deviceId: Hex, counter: bigint): SignedBatch | undefined {
    const where = "device = ? AND first <= ? AND last >= ? LIMIT 1";
    const row = this.#database.prepare(`SELECT body FROM batch WHERE ${where}`);
    return this.#read(row.get(deviceId, digits(counter), digits(counter)));
  }

  mark({ batch }: SignedBatch, state: BatchState, refusal?: string): void {
    this.#database
      .prepare("UPDATE batch SET state = ?, refusal = ? WHERE device = ? AND first = ?")
      .run(state, refusal ?? null, batch.deviceId, digits(batch.firstCounter));
  }

  progress(deviceId: Hex, firstCounter: bigint): BatchProgress | undefined {
    const row = this.#database
      .prepare("SELECT state, refusal FROM batch WHERE device = ? AND first = ?")
      .get(deviceId, digits(firstCounter));
    if (row === undefined) return undefined;
    return { state: row["state"] as BatchState, refusal: (row["refusal"] as string | null) ?? undefined };
  }

  close(): void {
    this.#database.close();
  }

  #read(row: Record<string, unknown> | undefined): SignedBatch | undefined {
    return row === undefined ? undefined : signedBatchForm.parse(JSON.parse(String(row["body"])));
  }
}

/** A counter as text that sorts as the number does. */
function digits(counter: bigint): string {
  return counter.toString().padStart(20, "0");
}
