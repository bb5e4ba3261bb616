import type { Json, JsonObject } from "../../../src/core/strict-json.ts";
import type { SeededRandom } from "./seeded-random.ts";

const TEXTS = [
  "",
  "a",
  ":",
  ",:",
  'quote " inside',
  "back\\slash",
  "12345678901234567890",
  "黄浦",
  "€\n\t",
  '{"a":1}',
  "\u{1f600}",
  "\ufb33",
];

export function randomJson(random: SeededRandom, depth: number): Json {
  const kind = random.below(depth === 0 ? 4 : 6);
  if (kind === 0) return random.below(2) === 0;
  if (kind === 1) return null;
  if (kind === 2) return random.between(-1_000_000, 1_000_000) / 8;
  if (kind === 3) return randomText(random);
  const children = Array.from({ length: random.below(5) }, () => randomJson(random, depth - 1));
  if (kind === 4) return children;
  return Object.fromEntries(children.map((child, index) => [`${randomText(random)}${index}`, child]));
}

/** A document: an object with at least one member. */
export function randomDocument(random: SeededRandom, members: number, depth = 3): JsonObject {
  const entries = Array.from({ length: members }, (_, index): [string, Json] => [
    `${randomText(random)}${index}`,
    randomJson(random, depth),
  ]);
  return Object.fromEntries(entries);
}

/** The same document written by somebody else: other order of members, other white space. */
export function rewritten(random: SeededRandom, value: Json): string {
  const space = () => [" ", "\n", "\t", "", "\r\n"][random.below(5)] ?? "";
  if (typeof value !== "object" || value === null) return `${space()}${JSON.stringify(value)}${space()}`;
  if (Array.isArray(value)) return `${space()}[${value.map((child) => rewritten(random, child)).join(",")}${space()}]`;
  const members = random.shuffled(Object.entries(value));
  const written = members.map(
    ([name, child]) => `${space()}${JSON.stringify(name)}${space()}:${rewritten(random, child)}`,
  );
  return `{${written.join(",")}${space()}}${space()}`;
}

function randomText(random: SeededRandom): string {
  return TEXTS[random.below(TEXTS.length)] ?? "";
}
