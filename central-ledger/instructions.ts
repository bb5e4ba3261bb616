import type { DatabaseSync, SQLOutputValue } from "node:sqlite";

export const INSTRUCTIONS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS instruction (
    uetr TEXT PRIMARY KEY,
    message_id TEXT NOT NULL,
    instruction_id TEXT,
    content TEXT NOT NULL,
    message TEXT NOT NULL,
    answer TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('accepted', 'settled', 'rejected', 'reversed')),
    due INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS instruction_message_id ON instruction (message_id);
  CREATE INDEX IF NOT EXISTS instruction_instruction_id ON instruction (instruction_id);
  CREATE INDEX IF NOT EXISTS instruction_due ON instruction (due) WHERE due IS NOT NULL;
  CREATE TABLE IF NOT EXISTS outbox (cursor INTEGER PRIMARY KEY AUTOINCREMENT, message TEXT NOT NULL) STRICT;
`;

/** "accepted": to be booked when it is due. "settled": booked; to be reversed when that is due. */
export type InstructionState = "accepted" | "settled" | "rejected" | "reversed";

export interface Instruction {
  uetr: string;
  messageId: string;
  instructionId?: string | undefined;
  /** What must be the same in a repetition. */
  content: string;
  /** The pacs.009 as it came. */
  message: string;
  /** The pacs.002 that is its answer by now. */
  answer: string;
  state: InstructionState;
  /** Milliseconds since 1970 at which something is to happen with it. */
  due?: number | undefined;
}

/** What came in, and what is told to everybody who asks. */
export class Instructions {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  find(uetr: string): Instruction | undefined {
    const row = this.#database.prepare("SELECT * FROM instruction WHERE uetr = ?").get(uetr);
    return row === undefined ? undefined : toInstruction(row);
  }

  hasMessageId(id: string): boolean {
    return this.#database.prepare("SELECT 1 FROM instruction WHERE message_id = ?").get(id) !== undefined;
  }

  hasInstructionId(id: string): boolean {
    return this.#database.prepare("SELECT 1 FROM instruction WHERE instruction_id = ?").get(id) !== undefined;
  }

  add(instruction: Instruction): void {
    const { uetr, messageId, instructionId, content, message, answer, state, due } = instruction;
    this.#database
      .prepare("INSERT INTO instruction VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .run(uetr, messageId, instructionId ?? null, content, message, answer, state, due ?? null);
  }

  change(uetr: string, change: { state: InstructionState; answer: string; due?: number | undefined }): void {
    this.#database
      .prepare("UPDATE instruction SET state = ?, answer = ?, due = ? WHERE uetr = ?")
      .run(change.state, change.answer, change.due ?? null, uetr);
  }

  /** Some of those that are due, the longest due first. */
  due(now: number): Instruction[] {
    const query = "SELECT * FROM instruction WHERE due <= ? ORDER BY due, rowid LIMIT 100";
    return this.#database.prepare(query).all(now).map(toInstruction);
  }

  /** The cursor that the next message in the outbox will have. */
  nextCursor(): number {
    const row = this.#database.prepare("SELECT coalesce(max(cursor), 0) + 1 AS next FROM outbox").get();
    return Number(row?.["next"]);
  }

  tell(message: string): void {
    this.#database.prepare("INSERT INTO outbox (message) VALUES (?)").run(message);
  }

  /** Messages after a cursor, oldest first, and the cursor of the last. */
  since(after: number, limit: number): { cursor: number; messages: string[] } {
    const query = "SELECT cursor, message FROM outbox WHERE cursor > ? ORDER BY cursor LIMIT ?";
    const rows = this.#database.prepare(query).all(after, limit);
    return { cursor: Number(rows.at(-1)?.["cursor"] ?? after), messages: rows.map(({ message }) => String(message)) };
  }
}

function toInstruction(row: Record<string, SQLOutputValue>): Instruction {
  const { instruction_id: instructionId, due } = row;
  return {
    uetr: String(row["uetr"]),
    messageId: String(row["message_id"]),
    ...(instructionId === null ? {} : { instructionId: String(instructionId) }),
    content: String(row["content"]),
    message: String(row["message"]),
    answer: String(row["answer"]),
    state: String(row["state"]) as InstructionState,
    ...(due === null ? {} : { due: Number(due) }),
  };
}
