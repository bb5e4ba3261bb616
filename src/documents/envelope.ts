/** The parts that wrapped documents and presentations share, read from whatever somebody hands over. */
import { type BatchProof, MAX_BATCH_SIZE } from "../core/batch-tree.ts";
import { HuangpuError } from "../core/errors.ts";
import { SALT_BYTES } from "../core/field-tree.ts";
import type { Hex } from "../core/hex.ts";

const HASH = /^0x[0-9a-f]{64}$/;
const KIND = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const MAX_KIND_LENGTH = 64;
/** 16 bytes in base64url: of the last character only the two highest bits count, the others are 0. */
const SALT = /^[\w-]{21}[AQgw]$/;
const BATCH_MEMBERS = ["root", "size", "index", "path"];
const MAX_SIBLINGS = 20;

/**
 * The members of an object that has just these.
 * @throws HuangpuError DOCUMENT_FORM
 */
export function readMembers(
  value: unknown,
  place: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrongForm(`${place} is no object`);
  for (const name of required) if (!Object.hasOwn(value, name)) throw wrongForm(`${place} has no member "${name}"`);
  for (const name of Object.keys(value)) {
    if (!required.includes(name) && !optional.includes(name)) {
      throw wrongForm(`${place} has an unknown member ${JSON.stringify(name)}`);
    }
  }
  return value as Record<string, unknown>;
}

/** @throws HuangpuError DOCUMENT_FORM when the value is no array. */
export function readItems(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongForm(`${place} is no array`);
  return value as readonly unknown[];
}

/** @throws HuangpuError DOCUMENT_FORM when the value is no integer from `first` to `last`. */
export function readInteger(value: unknown, place: string, first: number, last: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < first || value > last || Object.is(value, -0)) {
    throw wrongForm(`${place} is no integer from ${first} to ${last}`);
  }
  return value;
}

/** @throws HuangpuError DOCUMENT_FORM when the value is not 32 bytes in hexadecimal, 0x first, lower case. */
export function readHash(value: unknown, place: string): Hex {
  if (typeof value !== "string" || !HASH.test(value)) {
    throw wrongForm(`${place} is not 32 bytes in hexadecimal, 0x first, lower case`);
  }
  return value as Hex;
}

/** @throws HuangpuError DOCUMENT_KIND when the value is no name like `bill-of-lading`. */
export function readKind(value: unknown): string {
  if (typeof value !== "string" || value.length > MAX_KIND_LENGTH || !KIND.test(value)) {
    throw new HuangpuError("DOCUMENT_KIND", "The kind is no name like bill-of-lading");
  }
  return value;
}

/**
 * Salts, side by side.
 * @throws HuangpuError DOCUMENT_SALTS when there are not as many as fields, or one is not 16 bytes in base64url;
 * DOCUMENT_SALT_REPEATED when two are the same, so that a shown one would give away a hidden one.
 */
export function readSalts(salts: readonly unknown[], fields: number): Buffer {
  if (salts.length !== fields) {
    throw new HuangpuError("DOCUMENT_SALTS", `There are ${salts.length} salts for ${fields} fields`);
  }
  const bytes = Buffer.allocUnsafe(fields * SALT_BYTES);
  for (const [index, salt] of salts.entries()) {
    if (typeof salt !== "string" || !SALT.test(salt)) {
      throw new HuangpuError("DOCUMENT_SALTS", `Salt ${index} is not ${SALT_BYTES} bytes in base64url`);
    }
    bytes.write(salt, index * SALT_BYTES, SALT_BYTES, "base64url");
  }
  if (new Set(salts).size !== salts.length) {
    throw new HuangpuError("DOCUMENT_SALT_REPEATED", "Two fields have the same salt");
  }
  return bytes;
}

/** @throws HuangpuError DOCUMENT_FORM */
export function readBatch(value: unknown): BatchProof {
  const members = readMembers(value, "batch", BATCH_MEMBERS);
  const path = readItems(members["path"], "batch.path");
  if (path.length > MAX_SIBLINGS) throw wrongForm(`batch.path has more than ${MAX_SIBLINGS} hashes`);
  return {
    root: readHash(members["root"], "batch.root"),
    size: readInteger(members["size"], "batch.size", 1, MAX_BATCH_SIZE),
    index: readInteger(members["index"], "batch.index", 0, MAX_BATCH_SIZE - 1),
    path: path.map((sibling, height) => readHash(sibling, `batch.path[${height}]`)),
  };
}

export function wrongForm(fault: string): HuangpuError {
  return new HuangpuError("DOCUMENT_FORM", fault);
}
