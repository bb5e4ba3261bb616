import { keccakText } from "../core/hex.ts";

/** The hash of a document from those of its fields, shown and hidden: of the JSON text of all in ascending order. */
export function targetHash(fields: readonly string[]): string {
  return keccakText(JSON.stringify([...fields].sort())).slice(2);
}
