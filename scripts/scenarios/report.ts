import { writeFileSync } from "node:fs";
import { formatAmount } from "../../src/core/amount.ts";
import { formatTable } from "../terminal/table.ts";
import type { ScenarioResult } from "./context.ts";
import { costInMicroUsd } from "./cost.ts";

/** The closing table: what it took here, beside the usual way. */
export function formatReport(result: ScenarioResult): string {
  const cost = formatAmount(costInMicroUsd(BigInt(result.gasUsed)), 6).replace(/(\.\d\d)\d+$/, "$1");
  const table = formatTable([
    [`${result.currency} ${result.amountPaid.replace(/\.0+$/, "")} across the border`, "here", "the usual way"],
    [
      "from document to money",
      `${result.documentToPaymentSeconds.toFixed(1)} s, ${plural(result.documentToPaymentBlocks, "block")}`,
      "2 days",
    ],
    ["all-in cost", `${result.costBps} bps (USD ${cost})`, "500–700 bps"],
    ["what releases the money", `${result.proofs} proofs`, "correspondent banks"],
  ]);
  return `\n${table}\nThe slower of the two milestones. Gas of every transaction on both chains, ${BigInt(result.gasUsed).toLocaleString("en-US")} in all,\nat ${result.gasPrice}; a consortium's own chains usually charge none.\n`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export function writeResult(file: string, result: ScenarioResult): void {
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}
