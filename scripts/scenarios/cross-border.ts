import { join } from "node:path";
import { encodeBytes32String, Signature, type TransactionReceipt } from "ethers";
import { financeContracts, tradeContracts } from "../../deploy/contracts.ts";
import { coinAt } from "../../deploy/deployment.ts";
import { developmentWallet } from "../../src/config/development.ts";
import { formatAmount, parseAmount, toDecimalString } from "../../src/core/amount.ts";
import { documentTypes } from "../local/entities.ts";
import type { Timeline } from "../terminal/timeline.ts";
import { actor, type ScenarioContext, type ScenarioResult, until } from "./context.ts";
import { costInBps, STATED_GAS_PRICE } from "./cost.ts";
import { type DocumentName, issueDocument } from "./documents.ts";
import { Journey } from "./journey.ts";

const DECIMALS = 6;
const AMOUNT = parseAmount("5000", DECIMALS);
const THIRTY_DAYS = 30 * 24 * 3600;

const milestones = [
  { name: "shipment", share: 3_000 },
  { name: "delivery", share: 7_000 },
] as const;

interface Payment {
  seconds: number;
  blocks: number;
  amount: bigint;
}

/**
 * A sale of USD 5,000 from Shanghai to Hamburg: agreed on the trade chain, paid on the finance chain, 30 % when the
 * goods are shipped and 70 % when they are cleared for delivery, each because of its documents.
 */
export async function crossBorder(context: ScenarioContext): Promise<ScenarioResult> {
  const { timeline, deployment } = context;
  const journey = new Journey(timeline, { trade: context.trade, finance: context.finance });
  const reference = `PO-${Date.now().toString(36).toUpperCase()}`;
  timeline.heading();

  const tradeId = await agree(context, journey, reference);
  await fund(context, journey, tradeId);

  const shipped = [
    () => anchor(context, journey, tradeId, reference, "seller", "commercial-invoice", documentTypes.commercialInvoice),
    () => anchor(context, journey, tradeId, reference, "carrier", "bill-of-lading", documentTypes.billOfLading),
  ];
  const cleared = [
    () =>
      anchor(context, journey, tradeId, reference, "broker", "customs-declaration", documentTypes.customsDeclaration),
  ];
  const payments = [
    await payOnDocuments(context, journey, tradeId, 0, shipped),
    await payOnDocuments(context, journey, tradeId, 1, cleared),
  ];

  const { tradeBook } = tradeContracts(deployment.trade, context.trade);
  const status = await tradeBook.statusOf(tradeId);
  const paid = payments.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    scenario: "cross-border",
    ok: paid === AMOUNT && status.paid === AMOUNT,
    currency: "USD",
    amountPaid: toDecimalString(paid, DECIMALS),
    documentToPaymentSeconds: Number(Math.max(...payments.map(({ seconds }) => seconds)).toFixed(3)),
    documentToPaymentBlocks: Math.max(...payments.map(({ blocks }) => blocks)),
    costBps: costInBps(journey.gasUsed, AMOUNT, DECIMALS),
    gasUsed: journey.gasUsed.toString(),
    gasPrice: STATED_GAS_PRICE,
    messages: journey.messages,
    proofs: journey.proofs,
  };
}

async function agree(
  { deployment, trade, finance, timeline }: ScenarioContext,
  journey: Journey,
  reference: string,
): Promise<string> {
  const asSeller = tradeContracts(deployment.trade, actor("seller", trade)).tradeBook;
  const asBuyer = tradeContracts(deployment.trade, actor("buyer", trade)).tradeBook;
  const issuer = (account: "seller" | "carrier" | "broker") => developmentWallet(account).address;
  const [shipment, delivery] = milestones;
  const terms = {
    buyer: developmentWallet("buyer").address,
    currency: encodeBytes32String("USD").slice(0, 8),
    coin: coinAt(deployment, "USD"),
    amount: AMOUNT,
    expiry: Math.floor(Date.now() / 1_000) + THIRTY_DAYS,
    purchaseReference: encodeBytes32String(reference),
    milestones: [
      {
        share: shipment.share,
        requirements: [
          { documentType: documentTypes.commercialInvoice, issuer: issuer("seller") },
          { documentType: documentTypes.billOfLading, issuer: issuer("carrier") },
        ],
      },
      {
        share: delivery.share,
        requirements: [{ documentType: documentTypes.customsDeclaration, issuer: issuer("broker") }],
      },
    ],
  };

  const tradeId = await asSeller.propose.staticCall(terms);
  await journey.act(
    "trade",
    `Exporter proposes a sale of USD ${formatAmount(AMOUNT, DECIMALS)}`,
    asSeller.propose(terms),
  );
  await journey.act("trade", "Importer accepts", asBuyer.accept(tradeId));

  const { settlement } = financeContracts(deployment.finance, finance);
  const opened = await crossing(timeline, "the agreement crosses to the finance chain", () =>
    settlement.queryFilter(settlement.filters.EscrowOpened(tradeId)),
  );
  await journey.arrive("finance", "Escrow opens with the proven terms", opened);
  return tradeId;
}

