import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentHash } from "../../src/core/document-hash.ts";
import type { Hex } from "../../src/core/hex.ts";

export type DocumentName = "commercial-invoice" | "bill-of-lading" | "customs-declaration";

export interface IssuedDocument {
  file: string;
  hash: Hex;
}

/**
 * Makes a trade's own copy of a sample document: the sample with the trade's reference in it. A document is registered
 * once, so no two trades can share one.
 */
export function issueDocument(name: DocumentName, purchaseReference: string, directory: string): IssuedDocument {
  const sample = readFileSync(new URL(`documents/${name}.json`, import.meta.url), "utf8");
  const text = sample.replaceAll("PO-SAMPLE", purchaseReference);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${name}.json`);
  writeFileSync(file, text);
  return { file, hash: documentHash(text) };
}
