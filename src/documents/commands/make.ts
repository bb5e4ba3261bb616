/** Commands that make documents, and ask no chain. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { asHuangpuError, HuangpuError } from "../../core/errors.ts";
import { parseJsonPath } from "../../core/json-path.ts";
import { type JsonObject, parseStrictJson } from "../../core/strict-json.ts";
import { terminalText } from "../../core/terminal-text.ts";
import { isOpenAttestation, type WrappedOpenAttestation } from "../../open-attestation/format.ts";
import { documentsIn, formatOf, jsonText, notWrapped, readText, writeFolder, writeWhole } from "../document-file.ts";
import { documentKinds, type KindName } from "../kinds.ts";
import { PRESENTATION, type Presentation, present } from "../presentation.ts";
import { requireKind, requireSound } from "../require-sound.ts";
import { applySetting, exampleOf } from "../template.ts";
import { validateDocument } from "../validate.ts";
import { requireIntact, WRAPPED, type WrappedDocument, wrap } from "../wrapped-document.ts";
import { redactExported } from "./export.ts";
import type { Shown } from "./shown.ts";

export interface CreateOptions {
  /** A template of one's own, in the place of the kind's example. */
  from?: string;
  set: readonly string[];
  out?: string;
}

/** A document of a kind from a template, with some members set. Nothing is written unless it is sound. */
export async function create(kindName: string, { from, set, out }: CreateOptions): Promise<Shown> {
  const kind = requireKind(kindName);
  const document = from === undefined ? exampleOf(kind) : requireObject(parseStrictJson(await readText(from)), from);
  for (const setting of set) applySetting(document, setting);
  requireSound(kind, document);
  return await deliver(document, out, `${documentKinds[kind].title} written`);
}

/** Every fault of a document's data, with its path. */
export async function validate(file: string, { kind: name }: { kind: string }): Promise<Shown> {
  const kind = requireKind(name);
  const faults = validateDocument(kind, parseStrictJson(await readText(file)));
  const lines = faults.map(({ path, code, message }) => `${path}  ${code}\n  ${message}\n`);
  const sound = `${file} is a sound ${kind}\n`;
  return {
    data: { file, kind, faults },
    text: terminalText(faults.length === 0 ? sound : lines.join("")),
    fails: faults.length > 0,
  };
}

export interface WrapOptions {
  kind: string;
  out?: string;
}

/** Wraps a document, or all of a folder into another one that is there only when all of them are sound. */
export async function wrapFiles(source: string, { kind: name, out }: WrapOptions): Promise<Shown> {
  const kind = requireKind(name);
  const found = await stat(source).catch((cause: unknown) => {
    throw new HuangpuError("FILE_UNREADABLE", `${source} cannot be read: ${asHuangpuError(cause).message}`, { cause });
  });
  if (found.isDirectory()) return await wrapFolder(source, kind, out);
  const wrapped = await wrapFile(source, kind);
  return await deliver(wrapped, out, `Wrapped as ${wrapped.hash}`);
}

async function wrapFile(file: string, kind: KindName): Promise<WrappedDocument> {
  const data = requireObject(parseStrictJson(await readText(file)), file);
  requireSound(kind, data);
  return wrap(data, kind);
}

async function wrapFolder(source: string, kind: KindName, out: string | undefined): Promise<Shown> {
  if (out === undefined) throw new HuangpuError("FILE_UNWRITABLE", "Name the folder to write to: --out FOLDER");
  const names = await documentsIn(source);
  await writeFolder(out, async (draft) => {
    const faults: string[] = [];
    for (const name of names) {
      try {
        await writeWhole(join(draft, name), jsonText(await wrapFile(join(source, name), kind)), { replace: false });
      } catch (error) {
        const { code, message } = asHuangpuError(error);
        faults.push(`  ${join(source, name)}: ${code}: ${message.replaceAll("\n", "\n  ")}`);
      }
    }
    if (faults.length === 0) return;
    const count = `${faults.length} of ${names.length} files have faults, so nothing is written:`;
    throw new HuangpuError("FOLDER_FAULTY", [count, ...faults].join("\n"));
  });
  return { data: { kind, documents: names.length, out }, text: `${names.length} documents wrapped into ${out}\n` };
}

export interface RedactOptions {
  hide: readonly string[];
  out?: string;
}

/** A presentation of a document without some of its fields, or of a presentation without some more; or one of OpenAttestation. */
export async function redact(file: string, { hide, out }: RedactOptions): Promise<Shown> {
  const value = parseStrictJson(await readText(file));
  if (isOpenAttestation(value)) {
    const foreign = redactExported(value as unknown as WrappedOpenAttestation, hide);
    return await deliver(foreign, out, `${foreign.privacy?.obfuscatedData.length} fields are hidden`);
  }
  const format = formatOf(value);
  if (format !== PRESENTATION && format !== WRAPPED) throw notWrapped(file);
  const source = format === PRESENTATION ? (value as unknown as Presentation) : requireIntact(value);
  const presentation = present(source, hide.map(parseJsonPath));
  const { shown, fields } = presentation;
  return await deliver(presentation, out, `${shown.length} of ${fields} fields are shown`);
}

/** Into a file if one is named, and otherwise to the terminal. */
async function deliver(value: object, out: string | undefined, done: string): Promise<Shown> {
  if (out === undefined) return { data: value, text: jsonText(value) };
  await writeWhole(out, jsonText(value), { replace: false });
  return { data: { out, ...("hash" in value ? { hash: value.hash } : {}) }, text: `${done}: ${out}\n` };
}

function requireObject(value: unknown, file: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new HuangpuError("DOCUMENT_FORM", `${file} holds no object`);
}
