import type { ErrorDescription, TransactionReceipt } from "ethers";
import { developmentWallet } from "../../src/config/development.ts";
import { parseAmount } from "../../src/core/amount.ts";
import { toBytes } from "../../src/core/hex.ts";
import type { TitleProof } from "../../src/titles/title-proof.ts";
import { documentTypes } from "../local/entities.ts";
import { financeAs, type Played, type ScenarioContext, type ScenarioResult, tradeAs } from "./context.ts";
import { crossing } from "./crossing.ts";
import { hashOf, proveDocument } from "./evidence.ts";
import {
  actOnTitle,
  agreeOnTitle,
  laterThanAgreed,
  NO_REMARK,
  proveAtHeld,
  refusedProof,
  short,
  type TitleTrade,
} from "./foreign-title.ts";
import { Journey } from "./journey.ts";
import { DECIMALS, decimal, money } from "./money.ts";
import { explainVerdict } from "./verdicts.ts";

const AMOUNT = parseAmount("5000", DECIMALS);
const COMPLETED = 5n;

const papers = {
  packingList: { name: "packing list", issuer: "seller" },
  insuranceCertificate: { name: "insurance certificate", issuer: "insurer" },
  commercialInvoice: { name: "commercial invoice", issuer: "seller" },
} as const;

/** What the finance chain said to the title in each state, and what came of the trade, as data. */
export interface TradeTrustResult extends ScenarioResult {
  registry: string;
  tokenId: string;
  /** States of the title in which the proof was refused, in order, and with which error. */
  refusals: { state: string; refusedWith: string }[];
  paid: string;
  currency: string;
  /** Bytes of header, seal and trie nodes in the proof that was taken. */
  proofBytes: number;
  /** Gas of taking the proof and paying. */
  proofGas: string;
}

/**
 * A trade in our money for a title in TradeTrust's unmodified contracts. The finance chain looks at their storage: it pays
 * neither for a title that is with the exporter, nor for one whose transfer can still be rejected, nor for one that was
 * surrendered, and pays at once for one that is the importer's for good.
 */
export async function tradeTrust(context: ScenarioContext): Promise<Played<TradeTrustResult>> {
  const { timeline } = context;
  const journey = new Journey(timeline, { trade: context.trade, finance: context.finance });
  timeline.heading();
  const trade = await agreeOnTitle(context, journey, AMOUNT);
  await laterThanAgreed(context, trade);
  const { holder: importer } = trade.condition;
  const refusals: TradeTrustResult["refusals"] = [];
  const refuse = async (state: string) => {
    const refusal = await refusedProof(context, trade);
    tell(context, state, refusal);
    refusals.push({ state, refusedWith: refusal.name });
  };

  await refuse("with the exporter");
  const handing = ["seller", "Exporter hands the title to the importer"] as const;
  await actOnTitle(context, journey, trade, [...handing], "transferOwners", importer, importer);
  await show(context, journey, trade, "packingList");
  await refuse("handed over, but the importer can still reject it");
  await actOnTitle(context, journey, trade, ["buyer", "Importer surrenders it to the carrier"], "returnToIssuer");
  await show(context, journey, trade, "insuranceCertificate");
  await refuse("surrendered");
  const restoring = trade.registry.getFunction("restore")(trade.condition.tokenId, NO_REMARK);
  await journey.act("trade", "Carrier refuses the surrender: it is the importer's for good", restoring);
  const invoice = await show(context, journey, trade, "commercialInvoice");

  const proof = await proveAtHeld(context, trade);
  const { paid, receipt } = await settle(context, journey, trade, proof, invoice);
  const { state } = await tradeAs(context, "seller").tradeBook.statusOf(trade.tradeId);
  const result: TradeTrustResult = {
    scenario: "tradetrust",
    ok: refusals.length === 3 && paid === AMOUNT && state === COMPLETED,
    registry: trade.condition.registry,
    tokenId: `0x${trade.condition.tokenId.toString(16)}`,
    refusals,
    paid: decimal(paid),
    currency: "USD",
    proofBytes: sizeOf(proof),
    proofGas: receipt.gasUsed.toString(),
  };
  return { result, report: report(result) };
}

/** A document crosses, and with it a header that shows the title as it is now. */
async function show(
  context: ScenarioContext,
  journey: Journey,
  { reference }: TitleTrade,
  paper: keyof typeof papers,
): Promise<string> {
  const hash = hashOf(`${paper} ${reference}`);
  const parties = { debtor: "buyer", creditor: "seller", currency: "USD", amount: AMOUNT } as const;
  await proveDocument(context, journey, { hash, ...papers[paper], type: documentTypes[paper], ...parties });
  return hash;
}

/** The exporter brings the proof, and names the invoice that the payment is drawn on. */
async function settle(
  context: ScenarioContext,
  journey: Journey,
  { tradeId }: TitleTrade,
  proof: TitleProof,
  invoice: string,
): Promise<{ paid: bigint; receipt: TransactionReceipt }> {
  const { settlement, coin } = financeAs(context, "seller");
  const seller = developmentWallet("seller").address;
  const before = await coin("USD").balanceOf(seller);
  const receipt = await journey.act(
    "finance",
    "Exporter proves the title: it is paid for",
    settlement.reachByTitle(tradeId, 0, proof, [invoice]),
    `8 storage words of theirs and one of ours, ${sizeOf(proof).toLocaleString("en-US")} bytes`,
  );
  context.timeline.note("finance", ...explainVerdict(receipt, "USD"));
  const paid = (await coin("USD").balanceOf(seller)) - before;
  const { tradeBook } = tradeAs(context, "seller");
  const completed = await crossing(context.timeline, "the payment crosses to the trade chain", () =>
    tradeBook.queryFilter(tradeBook.filters.TradeCompleted(tradeId)),
  );
  await journey.arrive("trade", `Trade completed, ${money("USD", paid)} paid`, completed);
  return { paid, receipt };
}

function tell({ timeline }: ScenarioContext, state: string, { name }: ErrorDescription): void {
  timeline.add("finance", `Title ${state}: not paid for`, name);
}

function sizeOf({ header, seal, slotProofs, ...proof }: TitleProof): number {
  const { registryProof, ownerProof, escrowProof, tradeBookProof, keptProof } = proof;
  const nodes = [registryProof, ownerProof, escrowProof, ...slotProofs, tradeBookProof, keptProof];
  const parts = [header, seal, ...nodes.flat()];
  return parts.reduce((sum, part) => sum + toBytes(part).length, 0);
}

function report({ registry, tokenId, refusals, paid, currency, proofBytes, proofGas }: TradeTrustResult): string {
  const lines = [
    `Their title ${short(tokenId)} in registry ${short(registry)}:`,
    ...refusals.flatMap(({ state, refusedWith }) => [`  ${state}:`, `    refused, ${refusedWith}`]),
    "  the importer's for good:",
    `    paid ${money(currency, parseAmount(paid, DECIMALS))}`,
    `The proof: ${proofBytes.toLocaleString("en-US")} bytes, ${Number(proofGas).toLocaleString("en-US")} gas with the payment.`,
    "Their contracts are as published, and nobody had to vouch for what they say.",
  ];
  return `\n${lines.join("\n")}\n`;
}
