import { formatAmount, parseAmount } from "../../src/core/amount.ts";
import { formatTable } from "../terminal/table.ts";
import { costInMicroUsd } from "./cost.ts";
import type { CrossBorderResult } from "./cross-border.ts";

/** The closing table: what it took here, beside the usual way. */
export function crossBorderReport(result: CrossBorderResult): string {
  const amount = parseAmount(result.amountPaid, 6);
  const gas = cents(costInMicroUsd(BigInt(result.gasUsed)));
  const all = cents(costInMicroUsd(BigInt(result.gasUsed)) + (amount * BigInt(result.spreadBps)) / 10_000n);
  const table = formatTable([
    [`${result.currency} ${formatAmount(amount, 6)} across the border`, "here", "the usual way"],
    [
      "from document to money",
      `${result.documentToPaymentSeconds.toFixed(1)} s, ${plural(result.documentToPaymentBlocks, "block")}`,
      "2 days",
    ],
    ["final in central-bank money", `${result.centralLedgerSeconds.toFixed(1)} s after the cycle`, "2 days"],
    ["all-in cost", `${result.costBps} bps (USD ${all})`, "5–7 %"],
    ["what releases the money", `${result.proofs} proofs`, "correspondent banks"],
  ]);
  const notes = [
    "The slower of the two milestones.",
    `Cost: ${result.spreadBps} bps of the currency exchange, and USD ${gas} for the gas of every`,
    `transaction on both chains, ${BigInt(result.gasUsed).toLocaleString("en-US")} in all, at`,
    `${result.gasPrice}. A consortium's own chains usually charge none.`,
  ];
  return `\n${table}\n${notes.join("\n")}\n`;
}

function cents(microUsd: bigint): string {
  return formatAmount(microUsd, 6).replace(/(\.\d\d)\d+$/, "$1");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
