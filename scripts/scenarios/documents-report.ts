import { formatTable } from "../terminal/table.ts";
import type { DocumentsResult } from "./documents.ts";

/** What verifiers were told of each document, and what each act cost. */
export function documentsReport({ fields, shownOfRedacted, fault, sights, batch, gas }: DocumentsResult): string {
  const names = ["integrity", "status", "issuer", "policy"];
  const seen = sights.flatMap(({ what, valid, codes }) => [
    `  ${valid ? "valid    " : "not valid"}  ${what}`,
    `             ${names
      .map((name, index) => `${name} ${codes[index] ?? ""}`)
      .slice(0, 2)
      .join(", ")}`,
  ]);
  const each = Math.round(Number(gas.anchorBatch) / batch.size);
  const costs = formatTable([
    ["act", "gas"],
    ["anchor a document", count(gas.anchor)],
    ["supersede it", count(gas.supersede)],
    ["revoke it", count(gas.revoke)],
    [`anchor ${batch.size} documents`, `${count(gas.anchorBatch)}, or ${count(each)} each`],
    ["revoke one of them", count(gas.revokeInBatch)],
  ]);
  const lines = [
    `The first draft was refused: ${fault.path}.`,
    `Of the invoice's ${fields} fields ${shownOfRedacted} were shown, and are proven to be of it.`,
    "",
    "What a verifier was told who trusts the chain alone:",
    ...seen,
    "",
  ];
  return `\n${lines.join("\n")}\n${costs}`;
}

function count(value: string | number): string {
  return Number(value).toLocaleString("en-US");
}
