import { formatAmount, parseAmount } from "../../src/core/amount.ts";
import { formatTable } from "../terminal/table.ts";
import type { TitleDvpResult } from "./title-dvp.ts";

/** Where every title and its price are. */
export function titleDvpReport({ outcomes, refusedWith, gas }: TitleDvpResult): string {
  const table = formatTable([
    ["title", "USD", "ended", "title is with", "seller got"],
    ...outcomes.map(({ titleId, price, ended, holder, received }) => [
      `${titleId.slice(0, 8)}…`,
      dollars(price),
      ended,
      holder,
      dollars(received),
    ]),
  ]);
  const lines = [
    "The money moved and the title followed, or neither did.",
    `While it was offered: ${refusedWith.movingIt}.`,
    `After its end: ${refusedWith.payingLate}.`,
    `Gas: offer ${count(gas.offer)}, payment ${count(gas.pay)},`,
    `delivery with its proof ${count(gas.delivery)}, return with its proof ${count(gas.return)}.`,
  ];
  return `\n${table}\n${lines.join("\n")}\n`;
}

function dollars(amount: string): string {
  return formatAmount(parseAmount(amount, 6), 6);
}

function count(gas: string): string {
  return BigInt(gas).toLocaleString("en-US");
}
