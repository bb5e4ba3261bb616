import type { KindName } from "../../../src/documents/kinds.ts";
import { validateDocument } from "../../../src/documents/validate.ts";
import { changed, exampleDocument } from "./example-documents.ts";

export type Change = readonly [path: readonly (string | number)[], value: unknown];

/** The faults of a kind's example after some changes, as `path message`, without the root. */
export function faultsAfter(kind: KindName, ...changes: readonly Change[]): string[] {
  const example: unknown = exampleDocument(kind);
  const document = changes.reduce((current, [path, value]) => changed(current, path, value), example);
  return validateDocument(kind, document).map(({ path, message }) => `${path.slice("$.".length)} ${message}`);
}
