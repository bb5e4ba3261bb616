import type { JsonPath } from "../../../src/core/json-path.ts";
import { hex, largestPowerBelow, referenceRoot, sha256, uint32 } from "./reference-trees.ts";

/** A field, and whether it is shown. */
export interface ReferenceField {
  readonly path: JsonPath;
  readonly value: unknown;
  readonly salt: Uint8Array;
  readonly isShown: boolean;
}

/** A presentation by the second implementation, of any fields in any order. */
export function referencePresentation(kind: string, fields: readonly ReferenceField[]): Record<string, unknown> {
  const leaves = fields.map(({ path, value, salt }) => sha256([0], salt, Buffer.from(JSON.stringify([path, value]))));
  const shown = fields.flatMap(({ path, value, salt, isShown }, index) =>
    isShown ? [{ index, path, value, salt: Buffer.from(salt).toString("base64url") }] : [],
  );
  const hidden = (first: number, extent: number): string[] => {
    const inside = leaves.slice(first, first + extent);
    if (fields.slice(first, first + extent).every(({ isShown }) => !isShown)) return [hex(referenceRoot(inside, 1))];
    if (extent === 1) return [];
    const left = largestPowerBelow(extent);
    return [...hidden(first, left), ...hidden(first + left, extent - left)];
  };
  const hash = hex(sha256([2], uint32(leaves.length), referenceRoot(leaves, 1), Buffer.from(kind)));
  return { huangpu: "presentation/1", kind, fields: leaves.length, shown, hidden: hidden(0, leaves.length), hash };
}

/** A field to show, or undefined for one to hide. */
export type ForgedField = readonly [JsonPath, unknown] | undefined;

/** What an issuer can make that builds its trees by itself: any fields, some of them hidden, and all hashes right. */
export function forgePresentation(fields: readonly ForgedField[]): Record<string, unknown> {
  const made = fields.map((field, at) => {
    const [path, value] = field ?? [["hidden"], at];
    return { path, value, salt: Buffer.alloc(16, at + 1), isShown: field !== undefined };
  });
  return referencePresentation("packing-list", made);
}
