import { readFileSync } from "node:fs";
import type { JsonPath } from "../../../src/core/json-path.ts";
import type { DocumentData, KindName } from "../../../src/documents/kinds.ts";

/** A copy of the published example of a kind, which may be changed. */
export function exampleDocument<K extends KindName>(kind: K): DocumentData<K> {
  const file = new URL(`../../../schemas/examples/${kind}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Every member and element of a JSON value, the innermost last. */
export function* everyPath(value: unknown, path: JsonPath = []): Generator<JsonPath> {
  if (typeof value !== "object" || value === null) return;
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [step, child] of entries) {
    yield [...path, step];
    yield* everyPath(child, [...path, step]);
  }
}

export function valueAt(document: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], document);
}

/** A copy with another value at a path; `undefined` takes the member out. */
export function changed(document: unknown, path: JsonPath, value: unknown): unknown {
  const copy = structuredClone(document);
  const [parent, last] = [valueAt(copy, path.slice(0, -1)) as Record<string | number, unknown>, path.at(-1)];
  if (last === undefined) throw new RangeError("The root has no parent");
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}
