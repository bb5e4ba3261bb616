import { parseAmount } from "../../src/core/amount.ts";
import { financeAs, type Played, type ScenarioContext, type ScenarioResult, tradeAs } from "./context.ts";
import { costInBps, STATED_GAS_PRICE } from "./cost.ts";
import { crossBorderReport } from "./cross-border-report.ts";
import { crossing } from "./crossing.ts";
import { beginCycle, closeCycle, settleCycle } from "./cycle.ts";
import { Journey } from "./journey.ts";
import { DECIMALS, decimal, money } from "./money.ts";
import { quoteDollars, refreshRates } from "./quotes.ts";
import { agreeOnSale, payOnDocuments, type Sale } from "./sale.ts";

const AMOUNT = parseAmount("5000", DECIMALS);
/** What the provider takes above the market. */
const SPREAD_BPS = 8n;

/** What it took, as data. */
export interface CrossBorderResult extends ScenarioResult {
  currency: string;
  amountPaid: string;
  /** What the importer gave for it. */
  sold: { currency: string; amount: string };
  /** The worst over the milestones, from handing in the last document to the money in the seller's account. */
  documentToPaymentSeconds: number;
  /** The same in blocks of the finance chain after the document's block. */
  documentToPaymentBlocks: number;
  /** The provider's spread, and the gas of every transaction on both chains at `gasPrice`, of the amount. */
  costBps: number;
  spreadBps: number;
  gasUsed: string;
  gasPrice: string;
  messages: number;
  proofs: number;
  /** The second track: from closing the cycle until the central ledger has booked every position. */
  centralLedgerSeconds: number;
  cycle: number;
  cycleRoot: string;
  /** Instructed amounts in the currency's unit: negative for what a member pays in. */
  positions: { member: string; currency: string; instructed: string; state: string }[];
}

/**
 * A sale of USD 5,000 from Shanghai to Hamburg: agreed on the trade chain; the importer's yuan become the escrow's dollars,
 * payment versus payment; 30 % are paid when the goods are shipped and 70 % when they are cleared, each because of its
 * documents and a forex verdict; and what the banks owe each other is settled net in central-bank money.
 */
export async function crossBorder(context: ScenarioContext): Promise<Played<CrossBorderResult>> {
  const { timeline } = context;
  const journey = new Journey(timeline, { trade: context.trade, finance: context.finance });
  timeline.heading();

  await beginCycle(context);
  const sale = await agreeOnSale(context, journey, AMOUNT);
  const sold = await fundByConversion(context, journey, sale);
  const payments = [
    await payOnDocuments(context, journey, sale, 0, ["commercial-invoice", "bill-of-lading"]),
    await payOnDocuments(context, journey, sale, 1, ["customs-declaration"]),
  ];

  const closedAt = timeline.seconds;
  const { cycle, root } = await closeCycle(context, journey);
  const positions = await settleCycle(context, journey, cycle);
  const centralLedgerSeconds = timeline.seconds - closedAt;
  timeline.add("finance", `Cycle ${cycle} is finished: coins and central-bank money are both final`);

  const status = await tradeAs(context, "seller").tradeBook.statusOf(sale.tradeId);
  const paid = payments.reduce((sum, { amount }) => sum + amount, 0n);
  const cleared = positions.every(({ state }) => state === "Cleared");
  const gasBps = costInBps(journey.gasUsed, AMOUNT, DECIMALS);
  const result: CrossBorderResult = {
    scenario: "cross-border",
    ok: paid === AMOUNT && status.paid === AMOUNT && cleared,
    currency: "USD",
    amountPaid: decimal(paid),
    sold: { currency: "CNY", amount: decimal(sold) },
    documentToPaymentSeconds: Number(Math.max(...payments.map(({ seconds }) => seconds)).toFixed(3)),
    documentToPaymentBlocks: Math.max(...payments.map(({ blocks }) => blocks)),
    costBps: Number((gasBps + Number(SPREAD_BPS)).toFixed(2)),
    spreadBps: Number(SPREAD_BPS),
    gasUsed: journey.gasUsed.toString(),
    gasPrice: STATED_GAS_PRICE,
    messages: journey.messages,
    proofs: journey.proofs,
    centralLedgerSeconds: Number(centralLedgerSeconds.toFixed(3)),
    cycle,
    cycleRoot: root,
    positions: positions.map(({ member, currency, instructed, state }) => ({
      member,
      currency,
      instructed: decimal(instructed * 10_000n),
      state,
    })),
  };
  return { result, report: crossBorderReport(result) };
}

/** The importer's yuan go to the provider and its dollars into the escrow, in one transaction. What it took in yuan. */
async function fundByConversion(context: ScenarioContext, journey: Journey, sale: Sale): Promise<bigint> {
  const { timeline, deployment } = context;
  await refreshRates(context);
  const { quote, signature, market, spreadBps } = await quoteDollars(context, "buyer", sale.amount, SPREAD_BPS);
  timeline.add(
    "finance",
    `Provider quotes ${money("CNY", quote.sellAmount)} for ${money("USD", sale.amount)}`,
    `market ${money("CNY", market / 10n ** 12n)}, ${spreadBps} bps above it`,
  );
  const { settlement, coin } = financeAs(context, "buyer");
  await journey.act(
    "finance",
    "Importer lets the escrow take so many yuan",
    coin("CNY").approve(deployment.finance.settlement, quote.sellAmount),
  );
  await journey.act(
    "finance",
    "Payment versus payment: yuan to the provider, dollars into the escrow",
    settlement.fundByConversion(sale.tradeId, quote, signature),
  );
  const { tradeBook } = tradeAs(context, "buyer");
  const funded = await crossing(timeline, "the funding crosses to the trade chain", () =>
    tradeBook.queryFilter(tradeBook.filters.TradeFunded(sale.tradeId)),
  );
  await journey.arrive("trade", "Trade book shows the funding", funded);
  return quote.sellAmount;
}
