import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Opens a database file and brings it to a schema. Every commit is on the disk before it returns, so that a killed
 * process has lost nothing it acted on.
 * @param version When it is given, a file of another version is emptied first. Only for what can be found again.
 * @param kept Tables that are not emptied with it: what cannot be found again. Their columns are the same in all versions.
 */
export function openDatabase(
  file: string,
  schema: string,
  version?: number,
  kept: readonly string[] = [],
): DatabaseSync {
  if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  // The timeout first: changing the journal's mode takes a lock that another process may hold.
  database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  if (version !== undefined) inTransaction(database, () => clearOthers(database, version, kept));
  database.exec(schema);
  return database;
}

function clearOthers(database: DatabaseSync, version: number, kept: readonly string[]): void {
  if (database.prepare("PRAGMA user_version").get()?.["user_version"] === version) return;
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  for (const { name } of tables) {
    if (!kept.includes(String(name))) database.exec(`DROP TABLE "${name}"`);
  }
  database.exec(`PRAGMA user_version = ${version}`);
}

/** Runs `work` in one transaction: all of it is written, or none. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

/**
 * Lets commits return before they are on the disk. A killed process has still lost nothing; a machine that loses its power
 * loses the last ones, all after the same moment. {@link durably} makes an exception.
 */
export function relax(database: DatabaseSync): void {
  database.exec("PRAGMA synchronous = NORMAL");
}

/** Runs `work` in one transaction that is on the disk when this returns, with everything before it. */
export function durably<T>(database: DatabaseSync, work: () => T): T {
  database.exec("PRAGMA synchronous = FULL");
  try {
    return inTransaction(database, work);
  } finally {
    relax(database);
  }
}
