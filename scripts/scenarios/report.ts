import { writeFileSync } from "node:fs";
import { formatAmount, parseAmount } from "../../src/core/amount.ts";
import { formatTable } from "../terminal/table.ts";
import type { ScenarioResult } from "./context.ts";
import { costInMicroUsd } from "./cost.ts";

/** The closing table: what it took here, beside the usual way. */
export function formatReport(result: ScenarioResult): string {
  const cost = formatAmount(costInMicroUsd(BigInt(result.gasUsed)), 6).replace(/(\.\d\d)\d+$/, "$1");
  const table = formatTable([
    [
      `${result.currency} ${formatAmount(parseAmount(result.amountPaid, 6), 6)} across the border`,
      "here",
      "the usual way",
    ],
    [
      "from document to money",
      `${result.documentToPaymentSeconds.toFixed(1)} s, ${plural(result.documentToPaymentBlocks, "block")}`,
      "2 days",
    ],
    ["all-in cost", `${result.costBps} bps (USD ${cost})`, "500–700 bps"],
    ["what releases the money", `${result.proofs} proofs`, "correspondent banks"],
  ]);
  const gas = BigInt(result.gasUsed).toLocaleString("en-US");
  const notes = [
    "The slower of the two milestones.",
    `Cost: the gas of every transaction on both chains, ${gas} in all, at`,
    `${result.gasPrice}. A consortium's own chains usually charge none.`,
  ];
  return `\n${table}\n${notes.join("\n")}\n`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export function writeResult(file: string, result: ScenarioResult): void {
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}
