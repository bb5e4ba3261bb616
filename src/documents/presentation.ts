import { type BatchProof, requireInBatch } from "../core/batch-tree.ts";
import { HuangpuError } from "../core/errors.ts";
import { requirePossible } from "../core/field-order.ts";
import {
  documentHash,
  type FieldValue,
  fieldLeaves,
  fieldNode,
  fieldText,
  MAX_FIELDS,
  MAX_PATH_LENGTH,
} from "../core/field-tree.ts";
import { type Hex, toBytes, toHex } from "../core/hex.ts";
import { formatJsonPath, type JsonPath } from "../core/json-path.ts";
import { DIGEST_BYTES } from "../core/merkle-tree.ts";
import {
  readBatch,
  readHash,
  readInteger,
  readItems,
  readKind,
  readMembers,
  readSalts,
  wrongForm,
} from "./envelope.ts";
import { openWrapped, WRAPPED, type WrappedDocument } from "./wrapped-document.ts";

export interface ShownField {
  /** Its place among all fields of the document, from 0. */
  readonly index: number;
  readonly path: JsonPath;
  readonly value: FieldValue;
  /** 16 bytes in base64url. */
  readonly salt: string;
}

/** Some fields of a document, and that they are its fields. Tells of the others how many there are, and nothing else. */
export interface Presentation {
  readonly huangpu: typeof PRESENTATION;
  readonly kind: string;
  /** How many fields the document has. */
  readonly fields: number;
  readonly shown: readonly ShownField[];
  /** The roots of the largest parts of the tree in which nothing is shown, in order. */
  readonly hidden: readonly Hex[];
  /** Hash of the whole document. */
  readonly hash: Hex;
  readonly batch?: BatchProof;
}

export const PRESENTATION = "presentation/1";
const MEMBERS = ["huangpu", "kind", "fields", "shown", "hidden", "hash"];
const SHOWN_MEMBERS = ["index", "path", "value", "salt"];

/**
 * Hides fields of a document, or more fields of a presentation of it.
 * @param source A wrapped document or a presentation.
 * @param hide Paths of fields, or of objects and arrays to hide with all that is in them.
 * @throws HuangpuError PATH_UNKNOWN where a path leads to nothing that is shown; PRESENTATION_EMPTY when nothing is left; and
 * what keeps `source` from being intact.
 */
export function present(source: WrappedDocument | Presentation, hide: readonly JsonPath[]): Presentation {
  const { shown: all, digests, ...document } = source.huangpu === WRAPPED ? openDocument(source) : open(source);
  for (const prefix of hide) {
    if (all.some(({ path }) => startsWith(path, prefix))) continue;
    const fields = { path: [...prefix] };
    throw new HuangpuError("PATH_UNKNOWN", `The document shows nothing at ${formatJsonPath(prefix)}`, { fields });
  }
  const shown = all.filter(({ path }) => !hide.some((prefix) => startsWith(path, prefix)));
  requireShown(shown);
  const hidden = hiddenParts(document.fields, shown).map(([first, extent]) => toHex(rootOver(digests, first, extent)));
  const { kind, fields, hash, batch } = document;
  return { huangpu: PRESENTATION, kind, fields, shown, hidden, hash, ...(batch === undefined ? {} : { batch }) };
}

/**
 * That a presentation shows fields of the document which its hash commits to, at their places in it, and that the document is
 * in its batch, if one is named.
 * @throws HuangpuError DOCUMENT_…, PRESENTATION_…, JSON_… or BATCH_…: the first fault.
 */
export function requirePresented(value: unknown): Presentation {
  open(value);
  return value as Presentation;
}

interface Opened extends Pick<Presentation, "kind" | "fields" | "shown" | "hash"> {
  readonly batch: BatchProof | undefined;
  /** Roots over so many leaves from a first one on, by {@link partKey}: all leaves, or shown leaves and hidden parts. */
  readonly digests: ReadonlyMap<number, Uint8Array>;
}

function openDocument(source: WrappedDocument): Opened {
  const { document, fields, leaves } = openWrapped(source);
  const shown = fields.map(({ path, value }, index) => ({ index, path, value, salt: document.salts[index] ?? "" }));
  const digests = new Map(shown.map(({ index }) => [partKey(index, 1), digestAt(leaves, index)]));
  return { kind: document.kind, fields: fields.length, shown, hash: document.hash, batch: document.batch, digests };
}

