import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Hex } from "../../src/core/hex.ts";
import { jsonText } from "../../src/documents/document-file.ts";
import { applySetting, exampleOf } from "../../src/documents/template.ts";
import { wrap } from "../../src/documents/wrapped-document.ts";

export type DocumentName = "commercial-invoice" | "bill-of-lading" | "customs-declaration";

export interface IssuedDocument {
  file: string;
  hash: Hex;
}

/** Where each kind names the order that it belongs to. */
const referencePaths: Record<DocumentName, string> = {
  "commercial-invoice": "purchaseOrders[0].identifier",
  "bill-of-lading": "documentParties.shipper.purchaseOrderReferences[0]",
  "customs-declaration": "invoices[0].identifier",
};

/** Makes a trade's own document from the published example, wraps it and writes it to a file. */
export function issueDocument(name: DocumentName, purchaseReference: string, directory: string): IssuedDocument {
  const data = exampleOf(name);
  applySetting(data, `${referencePaths[name]}=${purchaseReference}`);
  const wrapped = wrap(data, name);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${name}.json`);
  writeFileSync(file, jsonText(wrapped));
  return { file, hash: wrapped.hash };
}
