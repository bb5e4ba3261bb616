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
  const children = childrenOf(value, path).map(([step, child]) => {
    const text = canonicalJson(child, [...path, step]);
    return typeof step === "number" ? text : `${JSON.stringify(step)}:${text}`;
  });
  return Array.isArray(value) ? `[${children.join(",")}]` : `{${children.join(",")}}`;
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

/** Members as RFC 8785 sorts them, items of an array by their place. */
export function childrenOf(container: object, path: JsonPath): [step: string | number, child: unknown][] {
  if (Array.isArray(container)) return Array.from(container, (item: unknown, place) => [place, item]);
  const prototype: unknown = Object.getPrototypeOf(container);
  if (prototype !== Object.prototype && prototype !== null) {
    throw refused("JSON_VALUE", path, "is no plain object");
  }
  const names = Object.keys(container).sort();
  return names.map((name) => {
    if (name === "__proto__") throw refused("JSON_FORBIDDEN_NAME", path, "has a member __proto__");
    if (!name.isWellFormed()) throw refused("JSON_LONE_SURROGATE", path, "has a name with half of a surrogate pair");
    return [name, (container as Record<string, unknown>)[name]];
  });
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
