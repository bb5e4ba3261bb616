import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { link, mkdir, mkdtemp, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { asHuangpuError, HuangpuError } from "../core/errors.ts";
import { type Json, MAX_JSON_LENGTH, parseStrictJson } from "../core/strict-json.ts";
import { terminalJson } from "../core/terminal-text.ts";
import { requireSound } from "./require-sound.ts";
import { requireIntact, WRAPPED, type WrappedDocument } from "./wrapped-document.ts";

/** Exit code of a process that Ctrl+C has ended. */
const INTERRUPTED = 130;

/**
 * The text of a file, which must be UTF-8. What is too large is never read.
 * @throws HuangpuError FILE_UNREADABLE, FILE_TOO_LARGE beyond 10 MiB
 */
export async function readText(file: string): Promise<string> {
  try {
    await using handle = await open(file, "r");
    const stats = await handle.stat();
    if (!stats.isFile()) throw new HuangpuError("FILE_UNREADABLE", `${file} is no file`);
    const { size } = stats;
    if (size > MAX_JSON_LENGTH) {
      throw new HuangpuError("FILE_TOO_LARGE", `${file} has ${size} bytes, at most ${MAX_JSON_LENGTH} are read`);
    }
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await handle.readFile());
  } catch (cause) {
    if (cause instanceof HuangpuError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuangpuError("FILE_UNREADABLE", `${file} cannot be read: ${reason}`, { cause });
  }
}

/**
 * Reads a wrapped document that is intact, of a known kind, and sound by its schema.
 * @throws HuangpuError FILE_…, JSON_…, DOCUMENT_…, BATCH_…
 */
export async function readWrapped(file: string): Promise<WrappedDocument> {
  const value = parseStrictJson(await readText(file));
  if (formatOf(value) !== WRAPPED) throw notWrapped(file);
  const document = requireIntact(value);
  requireSound(document.kind, document.data);
  return document;
}

/** What a file says that it is; undefined when it is none of our formats. */
export function formatOf(value: Json): Json | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && Object.hasOwn(value, "huangpu") ? value["huangpu"] : undefined;
}

export function notWrapped(file: string): HuangpuError {
  return new HuangpuError("DOCUMENT_NOT_WRAPPED", `${file} is no wrapped document: wrap it first`);
}

/** The same for one of several files: an error says of which. @throws HuangpuError as {@link readWrapped} does */
export async function readNamed(file: string): Promise<WrappedDocument> {
  try {
    return await readWrapped(file);
  } catch (error) {
    const { code, message, fields } = asHuangpuError(error);
    const named = message.startsWith(file) ? message : `${file}: ${message}`;
    throw new HuangpuError(code, named, { fields, cause: error });
  }
}

/** The documents of a folder (`*.json`), by name. @throws HuangpuError FILE_UNREADABLE, BATCH_SIZE when there is none */
export async function documentsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuangpuError("FILE_UNREADABLE", `${folder} cannot be read: ${reason}`, { cause });
  });
  const documents = names.filter((name) => name.endsWith(".json")).sort();
  if (documents.length > 0) return documents;
  throw new HuangpuError("BATCH_SIZE", `${folder} has no documents: no file ends with .json`);
}

/**
 * Writes a file whole or not at all: beside it first, then into its place.
 * @param replace False leaves alone what is there.
 * @throws HuangpuError FILE_EXISTS, FILE_UNWRITABLE
 */
export async function writeWhole(file: string, text: string, { replace }: { replace: boolean }): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await using handle = await open(draft, "wx");
    await handle.writeFile(text);
    await handle.sync();
    await (replace ? rename(draft, file) : link(draft, file));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") {
      throw new HuangpuError("FILE_EXISTS", `${file} is there already: choose another name`, { cause });
    }
    throw unwritable(file, cause);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Writes a folder whole or not at all: beside it first, then into its place.
 * @param fill Writes the files into the folder that it is given.
 * @throws HuangpuError FILE_EXISTS, FILE_UNWRITABLE, and what `fill` throws
 */
export async function writeFolder(folder: string, fill: (draft: string) => Promise<void>): Promise<void> {
  const draft = await draftFolder(folder).catch((cause: unknown) => {
    throw unwritable(folder, cause);
  });
  const interrupted = () => {
    rmSync(draft, { recursive: true, force: true });
    process.exit(INTERRUPTED);
  };
  process.once("SIGINT", interrupted);
  try {
    await fill(draft);
    await rename(draft, folder).catch((cause: NodeJS.ErrnoException) => {
      const isThere = ["EEXIST", "ENOTEMPTY", "ENOTDIR"].includes(cause.code ?? "");
      if (!isThere) throw unwritable(folder, cause);
      throw new HuangpuError("FILE_EXISTS", `${folder} is there already: choose another name`, { cause });
    });
  } finally {
    process.off("SIGINT", interrupted);
    await rm(draft, { recursive: true, force: true });
  }
}

async function draftFolder(folder: string): Promise<string> {
  await mkdir(dirname(folder), { recursive: true });
  return await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
}

function unwritable(path: string, cause: unknown): HuangpuError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HuangpuError("FILE_UNWRITABLE", `${path} cannot be written: ${reason}`, { cause });
}

/** JSON as this project writes it to files and terminals. */
export function jsonText(value: unknown): string {
  return `${terminalJson(JSON.stringify(value, null, 2))}\n`;
}
