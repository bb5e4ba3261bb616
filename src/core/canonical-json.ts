import { HuangpuError } from "./errors.ts";
import { formatJsonPath, type JsonPath } from "./json-path.ts";
import { MAX_JSON_DEPTH, numberFault } from "./strict-json.ts";

/** Numbers below this have so few digits that they need no look at their text. */
const FEW_DIGITS = 10 ** 15;

/**
 * The canonical form of a value (RFC 8785), of which `parseStrictJson` makes the same value again.
 * @throws HuangpuError JSON_VALUE, JSON_NUMBER, JSON_LONE_SURROGATE, JSON_FORBIDDEN_NAME or JSON_TOO_DEEP, with `path`: the
 * value is nothing that JSON has, or nothing that every reader would read alike.
 */
export function canonicalJson(value: unknown, path: JsonPath = []): string {
  if (typeof value !== "object" || value === null) return canonicalScalar(value, path);
  if (path.length >= MAX_JSON_DEPTH) throw refused("JSON_TOO_DEEP", path, `has more than ${MAX_JSON_DEPTH} levels`);
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item: unknown, place) => canonicalJson(item, [...path, place])).join(",")}]`;
  }
  const members = sortedNames(value, path).map(
    (name) => `${JSON.stringify(name)}:${canonicalJson((value as Members)[name], [...path, name])}`,
  );
  return `{${members.join(",")}}`;
}

/** The canonical form of what is neither object nor array. */
export function canonicalScalar(value: unknown, path: JsonPath): string {
  switch (typeof value) {
    case "string":
      if (!value.isWellFormed()) throw refused("JSON_LONE_SURROGATE", path, "has half of a surrogate pair");
      return JSON.stringify(value);
    case "number":
      return canonicalNumber(value, path);
    case "boolean":
      return value ? "true" : "false";
    default:
      if (value === null) return "null";
      throw refused("JSON_VALUE", path, "is nothing that JSON has");
  }
}

/** An object, of which {@link sortedNames} says what it has. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * The names of an object's members as RFC 8785 sorts them.
 * @throws HuangpuError JSON_VALUE, JSON_LONE_SURROGATE or JSON_FORBIDDEN_NAME, as {@link canonicalJson} does.
 */
export function sortedNames(object: object, path: JsonPath): string[] {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) throw refused("JSON_VALUE", path, "is no plain object");
  const names = Object.keys(object).sort();
  for (const name of names) {
    if (name === "__proto__") throw refused("JSON_FORBIDDEN_NAME", path, "has a member __proto__");
    if (!name.isWellFormed()) throw refused("JSON_LONE_SURROGATE", path, "has a name with half of a surrogate pair");
  }
  return names;
}

function canonicalNumber(value: number, path: JsonPath): string {
  if (!Number.isFinite(value)) throw refused("JSON_NUMBER", path, "is no finite number");
  const text = value === 0 ? "0" : String(value);
  if (Number.isInteger(value) && Math.abs(value) < FEW_DIGITS) return text;
  const fault = numberFault(text, value);
  if (fault !== undefined) throw refused("JSON_NUMBER", path, fault);
  return text;
}

function refused(
  code: `JSON_${"TOO_DEEP" | "LONE_SURROGATE" | "NUMBER" | "VALUE" | "FORBIDDEN_NAME"}`,
  path: JsonPath,
  fault: string,
) {
  return new HuangpuError(code, `${formatJsonPath(path)} ${fault}`, { fields: { path: [...path] } });
}
