import type { JsonPath } from "../../../src/core/json-path.ts";
import { hex, largestPowerBelow, referenceRoot, sha256, uint32 } from "./reference-trees.ts";

/** A field to show, or undefined for one to hide. */
export type ForgedField = readonly [JsonPath, unknown] | undefined;

/**
 * What an issuer can make that builds its trees by itself: any fields in any order, some of them hidden, and all hashes right.
 */
export function forgePresentation(fields: readonly ForgedField[]): Record<string, unknown> {
  const salts = fields.map((_, at) => Buffer.alloc(16, at + 1));
  const leaves = fields.map((field, at) => sha256([0], salts[at] ?? [], Buffer.from(JSON.stringify(field ?? at))));
  const shown = fields.flatMap((field, index) =>
    field === undefined ? [] : [{ index, path: field[0], value: field[1], salt: salts[index]?.toString("base64url") }],
  );
  const hidden = (first: number, extent: number): string[] => {
    const inside = leaves.slice(first, first + extent);
    if (fields.slice(first, first + extent).every((field) => field === undefined))
      return [hex(referenceRoot(inside, 1))];
    if (extent === 1) return [];
    const left = largestPowerBelow(extent);
    return [...hidden(first, left), ...hidden(first + left, extent - left)];
  };
  const kind = "packing-list";
  const hash = hex(sha256([2], uint32(leaves.length), referenceRoot(leaves, 1), Buffer.from(kind)));
  return { huangpu: "presentation/1", kind, fields: leaves.length, shown, hidden: hidden(0, leaves.length), hash };
}
