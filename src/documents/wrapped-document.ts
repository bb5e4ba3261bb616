import { randomBytes } from "node:crypto";
import { type BatchProof, requireInBatch } from "../core/batch-tree.ts";
import { HuangpuError } from "../core/errors.ts";
import { documentHash, type Field, fieldLeaves, fieldRoot, fieldsOf, SALT_BYTES } from "../core/field-tree.ts";
import type { Hex } from "../core/hex.ts";
import type { JsonObject } from "../core/strict-json.ts";
import { readBatch, readHash, readItems, readKind, readMembers, readSalts, wrongForm } from "./envelope.ts";

/** A document with what is needed to show any part of it. Whoever has this sees all of it. */
export interface WrappedDocument {
  readonly huangpu: typeof WRAPPED;
  /** Name of its kind, such as `bill-of-lading`. */
  readonly kind: string;
  readonly data: JsonObject;
  /** 16 bytes in base64url for each field, in the order of `fieldsOf`. */
  readonly salts: readonly string[];
  /** What is registered on the trade chain: commits to kind, data and salts. */
  readonly hash: Hex;
  readonly batch?: BatchProof;
}

export const WRAPPED = "document/1";
const MEMBERS = ["huangpu", "kind", "data", "salts", "hash"];

/**
 * Gives each field a salt and hashes the document.
 * @param data An object with at least one member, as `parseStrictJson` or a program makes it; kept, not copied.
 * @param random Unpredictable bytes: whoever guesses a salt can find out a short hidden value.
 * @throws HuangpuError JSON_…, DOCUMENT_FORM, DOCUMENT_KIND or DOCUMENT_TOO_LARGE
 */
export function wrap(data: object, kind: string, random: (bytes: number) => Uint8Array = randomBytes): WrappedDocument {
  readKind(kind);
  const fields = fieldsOfData(data);
  const bytes = Buffer.from(random(fields.length * SALT_BYTES));
  const salts = fields.map((_, index) => bytes.toString("base64url", index * SALT_BYTES, (index + 1) * SALT_BYTES));
  readSalts(salts, fields.length);
  return { huangpu: WRAPPED, kind, data: data as JsonObject, salts, hash: hashOf(kind, fields, bytes) };
}

/**
 * That a document is what its hash commits to, and that it is in its batch, if it names one.
 * @throws HuangpuError DOCUMENT_…, JSON_… or BATCH_…: the first fault.
 */
export function requireIntact(value: unknown): WrappedDocument {
  return openWrapped(value).document;
}

/** The same with the fields and leaves that were hashed; for presentations. */
export function openWrapped(value: unknown): { document: WrappedDocument; fields: Field[]; leaves: Buffer } {
  const members = readMembers(value, "The document", MEMBERS, ["batch"]);
  if (members["huangpu"] !== WRAPPED) {
    throw new HuangpuError("DOCUMENT_FORMAT_UNKNOWN", `The document is not of the format ${WRAPPED}`);
  }
  const kind = readKind(members["kind"]);
  const hash = readHash(members["hash"], "hash");
  const fields = fieldsOfData(members["data"]);
  const salts = readSalts(readItems(members["salts"], "salts"), fields.length);
  const leaves = fieldLeaves(
    fields.map(({ text }) => text),
    salts,
  );
  if (documentHash(kind, fields.length, fieldRoot(Buffer.from(leaves))) !== hash) {
    throw new HuangpuError("DOCUMENT_HASH_MISMATCH", "The document is not the one that its hash commits to");
  }
  if (Object.hasOwn(members, "batch")) requireInBatch(hash, readBatch(members["batch"]));
  return { document: value as WrappedDocument, fields, leaves };
}

function fieldsOfData(data: unknown): Field[] {
  if (typeof data !== "object" || data === null || Array.isArray(data)) throw wrongForm("The data is no object");
  if (Object.keys(data).length === 0) throw wrongForm("The data has no fields");
  return fieldsOf(data);
}

function hashOf(kind: string, fields: readonly Field[], salts: Buffer): Hex {
  const leaves = fieldLeaves(
    fields.map(({ text }) => text),
    salts,
  );
  return documentHash(kind, fields.length, fieldRoot(leaves));
}
