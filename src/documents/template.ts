import { readFileSync } from "node:fs";
import { HuangpuError } from "../core/errors.ts";
import { formatJsonPath, type JsonPath, parseJsonPath } from "../core/json-path.ts";
import { type Json, type JsonObject, parseStrictJson } from "../core/strict-json.ts";
import type { KindName } from "./kinds.ts";

/** The published example of a kind: complete, sound, and of invented parties. */
export function exampleOf(kind: KindName): JsonObject {
  const file = new URL(`../../schemas/examples/${kind}.json`, import.meta.url);
  return parseStrictJson(readFileSync(file, "utf8")) as JsonObject;
}

/**
 * Changes a document as `path=value` says. The value is taken as text where a text is, and as JSON elsewhere: `lines[0].unitPrice=12.50`,
 * `conforms=true`, `remarks=["one"]`. `path=` with nothing behind it takes the member out.
 * @throws HuangpuError PATH_INVALID, PATH_UNKNOWN where the path leads through nothing, JSON_…
 */
export function applySetting(document: JsonObject, setting: string): void {
  const equals = setting.indexOf("=");
  if (equals < 1) throw new HuangpuError("PATH_INVALID", `"${setting}" is no path=value`);
  const path = parseJsonPath(setting.slice(0, equals));
  const text = setting.slice(equals + 1);
  const last = path.at(-1);
  const parent = path.slice(0, -1).reduce<Json>((value, step) => child(value, step, path), document);
  if (last === undefined || typeof parent !== "object" || parent === null) throw unknown(path);
  if (Array.isArray(parent)) setItem(parent, last, text, path);
  else if (typeof last === "string") setMember(parent, last, text);
  else throw unknown(path);
}

function setMember(parent: JsonObject, name: string, text: string): void {
  if (text === "") delete parent[name];
  else
    Object.defineProperty(parent, name, {
      ...WRITABLE,
      value: valueFrom(text, Object.hasOwn(parent, name) ? parent[name] : undefined),
    });
}

function setItem(parent: Json[], place: string | number, text: string, path: JsonPath): void {
  if (typeof place !== "number" || place > parent.length) throw unknown(path);
  if (text === "") parent.splice(place, 1);
  else parent[place] = valueFrom(text, parent[place] ?? parent[0]);
}

/** Never by assignment: a path may name `__proto__`. */
const WRITABLE = { writable: true, enumerable: true, configurable: true };

/** As text where there is one, as JSON elsewhere; a new member is JSON if it can be read as such. */
function valueFrom(text: string, former: Json | undefined): Json {
  if (typeof former === "string") return text;
  if (former !== undefined) return parseStrictJson(text);
  try {
    return parseStrictJson(text);
  } catch {
    return text;
  }
}

function child(value: Json, step: string | number, path: JsonPath): Json {
  const found =
    typeof value === "object" && value !== null && Object.hasOwn(value, step)
      ? (value as Record<string | number, Json>)[step]
      : undefined;
  if (found === undefined) throw unknown(path);
  return found;
}

function unknown(path: JsonPath): HuangpuError {
  return new HuangpuError("PATH_UNKNOWN", `The document has nothing that ${formatJsonPath(path)} could be set in`);
}
