import { formatAmount } from "../../src/core/amount.ts";
import type { BothChains } from "./local.ts";

const DECIMALS = 6;

/** In the order of the enums of ITradeBook and ISettlement. */
const tradeStates = ["unknown", "proposed", "withdrawn", "agreed", "disputed", "completed", "expired", "cancelled"];
const milestoneStates = ["pending", "reached", "paid", "in suspense"];
const escrowStates = ["unknown", "open", "funded", "owing", "closed"];

/** What both chains say of a trade. */
export async function tradeStatus({ trade, finance }: BothChains, tradeId: string): Promise<string[]> {
  const [status, escrow] = await Promise.all([trade.tradeBook.statusOf(tradeId), finance.settlement.escrow(tradeId)]);
  const money = (units: bigint) => formatAmount(units, DECIMALS);
  const milestones = status.milestones.map((state) => milestoneStates[Number(state)]).join(", ");
  return [
    `trade       ${tradeId}`,
    `trade chain    ${tradeStates[Number(status.state)]}, funded: ${status.funded ? "yes" : "no"}, milestones: ${milestones || "none"}, paid ${money(status.paid)}, refunded ${money(status.refunded)}`,
    `finance chain  escrow ${escrowStates[Number(escrow.state)]}, amount ${money(escrow.amount)}, released ${money(escrow.released)}`,
  ];
}
