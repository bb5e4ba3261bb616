import { keccakText } from "../core/hex.ts";
import type { Json, JsonObject } from "../core/strict-json.ts";
import { type Finding, isObject, MAX_DEPTH, MAX_FIELDS, MAX_TEXT_LENGTH } from "./format.ts";
import { unsaltValue } from "./salted-value.ts";

/**
 * Reads the data of a wrapped document: the hash of each field, the plain values, and what is wrong with either. A field is a
 * salted text, or an empty object or array; its path is its names and indices with dots between.
 */
export class FieldReader {
  /** keccak256 of each field's path and text, in no particular order. */
  readonly hashes: string[] = [];
  readonly faults: Finding[] = [];
  readonly warnings: Finding[] = [];
  #length = 0;

  /** The data without salts. Worth nothing when there are faults. */
  readDocument(data: Readonly<Record<string, unknown>>): JsonObject {
    if (isLikeArray(data)) this.#warnLikeArray("data");
    return this.#readMembers(data, "", 1);
  }

  /** What is at a path of the data. */
  readAt(value: Json, path: string): void {
    this.#read(value, path, 1);
  }

  #read(value: unknown, path: string, depth: number): Json | undefined {
    if (depth > MAX_DEPTH) return this.#fault("TOO_DEEP", `The document is nested deeper than ${MAX_DEPTH} levels`);
    if (isObject(value)) {
      if (isLikeArray(value)) this.#warnLikeArray(path);
      return this.#isField(value, path) ? {} : this.#readMembers(value, `${path}.`, depth + 1);
    }
    if (Array.isArray(value)) {
      if (this.#isField(value, path)) return [];
      return value.map((item: unknown, index) => this.#read(item, `${path}.${index}`, depth + 1) ?? null);
    }
    return this.#readScalar(value, path);
  }

  #readMembers(object: Readonly<Record<string, unknown>>, prefix: string, depth: number): JsonObject {
    const members: [string, Json][] = [];
    for (const [name, value] of Object.entries(object)) {
      this.#checkName(name, prefix);
      const plain = this.#read(value, prefix + name, depth);
      if (plain !== undefined) members.push([name, plain]);
    }
    return Object.fromEntries(members);
  }

  #checkName(name: string, prefix: string): void {
    const at = `${prefix}${name}`;
    if (name.includes(".")) this.#fault("NAME_WITH_DOT", `The name "${at}" has a dot, which would split its path`);
    if (name === "") this.#fault("NAME_EMPTY", `A member of "${prefix}" has no name, so that its path is not its own`);
    if (name === "__proto__") this.#fault("NAME_REFUSED", `The name "${at}" is not one of a document's`);
  }

  #isField(container: object, path: string): boolean {
    if (Object.keys(container).length > 0) return false;
    this.#addHash(path, container);
    return true;
  }

  #readScalar(value: unknown, path: string): Json | undefined {
    const unsalted = typeof value === "string" ? unsaltValue(value) : undefined;
    if (unsalted === undefined)
      return this.#fault("SALT_MALFORMED", `The value at "${path}" is not a salt, a type and a value of that type`);
    this.#addHash(path, value);
    if (typeof unsalted.value === "string" && unsalted.value.trimEnd() !== unsalted.value)
      this.warnings.push({
        code: "TRAILING_SPACE",
        message: `The value at "${path}" ends in white space, which other readers leave out`,
      });
    return unsalted.value;
  }

  #addHash(path: string, value: unknown): void {
    if (this.hashes.length === MAX_FIELDS) this.#fault("TOO_MANY_FIELDS", `The document has over ${MAX_FIELDS} fields`);
    this.#length += path.length + (typeof value === "string" ? value.length : 0);
    if (this.#length > MAX_TEXT_LENGTH) this.#fault("TOO_LARGE", "The fields with their paths are too long a text");
    if (this.faults.length === 0) this.hashes.push(hashField(path, value));
  }

  #fault(code: string, message: string): undefined {
    if (this.faults.length === 0) this.faults.push({ code, message });
  }

  #warnLikeArray(path: string): void {
    this.warnings.push({
      code: "LIKE_ARRAY",
      message: `The members of "${path}" are named by index; the hash is the same as that of an array`,
    });
  }
}

function hashField(path: string, value: unknown): string {
  return keccakText(`{${JSON.stringify(path)}:${JSON.stringify(value)}}`).slice(2);
}

function isLikeArray(object: object): boolean {
  const names = Object.keys(object);
  return names.length > 0 && names.every((name, index) => name === String(index));
}
