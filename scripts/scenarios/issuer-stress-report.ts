import { formatAmount, parseAmount } from "../../src/core/amount.ts";
import { formatTable } from "../terminal/table.ts";
import type { IssuerStressResult } from "./issuer-stress.ts";

/** What stopped, what went on, and what became of those who wanted their money. */
export function issuerStressReport(result: IssuerStressResult): string {
  const { stressed, unharmed, mintRefusedWith, paymentRefusedWith, paidInOther, redemptions } = result;
  const table = formatTable([
    ["id", "holder", "USD", "due before", "overdue", "paid out"],
    ...redemptions.map(({ id, holder, amount, deadline, wasOverdue, fulfilled }) => [
      String(id),
      holder,
      formatAmount(parseAmount(amount, 6), 6),
      deadline.slice(0, 16),
      yes(wasOverdue),
      yes(fulfilled),
    ]),
  ]);
  const lines = [
    `${stressed}: minting stopped by itself (${mintRefusedWith}),`,
    `and all movements when the guardian said so (${paymentRefusedWith}).`,
    `${unharmed}: CNY ${formatAmount(parseAmount(paidInOther.amount, 6), 6)} paid meanwhile, and booked in cycle ${paidInOther.cycle}.`,
  ];
  return `\n${table}\n${lines.join("\n")}\n`;
}

function yes(value: boolean): string {
  return value ? "yes" : "no";
}
