import { canonicalScalar, type Members, sortedNames } from "./canonical-json.ts";
import { HuangpuError } from "./errors.ts";
import type { Hex } from "./hex.ts";
import { formatJsonPath, type JsonPath } from "./json-path.ts";
import { DIGEST_BYTES, hashInto, reduceToRoot } from "./merkle-tree.ts";

export const SALT_BYTES = 16;
export const MAX_FIELDS = 4096;
/** Steps from a document to a field. */
export const MAX_PATH_LENGTH = 32;
/** UTF-16 units of all fields, each with its path, so that hashing stays in proportion to what a text may have. */
const MAX_TEXT_LENGTH = 2 ** 23;

const FIELD_TAG = 0;
const NODE_TAG = 1;
const DOCUMENT_TAG = 2;

/** Values that have no parts: what one leaf of a document's tree commits to. */
export type FieldValue = null | boolean | number | string | readonly never[] | Readonly<Record<string, never>>;

export interface Field {
  readonly path: JsonPath;
  readonly value: FieldValue;
  /** Canonical JSON of `[path, value]`. */
  readonly text: string;
}

/**
 * The fields of a document in the order of its leaves: members as RFC 8785 sorts them, items of arrays by their place.
 * @throws HuangpuError JSON_… where the document is nothing that JSON has, JSON_TOO_DEEP beyond 32 steps, and
 * DOCUMENT_TOO_LARGE beyond 4,096 fields or 2^23 UTF-16 units of fields with their paths.
 */
export function fieldsOf(document: object): Field[] {
  const fields: Field[] = [];
  let length = 0;
  const add = (path: JsonPath, value: unknown, steps: string, canonical: string): void => {
    const text = `[[${steps}],${canonical}]`;
    length += text.length;
    fields.push({ path, value: value as FieldValue, text });
    if (fields.length > MAX_FIELDS) throw tooLarge(`more than ${MAX_FIELDS} fields`);
    if (length > MAX_TEXT_LENGTH) throw tooLarge("too long a text");
  };
  const collect = (value: unknown, path: JsonPath, steps: string): void => {
    if (path.length > MAX_PATH_LENGTH) throw tooDeep(path);
    const before = steps === "" ? "" : `${steps},`;
    if (typeof value !== "object" || value === null) add(path, value, steps, canonicalScalar(value, path));
    else if (Array.isArray(value)) {
      if (value.length === 0) add(path, value, steps, "[]");
      for (let at = 0; at < value.length; at++) collect(value[at], path.concat(at), `${before}${at}`);
    } else {
      const names = sortedNames(value, path);
      if (names.length === 0) add(path, value, steps, "{}");
      for (const name of names) collect((value as Members)[name], path.concat(name), before + JSON.stringify(name));
    }
  };
  collect(document, [], "");
  return fields;
}

/** Canonical JSON of `[path, value]`. @throws HuangpuError JSON_… as {@link fieldsOf} does. */
export function fieldText(path: JsonPath, value: unknown): string {
  const steps = path.map((step) => canonicalScalar(step, path));
  return `[[${steps.join(",")}],${canonicalValue(value, path)}]`;
}

/**
 * The leaves of a document, side by side: sha256(0x00 ‖ salt ‖ canonical `[path, value]`).
 * @param salts 16 bytes for each field, in the order of the fields.
 */
export function fieldLeaves(texts: readonly string[], salts: Buffer): Buffer {
  const longest = texts.reduce((most, { length }) => Math.max(most, length), 0);
  // A UTF-16 unit has at most three bytes of UTF-8.
  const preimage = Buffer.allocUnsafe(1 + SALT_BYTES + 3 * longest);
  const leaves = Buffer.allocUnsafe(texts.length * DIGEST_BYTES);
  preimage[0] = FIELD_TAG;
  for (const [index, text] of texts.entries()) {
    salts.copy(preimage, 1, index * SALT_BYTES, (index + 1) * SALT_BYTES);
    const end = 1 + SALT_BYTES + preimage.write(text, 1 + SALT_BYTES, "utf8");
    hashInto(leaves, index * DIGEST_BYTES, preimage.subarray(0, end));
  }
  return leaves;
}

/** The root of the tree over leaves that lie side by side. Overwrites them. */
export function fieldRoot(leaves: Buffer): Buffer {
  return reduceToRoot(leaves, NODE_TAG);
}

/** The hash under which a document is registered: sha256(0x02 ‖ count of fields (uint32) ‖ root ‖ kind). */
export function documentHash(kind: string, fields: number, root: Uint8Array): Hex {
  const head = Buffer.from([DOCUMENT_TAG, 0, 0, 0, 0]);
  head.writeUInt32BE(fields, 1);
  const hashed = Buffer.allocUnsafe(DIGEST_BYTES);
  hashInto(hashed, 0, Buffer.concat([head, root, Buffer.from(kind, "utf8")]));
  return `0x${hashed.toString("hex")}`;
}

/** The lowest node above two: sha256(0x01 ‖ left ‖ right). */
export function fieldNode(left: Uint8Array, right: Uint8Array): Buffer {
  return reduceToRoot(Buffer.concat([left, right]), NODE_TAG);
}

function canonicalValue(value: unknown, path: JsonPath): string {
  if (typeof value !== "object" || value === null) return canonicalScalar(value, path);
  const parts = Array.isArray(value) ? value.length : sortedNames(value, path).length;
  if (parts === 0) return Array.isArray(value) ? "[]" : "{}";
  throw new HuangpuError("JSON_VALUE", `${formatJsonPath(path)} has parts of its own`, { fields: { path: [...path] } });
}

function tooDeep(path: JsonPath): HuangpuError {
  const fault = `${formatJsonPath(path)} lies deeper than ${MAX_PATH_LENGTH} levels`;
  return new HuangpuError("JSON_TOO_DEEP", fault, { fields: { path: [...path] } });
}

function tooLarge(fault: string): HuangpuError {
  return new HuangpuError("DOCUMENT_TOO_LARGE", `The document has ${fault}`);
}
