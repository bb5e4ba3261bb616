import { type ErrorCode, HuangpuError } from "./errors.ts";
import { formatJsonPath, type JsonPath } from "./json-path.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = Record<string, Json>;

export interface JsonLimits {
  /** Containers within one another. */
  readonly maxDepth?: number;
  /** UTF-16 units, which are never more than the bytes of a file. */
  readonly maxLength?: number;
}

export const MAX_JSON_DEPTH = 64;
export const MAX_JSON_LENGTH = 10 * 2 ** 20;
/** Digits that a number can have so that every reader sees the same value (I-JSON, RFC 7493 §2.2). */
const SAFE_DIGITS = 15;
/** Below this, a double has fewer digits. */
const SMALLEST_NORMAL = 2 ** -1022;
const MAX_NUMBER_LENGTH = 64;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
const NEEDS_CARE = /[\\\p{Cc}\ud800-\udfff]/u;

/**
 * Reads JSON (RFC 8259) that every program reads alike. Two texts that readers could understand differently are never taken
 * for the same document.
 * @throws HuangpuError JSON_…, with `path`, `line` and `column` in its fields: no JSON, data behind it, a byte order mark, an
 * object that names a member twice or names `__proto__`, a lone surrogate, a number of more than 15 significant digits, beyond
 * 2^53 or nearer to 0 than 2^-1022, or more than the limits allow.
 */
export function parseStrictJson(text: string, limits: JsonLimits = {}): Json {
  return new Parser(text, limits).document();
}

/** What keeps a number from being the same for every reader; undefined when nothing does. */
export function numberFault(text: string, value: number): string | undefined {
  if (text.length > MAX_NUMBER_LENGTH) return "is too long";
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return "is beyond 2^53: write it as a string";
  const digits = text
    .replace(/[eE].*/, "")
    .replace(/[-.]/g, "")
    .replace(/^0+/, "")
    .replace(/0+$/, "");
  if (digits.length > SAFE_DIGITS) return `has more than ${SAFE_DIGITS} digits: write it as a string`;
  if (digits !== "" && Math.abs(value) < SMALLEST_NORMAL) return "is too near to 0: write it as a string";
  return undefined;
}

class Parser {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #maxLength: number;
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string, { maxDepth = MAX_JSON_DEPTH, maxLength = MAX_JSON_LENGTH }: JsonLimits) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#maxLength = maxLength;
  }

  document(): Json {
    const { length } = this.#text;
    if (length > this.#maxLength) throw this.#fault("JSON_TOO_LARGE", `more than ${this.#maxLength} characters`);
    if (this.#text.startsWith("\ufeff")) throw this.#fault("JSON_BYTE_ORDER_MARK", "a byte order mark");
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < length) throw this.#fault("JSON_TRAILING_DATA", "more data behind the end");
    return value;
  }

  #value(): Json {
    this.#skipSpace();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object();
      case "[":
        return this.#array();
      case '"':
        return this.#string();
      case "t":
        return this.#literal("true", true);
      case "f":
        return this.#literal("false", false);
      case "n":
        return this.#literal("null", null);
      default:
        return this.#number();
    }
  }

  #object(): JsonObject {
    const members: JsonObject = {};
    this.#enter();
    if (this.#skip("}")) return members;
    const depth = this.#path.push("") - 1;
    do {
      this.#skipSpace();
      const start = this.#at;
      if (this.#text[start] !== '"') throw this.#fault("JSON_SYNTAX", "no name of a member");
      const name = this.#string();
      this.#path[depth] = name;
      if (Object.hasOwn(members, name))
        throw this.#fault("JSON_DUPLICATE_NAME", "a member that was named before", start);
      if (name === "__proto__") throw this.#fault("JSON_FORBIDDEN_NAME", "a member of this name", start);
      if (!this.#skip(":")) throw this.#fault("JSON_SYNTAX", "no colon");
      members[name] = this.#value();
    } while (this.#skip(","));
    if (!this.#skip("}")) throw this.#fault("JSON_SYNTAX", "no comma or closing brace");
    this.#path.pop();
    return members;
  }

  #array(): Json[] {
    const items: Json[] = [];
    this.#enter();
    if (this.#skip("]")) return items;
    const depth = this.#path.push(0) - 1;
    do {
      this.#path[depth] = items.length;
      items.push(this.#value());
    } while (this.#skip(","));
    if (!this.#skip("]")) throw this.#fault("JSON_SYNTAX", "no comma or closing bracket");
    this.#path.pop();
    return items;
  }

  #enter(): void {
    if (this.#path.length >= this.#maxDepth) throw this.#fault("JSON_TOO_DEEP", `more than ${this.#maxDepth} levels`);
    this.#at++;
  }

  #string(): string {
    const start = this.#at;
    const end = this.#text.indexOf('"', start + 1);
    const plain = this.#text.slice(start + 1, end);
    if (end === -1 || NEEDS_CARE.test(plain)) return this.#escapedString(start);
    this.#at = end + 1;
    return plain;
  }

  #escapedString(start: number): string {
    let end = start + 1;
    for (; this.#text[end] !== '"'; end++) {
      if (end >= this.#text.length) throw this.#fault("JSON_SYNTAX", "a string without an end", start);
      if (this.#text[end] === "\\") end++;
    }
    this.#at = end + 1;
    let value: string;
    try {
      value = JSON.parse(this.#text.slice(start, this.#at)) as string;
    } catch (cause) {
      throw this.#fault("JSON_SYNTAX", "a string with a control character or an unknown escape", start, cause);
    }
    if (!value.isWellFormed()) throw this.#fault("JSON_LONE_SURROGATE", "half of a surrogate pair", start);
    return value;
  }

  #literal<T extends Json>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#fault("JSON_SYNTAX", "no value");
    this.#at += word.length;
    return value;
  }

  #number(): number {
    const start = this.#at;
    NUMBER.lastIndex = start;
    if (!NUMBER.test(this.#text)) throw this.#fault("JSON_SYNTAX", "no value");
    this.#at = NUMBER.lastIndex;
    const text = this.#text.slice(start, this.#at);
    const value = Number(text);
    const fault = numberFault(text, value);
    if (fault !== undefined) throw this.#fault("JSON_NUMBER", `a number that ${fault}`, start);
    return value;
  }

  #skip(mark: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    const unit = this.#text.charCodeAt(this.#at);
    if (unit > 0x20) return;
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #fault(code: ErrorCode, found: string, at = this.#at, cause?: unknown): HuangpuError {
    const before = this.#text.slice(0, at).split("\n");
    const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
    const path: JsonPath = this.#path;
    const place = `line ${line}, column ${column} (${formatJsonPath(path)})`;
    return new HuangpuError(code, `At ${place}: ${found}`, { fields: { path: [...path], line, column }, cause });
  }
}
