import type { TransactionReceipt } from "ethers";
import { loadAbi } from "../../src/chains/abis.ts";
import { money } from "./money.ts";

const ledgerAbi = loadAbi("finance/evidence/EvidenceLedger");

/** What the evidence ledger said in a transaction: its verdict, and what is left of each document. */
export function explainVerdict({ logs }: Pick<TransactionReceipt, "logs">, currency: string): string[] {
  const events = logs.map((log) => ledgerAbi.parseLog(log)).filter((event) => event !== null);
  const verdicts = events.filter(({ name }) => name === "ForexVerdict");
  const draws = events.filter(({ name }) => name === "EvidenceDrawn");
  return [
    ...verdicts.map(
      ({ args }) => `forex verdict: ${args["reasons"] === 0n ? "approved" : `reasons ${args["reasons"]}`}`,
    ),
    ...draws.map(({ args }) => `drawn on ${args["documentHash"].slice(0, 10)}…, ${money(currency, args["left"])} left`),
  ];
}