function open(value: unknown): Opened {
  const members = readMembers(value, "The presentation", MEMBERS, ["batch"]);
  if (members["huangpu"] !== PRESENTATION) {
    throw new HuangpuError("DOCUMENT_FORMAT_UNKNOWN", `The presentation is not of the format ${PRESENTATION}`);
  }
  const kind = readKind(members["kind"]);
  const fields = readInteger(members["fields"], "fields", 1, MAX_FIELDS);
  const hash = readHash(members["hash"], "hash");
  const shown = readItems(members["shown"], "shown").map((field, at) => readShown(field, `shown[${at}]`, fields));
  requireShown(shown);
  requirePossible(shown);
  const digests = new Map([...shownDigests(shown), ...hiddenDigests(members["hidden"], fields, shown)]);
  if (documentHash(kind, fields, rootOver(digests, 0, fields)) !== hash) {
    throw new HuangpuError(
      "DOCUMENT_HASH_MISMATCH",
      "The presentation is not of the document that its hash commits to",
    );
  }
  const batch = Object.hasOwn(members, "batch") ? readBatch(members["batch"]) : undefined;
  if (batch !== undefined) requireInBatch(hash, batch);
  return { kind, fields, shown, hash, batch, digests };
}

function readShown(value: unknown, place: string, fields: number): ShownField {
  const members = readMembers(value, place, SHOWN_MEMBERS);
  const index = readInteger(members["index"], `${place}.index`, 0, fields - 1);
  const path = readItems(members["path"], `${place}.path`).map((step, at) => {
    if (step === "__proto__") throw new HuangpuError("JSON_FORBIDDEN_NAME", `${place}.path names __proto__`);
    return typeof step === "string" ? step : readInteger(step, `${place}.path[${at}]`, 0, MAX_FIELDS - 1);
  });
  if (typeof path[0] !== "string" || path.length > MAX_PATH_LENGTH) {
    throw wrongForm(`${place}.path is no path of 1 to ${MAX_PATH_LENGTH} steps from an object`);
  }
  return { index, path, value: members["value"] as FieldValue, salt: members["salt"] as string };
}

function shownDigests(shown: readonly ShownField[]): [number, Uint8Array][] {
  const salts = readSalts(
    shown.map(({ salt }) => salt),
    shown.length,
  );
  const texts = shown.map(({ path, value }) => fieldText(path, value));
  const leaves = fieldLeaves(texts, salts);
  return shown.map(({ index }, at) => [partKey(index, 1), digestAt(leaves, at)]);
}

function hiddenDigests(value: unknown, fields: number, shown: readonly ShownField[]): [number, Uint8Array][] {
  const hidden = readItems(value, "hidden");
  const parts = hiddenParts(fields, shown);
  if (hidden.length !== parts.length) {
    const fault = `The presentation hides ${parts.length} parts of the document and has ${hidden.length} hashes for them`;
    throw new HuangpuError("PRESENTATION_HIDDEN", fault);
  }
  return parts.map(([first, extent], at) => [partKey(first, extent), toBytes(readHash(hidden[at], `hidden[${at}]`))]);
}

/** The largest parts of the tree in which nothing is shown, in order: first leaf and number of leaves. */
function hiddenParts(fields: number, shown: readonly ShownField[]): [first: number, extent: number][] {
  const shownBefore = new Uint16Array(fields + 1);
  for (const { index } of shown) shownBefore[index + 1] = 1;
  for (let at = 1; at <= fields; at++) shownBefore[at] = (shownBefore[at] ?? 0) + (shownBefore[at - 1] ?? 0);
  const parts = (first: number, extent: number): [number, number][] => {
    if (shownBefore[first] === shownBefore[first + extent]) return [[first, extent]];
    if (extent === 1) return [];
    const left = leftExtent(extent);
    return [...parts(first, left), ...parts(first + left, extent - left)];
  };
  return parts(0, fields);
}

function rootOver(digests: ReadonlyMap<number, Uint8Array>, first: number, extent: number): Uint8Array {
  const known = digests.get(partKey(first, extent));
  if (known !== undefined) return known;
  const left = leftExtent(extent);
  return fieldNode(rootOver(digests, first, left), rootOver(digests, first + left, extent - left));
}

/** Where neighbours are joined and an odd last one rises, the left half is the largest power of two below the whole. */
function leftExtent(extent: number): number {
  return 2 ** (31 - Math.clz32(extent - 1));
}

function partKey(first: number, extent: number): number {
  return first * (MAX_FIELDS + 1) + extent;
}

function digestAt(leaves: Buffer, index: number): Buffer {
  return leaves.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);
}

function startsWith(path: JsonPath, prefix: JsonPath): boolean {
  return prefix.length <= path.length && prefix.every((step, depth) => step === path[depth]);
}

function requireShown(shown: readonly ShownField[]): void {
  if (shown.length === 0)
    throw new HuangpuError("PRESENTATION_EMPTY", "The presentation shows no field of the document");
}
