import { TRANSACTION_SCHEMA } from "../relayer/transaction-journal.ts";

/** Raised when a table changes: a journal of another version is begun anew, from the chain and the central ledger. */
export const CLEARING_VERSION = 1;

/** What was signed is on no chain, and outlives the version. */
export const CLEARING_KEPT = ["attempt"];

/** `booked` is the node's copy of the central ledger: rows are added by booked entries that match, and never changed. */
export const CLEARING_SCHEMA = `
  CREATE TABLE IF NOT EXISTS cycle (number INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS instruction (
    uetr TEXT NOT NULL UNIQUE, cycle INTEGER NOT NULL, closed_at INTEGER NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL,
    handed_at INTEGER, rejected TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS instruction_by_state ON instruction (state);
  CREATE TABLE IF NOT EXISTS inbox (one INTEGER PRIMARY KEY CHECK (one = 1), after TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS message (hash TEXT NOT NULL UNIQUE, text TEXT) STRICT;
  CREATE TABLE IF NOT EXISTS booked (
    account TEXT NOT NULL, servicer_reference TEXT NOT NULL, uetr TEXT NOT NULL, side TEXT NOT NULL,
    currency TEXT NOT NULL, amount TEXT NOT NULL, direction TEXT NOT NULL, booking_date TEXT NOT NULL,
    message TEXT NOT NULL,
    UNIQUE (account, currency, servicer_reference), UNIQUE (uetr, side)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS reconciled (date TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS exception (
    code TEXT NOT NULL, uetr TEXT NOT NULL, detail TEXT NOT NULL, message TEXT NOT NULL, count INTEGER NOT NULL,
    UNIQUE (code, uetr, detail, message)
  ) STRICT;
  ${TRANSACTION_SCHEMA}
`;