async function fund(
  { deployment, trade, finance, timeline }: ScenarioContext,
  journey: Journey,
  tradeId: string,
): Promise<void> {
  const buyer = actor("buyer", finance);
  const { settlement, stablecoin } = financeContracts(deployment.finance, buyer);
  const deadline = Math.floor(Date.now() / 1_000) + 3_600;
  const permit = Signature.from(
    await buyer.signTypedData(
      {
        name: await stablecoin.name(),
        version: "1",
        chainId: deployment.finance.chainId,
        verifyingContract: coinAt(deployment, "USD"),
      },
      {
        Permit: [
          { name: "owner", type: "address" },
          { name: "spender", type: "address" },
          { name: "value", type: "uint256" },
          { name: "nonce", type: "uint256" },
          { name: "deadline", type: "uint256" },
        ],
      },
      {
        owner: buyer.address,
        spender: deployment.finance.settlement,
        value: AMOUNT,
        nonce: await stablecoin.nonces(buyer.address),
        deadline,
      },
    ),
  );
  await journey.act(
    "finance",
    `Importer funds the escrow by a permit`,
    settlement.fundWithPermit(tradeId, AMOUNT, deadline, permit.v, permit.r, permit.s),
  );

  const { tradeBook } = tradeContracts(deployment.trade, trade);
  const funded = await crossing(timeline, "the funding crosses to the trade chain", () =>
    tradeBook.queryFilter(tradeBook.filters.TradeFunded(tradeId)),
  );
  await journey.arrive("trade", "Trade book shows the funding", funded);
}

async function anchor(
  { deployment, trade, directory }: ScenarioContext,
  journey: Journey,
  tradeId: string,
  reference: string,
  issuer: "seller" | "carrier" | "broker",
  name: DocumentName,
  type: number,
): Promise<TransactionReceipt> {
  const document = issueDocument(name, reference, join(directory, reference));
  const { documentRegistry } = tradeContracts(deployment.trade, actor(issuer, trade));
  const who = { seller: "Exporter", carrier: "Carrier", broker: "Customs broker" }[issuer];
  const text = `${who} anchors the ${name.replaceAll("-", " ")} ${document.hash.slice(0, 10)}…`;
  return await journey.act("trade", text, documentRegistry.anchor(document.hash, type, tradeId));
}

/** Hands in a milestone's documents and times the payment from the last of them. */
async function payOnDocuments(
  context: ScenarioContext,
  journey: Journey,
  tradeId: string,
  milestone: number,
  documents: readonly (() => Promise<TransactionReceipt>)[],
): Promise<Payment> {
  const { deployment, trade, finance, timeline } = context;
  const { settlement, stablecoin } = financeContracts(deployment.finance, finance);
  const { tradeBook } = tradeContracts(deployment.trade, trade);
  const seller = developmentWallet("seller").address;
  const name = milestones[milestone]?.name;
  const before = await stablecoin.balanceOf(seller);

  let handedIn = timeline.seconds;
  let last: TransactionReceipt | undefined;
  for (const hand of documents) {
    handedIn = timeline.seconds;
    last = await hand();
  }
  const paidBy = await crossing(timeline, `the ${name} milestone crosses to the finance chain`, () =>
    settlement.queryFilter(settlement.filters.MilestonePaid(tradeId, milestone)),
  );
  const seconds = timeline.seconds - handedIn;
  const amount = (await stablecoin.balanceOf(seller)) - before;
  const { receipt } = await journey.arrive(
    "finance",
    `Exporter is paid USD ${formatAmount(amount, DECIMALS)} for ${name}`,
    paidBy,
  );
  const blocks = await blocksSince(context, last, receipt);

  const shown = await crossing(timeline, "the payment crosses to the trade chain", () =>
    tradeBook.queryFilter(tradeBook.filters.MilestonePaid(tradeId, milestone)),
  );
  await journey.arrive("trade", `Trade book shows the ${name} payment`, shown);
  return { seconds, blocks, amount };
}

/** Waits for what the bridge brings: the hash of the transaction in which its event first shows. */
async function crossing(
  timeline: Timeline,
  what: string,
  query: () => Promise<readonly { transactionHash: string }[]>,
): Promise<string> {
  return await timeline.waiting(
    what,
    until(what, async () => (await query()).at(0)?.transactionHash),
  );
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
