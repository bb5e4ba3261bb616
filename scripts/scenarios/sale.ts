import { join } from "node:path";
import { encodeBytes32String, type TransactionReceipt } from "ethers";
import { coinAt } from "../../deploy/deployment.ts";
import { currencyCode } from "../../deploy/modules/finance-chain.ts";
import { developmentWallet } from "../../src/config/development.ts";
import { documentTypes, leiOf } from "../local/entities.ts";
import { financeAs, type ScenarioContext, timeOf, tradeAs } from "./context.ts";
import { crossing } from "./crossing.ts";
import { type DocumentName, issueDocument } from "./issue-document.ts";
import type { Journey } from "./journey.ts";
import { money } from "./money.ts";
import { explainVerdict } from "./verdicts.ts";

const THIRTY_DAYS = 30 * 24 * 3600;

export const milestones = [
  { name: "shipment", share: 3_000 },
  { name: "delivery", share: 7_000 },
] as const;

const issuers = {
  "commercial-invoice": { account: "seller", who: "Exporter", type: documentTypes.commercialInvoice },
  "bill-of-lading": { account: "carrier", who: "Carrier", type: documentTypes.billOfLading },
  "customs-declaration": { account: "broker", who: "Customs broker", type: documentTypes.customsDeclaration },
} as const;

/** A sale that is paid in two parts, on documents. */
export interface Sale {
  tradeId: string;
  reference: string;
  /** Millionths of a dollar. */
  amount: bigint;
}

export interface MilestonePayment {
  /** From handing in the last document to the money in the seller's account. */
  seconds: number;
  /** The same in blocks of the finance chain after the document's block. */
  blocks: number;
  amount: bigint;
}

/** Exporter and importer agree on the trade chain, and the escrow opens on the finance chain. */
export async function agreeOnSale(context: ScenarioContext, journey: Journey, amount: bigint): Promise<Sale> {
  const { deployment, trade, timeline } = context;
  const reference = `PO-${Date.now().toString(36).toUpperCase()}`;
  const asSeller = tradeAs(context, "seller").tradeBook;
  const required = (...names: (keyof typeof issuers)[]) =>
    names.map((name) => ({
      documentType: issuers[name].type,
      issuer: developmentWallet(issuers[name].account).address,
    }));
  const terms = {
    buyer: developmentWallet("buyer").address,
    currency: currencyCode("USD"),
    coin: coinAt(deployment, "USD"),
    amount,
    expiry: (await timeOf(trade)) + THIRTY_DAYS,
    purchaseReference: encodeBytes32String(reference),
    milestones: [
      { share: milestones[0].share, requirements: required("commercial-invoice", "bill-of-lading") },
      { share: milestones[1].share, requirements: required("customs-declaration") },
    ],
    titles: [],
  };
  const tradeId = await asSeller.propose.staticCall(terms);
  await journey.act("trade", `Exporter proposes a sale of ${money("USD", amount)}`, asSeller.propose(terms));
  await journey.act("trade", "Importer accepts", tradeAs(context, "buyer").tradeBook.accept(tradeId));

  const { settlement } = financeAs(context, "buyer");
  const opened = await crossing(timeline, "the agreement crosses to the finance chain", () =>
    settlement.queryFilter(settlement.filters.EscrowOpened(tradeId)),
  );
  await journey.arrive("finance", "Escrow opens with the proven terms", opened);
  return { tradeId, reference, amount };
}

/** A document's issuer anchors its hash, with what the document is worth if it says so. */
export async function anchorFor(
  context: ScenarioContext,
  journey: Journey,
  { tradeId, reference, amount }: Sale,
  name: DocumentName,
): Promise<TransactionReceipt> {
  const { hash } = issueDocument(name, reference, join(context.directory, reference));
  const { account, who, type } = issuers[name];
  const { documentRegistry } = tradeAs(context, account);
  const text = `${who} anchors the ${name.replaceAll("-", " ")} ${hash.slice(0, 10)}…`;
  if (name === "bill-of-lading") {
    return await journey.act("trade", text, documentRegistry.anchor(hash, type, tradeId));
  }
  const worth = { currency: currencyCode("USD"), creditor: leiOf("seller"), debtor: leiOf("buyer"), amount };
  const anchoring = documentRegistry.anchorValued(hash, type, tradeId, worth);
  return await journey.act("trade", text, anchoring, `worth ${money("USD", amount)}`);
}

/** Hands in a milestone's documents and times the payment from the last of them. */
export async function payOnDocuments(
  context: ScenarioContext,
  journey: Journey,
  sale: Sale,
  milestone: number,
  documents: readonly DocumentName[],
): Promise<MilestonePayment> {
  const { timeline } = context;
  const { settlement, coin } = financeAs(context, "seller");
  const { tradeBook } = tradeAs(context, "seller");
  const seller = developmentWallet("seller").address;
  const name = milestones[milestone]?.name;
  const before = await coin("USD").balanceOf(seller);

  let handedIn = timeline.seconds;
  let last: TransactionReceipt | undefined;
  for (const document of documents) {
    handedIn = timeline.seconds;
    last = await anchorFor(context, journey, sale, document);
  }
  const paidBy = await crossing(timeline, `the ${name} milestone crosses to the finance chain`, () =>
    settlement.queryFilter(settlement.filters.MilestonePaid(sale.tradeId, milestone)),
  );
  const seconds = timeline.seconds - handedIn;
  const amount = (await coin("USD").balanceOf(seller)) - before;
  const text = `Exporter is paid ${money("USD", amount)} for ${name}`;
  const { receipt } = await journey.arrive("finance", text, paidBy, (found) => explainVerdict(found, "USD"));
  const blocks = await blocksSince(context, last, receipt);

  const shown = await crossing(timeline, "the payment crosses to the trade chain", () =>
    tradeBook.queryFilter(tradeBook.filters.MilestonePaid(sale.tradeId, milestone)),
  );
  await journey.arrive("trade", `Trade book shows the ${name} payment`, shown);
  return { seconds, blocks, amount };
}

/**
 * Blocks of the finance chain from the first one after the document's to the payment's. At least the payment's own: when
 * blocks come with every transaction, both can fall into one second.
 */
async function blocksSince(
  { trade, finance }: ScenarioContext,
  document: TransactionReceipt | undefined,
  payment: TransactionReceipt,
): Promise<number> {
  const documentBlock = await trade.getBlock(document?.blockNumber ?? 0);
  let blocks = 0;
  for (let number = payment.blockNumber; number > 0; number--) {
    const block = await finance.getBlock(number);
    if (block === null || documentBlock === null || block.timestamp <= documentBlock.timestamp) break;
    blocks++;
  }
  return Math.max(blocks, 1);
}
