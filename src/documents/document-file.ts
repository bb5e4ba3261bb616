import { randomBytes } from "node:crypto";
import { link, open, rename, rm } from "node:fs/promises";
import { HuangpuError } from "../core/errors.ts";
import { MAX_JSON_LENGTH, parseStrictJson } from "../core/strict-json.ts";
import { requireSound } from "./require-sound.ts";
import { requireIntact, WRAPPED, type WrappedDocument } from "./wrapped-document.ts";

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
  const value: unknown = parseStrictJson(await readText(file));
  const format = typeof value === "object" && value !== null && "huangpu" in value ? value.huangpu : undefined;
  if (format !== WRAPPED) {
    throw new HuangpuError("DOCUMENT_NOT_WRAPPED", `${file} is no wrapped document: wrap it first`);
  }
  const document = requireIntact(value);
  requireSound(document.kind, document.data);
  return document;
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
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuangpuError("FILE_UNWRITABLE", `${file} cannot be written: ${reason}`, { cause });
  } finally {
    await rm(draft, { force: true });
  }
}

/** JSON as this project writes it to files. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
