import { ZeroHash } from "ethers";
import { formatAmount } from "../../src/core/amount.ts";
import type { BothChains } from "./local.ts";

const DECIMALS = 6;

/** In the order of the enums of IDocumentRegistry, ITradeBook and ISettlement. */
export const documentStates = ["unknown", "active", "superseded", "revoked"] as const;
const tradeStates = ["unknown", "proposed", "withdrawn", "agreed", "disputed", "completed", "expired", "cancelled"];
const milestoneStates = ["pending", "reached", "paid", "in suspense"];
const escrowStates = ["unknown", "open", "funded", "owing", "closed"];

export interface DocumentStatus {
  state: (typeof documentStates)[number];
  lines: string[];
  tradeId: string;
}

/** What the trade chain says of a document. */
export async function documentStatus({ trade }: BothChains, hash: string): Promise<DocumentStatus> {
  const { documentRegistry } = trade;
  const [document, tradeId, replacement] = await Promise.all([
    documentRegistry.document(hash),
    documentRegistry.tradeOf(hash),
    documentRegistry.replacementOf(hash),
  ]);
  const state = documentStates[Number(document.status)] ?? "unknown";
  const lines = [`document    ${hash}`, `status      ${state}`];
  if (state !== "unknown") {
    lines.push(`type        ${document.documentType} (UNTDID 1001)`);
    lines.push(`issuer      ${document.issuer}`);
    lines.push(`anchored    ${new Date(Number(document.anchoredAt) * 1_000).toISOString()}`);
  }
  if (replacement !== ZeroHash) lines.push(`replaced by ${replacement}`);
  return { state, lines, tradeId };
}

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
