import type { Json } from "../../../src/core/strict-json.ts";

/** A change of one place, and what came of it. */
export interface Spoilt {
  readonly change: string;
  readonly value: Json;
}

/**
 * Everything that one change can make of a JSON value: each character and number another, each member or item gone, added, said
 * twice, renamed, moved or of another type.
 */
export function* spoil(value: Json, place = "$"): Generator<Spoilt> {
  for (const other of others(value))
    yield { change: `${place} = ${JSON.stringify(other)?.slice(0, 80)}`, value: other };
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) yield* spoilItems(value, place);
  else yield* spoilMembers(value, place);
}

function* spoilItems(items: Json[], place: string): Generator<Spoilt> {
  for (const [at, item] of items.entries()) {
    const here = `${place}[${at}]`;
    yield { change: `${here} gone`, value: items.toSpliced(at, 1) };
    yield { change: `${here} twice`, value: items.toSpliced(at, 0, item) };
    const next = items[at + 1];
    if (next !== undefined && JSON.stringify(item) !== JSON.stringify(next)) {
      yield { change: `${here} moved`, value: items.toSpliced(at, 2, next, item) };
    }
    for (const { change, value } of spoil(item, here)) yield { change, value: items.with(at, value) };
  }
}

function* spoilMembers(members: Record<string, Json>, place: string): Generator<Spoilt> {
  yield { change: `${place}.strange added`, value: { ...members, strange: 1 } };
  for (const [name, member] of Object.entries(members)) {
    const here = `${place}.${name}`;
    const { [name]: _, ...without } = members;
    yield { change: `${here} gone`, value: without };
    yield { change: `${here} renamed`, value: { ...without, [`${name}x`]: member } };
    for (const { change, value } of spoil(member, here)) yield { change, value: { ...members, [name]: value } };
  }
}

/** Other values in the place of one. */
function* others(value: Json): Generator<Json> {
  const shape = Array.isArray(value) ? "array" : typeof value;
  if (value !== null) yield null;
  if (typeof value === "boolean") yield !value;
  else yield true;
  if (typeof value === "number") yield* [value + 1, value - 1, -value - 1, value + 0.5, String(value)];
  else yield 7;
  if (typeof value === "string") yield* otherTexts(value);
  if (JSON.stringify(value) !== "{}") yield {};
  if (JSON.stringify(value) !== "[]") yield [];
  if (shape !== "object" && shape !== "array") yield* [[value], { value }];
}

function* otherTexts(text: string): Generator<string> {
  yield* [`${text} `, ` ${text}`, `${text}0`];
  if (text !== text.toUpperCase()) yield text.toUpperCase();
  for (const [at, unit] of [...text].entries()) {
    const other = unit === "0" ? "1" : "0";
    yield `${[...text].with(at, other).join("")}`;
    yield [...text].toSpliced(at, 1).join("");
  }
}
