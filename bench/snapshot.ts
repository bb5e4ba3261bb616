import { readFileSync, writeFileSync } from "node:fs";

const TOLERANCE = 0.01;

/** What differs from the committed figures by more than one per cent, either way, or is missing in one of both. */
export function compareSnapshot(name: string, figures: object): string[] {
  const [committed, measured] = [flatten(JSON.parse(readFileSync(fileOf(name), "utf8"))), flatten(figures)];
  const keys = [...new Set([...committed.keys(), ...measured.keys()])];
  return keys.flatMap((key) => {
    const [before, now] = [committed.get(key), measured.get(key)];
    const same = before !== undefined && now !== undefined && Math.abs(now - before) <= TOLERANCE * before;
    return same ? [] : [`${name}.${key}: ${now ?? "not measured"}, committed ${before ?? "not"}`];
  });
}

/** Commits to figures, in whole units. */
export function writeSnapshot(name: string, figures: object): void {
  const rounded = JSON.stringify(figures, (_, value) => (typeof value === "number" ? Math.round(value) : value), 2);
  writeFileSync(fileOf(name), `${rounded}\n`);
}

function fileOf(name: string): URL {
  return new URL(`snapshots/${name}.json`, import.meta.url);
}

function flatten(value: object, prefix = ""): Map<string, number> {
  return new Map(
    Object.entries(value).flatMap(([key, inner]): [string, number][] =>
      typeof inner === "number" ? [[prefix + key, inner]] : [...flatten(inner, `${prefix}${key}.`)],
    ),
  );
}
