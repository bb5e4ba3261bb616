import { readFileSync, writeFileSync } from "node:fs";
import type { GasFigures } from "./gas.ts";

const FILE = new URL("snapshots/gas.json", import.meta.url);
const TOLERANCE = 0.01;

/** What differs from the committed figures by more than one per cent, either way, or is missing in one of both. */
export function compareSnapshot(gas: GasFigures): string[] {
  const [committed, measured] = [flatten(JSON.parse(readFileSync(FILE, "utf8"))), flatten(gas)];
  const names = [...new Set([...committed.keys(), ...measured.keys()])];
  return names.flatMap((name) => {
    const [before, now] = [committed.get(name), measured.get(name)];
    const same = before !== undefined && now !== undefined && Math.abs(now - before) <= TOLERANCE * before;
    return same ? [] : [`${name}: ${now ?? "not measured"}, committed ${before ?? "not"}`];
  });
}

export function writeSnapshot(gas: GasFigures): void {
  const rounded = JSON.stringify(gas, (_, value) => (typeof value === "number" ? Math.round(value) : value), 2);
  writeFileSync(FILE, `${rounded}\n`);
}

function flatten(value: object, prefix = ""): Map<string, number> {
  return new Map(
    Object.entries(value).flatMap(([key, inner]): [string, number][] =>
      typeof inner === "number" ? [[prefix + key, inner]] : [...flatten(inner, `${prefix}${key}.`)],
    ),
  );
}
