import { formatTable } from "../terminal/table.ts";
import type { ClearingDayResult } from "./clearing-day.ts";

/** The cycle in which a bank was rejected, and what the day came to. */
export function clearingDayReport({ cycles, rejected, payments, gross, net, ...day }: ClearingDayResult): string {
  const stressed = cycles.find(({ positions }) => positions.some(({ state }) => state === "Rejected"));
  const table = formatTable([
    [`cycle ${stressed?.cycle}`, "", "net", "instructed", "booked", "state"],
    ...(stressed?.positions ?? []).map(({ member, currency, net: position, instructed, booked, state }) => [
      member,
      currency,
      position,
      instructed.slice(0, -4),
      booked.slice(0, -4),
      state,
    ]),
  ]);
  const sums = Object.keys(gross).map((currency) => {
    const share = (100 * Number(net[currency] ?? 0)) / Number(gross[currency]);
    return `${currency}: ${gross[currency]} paid, ${net[currency]} settled (${share.toFixed(0)} %)`;
  });
  const lines = [
    `${payments} payments in ${cycles.length} cycles.`,
    ...sums,
    ...rejected.map(
      ({ member, currency, coveredByCollateral }) =>
        `${member} was rejected: its collateral paid ${currency} ${coveredByCollateral.slice(0, -4)}.`,
    ),
    `Other members' positions, caps and balances: ${day.othersChanged ? "CHANGED" : "unchanged"}.`,
    `Central ledger and chain: ${day.reconciled ? "reconciled" : "DIFFER"}.`,
  ];
  return `\n${table}\n${lines.join("\n")}\n`;
}
