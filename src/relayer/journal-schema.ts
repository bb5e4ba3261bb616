import { BLOCK_SCHEMA } from "./block-journal.ts";
import { TRANSACTION_SCHEMA } from "./transaction-journal.ts";

/** Raised when a table changes: a journal of another version is begun anew, because everything is on the chains. */
export const JOURNAL_VERSION = 2;

/** What is on no chain, and outlives the version: that a direction is halted, and what was signed. Their columns stay as they are. */
export const KEPT_TABLES = ["halt", "attempt"];

export const JOURNAL_SCHEMA = `
  CREATE TABLE IF NOT EXISTS lane (
    direction TEXT NOT NULL, sender TEXT NOT NULL,
    final INTEGER NOT NULL, final_head TEXT NOT NULL, final_block INTEGER NOT NULL,
    delivered INTEGER NOT NULL, head TEXT NOT NULL,
    last INTEGER NOT NULL, last_head TEXT NOT NULL,
    PRIMARY KEY (direction, sender)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS message (
    direction TEXT NOT NULL, sender TEXT NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL,
    recipient TEXT NOT NULL, payload TEXT NOT NULL, block INTEGER NOT NULL,
    PRIMARY KEY (direction, sender, position)
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS message_by_id ON message (direction, sender, id);
  CREATE TABLE IF NOT EXISTS proof (
    direction TEXT NOT NULL, sender TEXT NOT NULL, block INTEGER NOT NULL, head TEXT NOT NULL, proof TEXT NOT NULL,
    PRIMARY KEY (direction, sender)
  ) STRICT;
  ${BLOCK_SCHEMA}
  ${TRANSACTION_SCHEMA}
`;
