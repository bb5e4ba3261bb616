import { join } from "node:path";
import type { TransactionReceipt } from "ethers";
import { coinAt } from "../../deploy/deployment.ts";
import { currencyCode } from "../../deploy/modules/finance-chain.ts";
import { loadAbi } from "../../src/chains/abis.ts";
import { type DevelopmentAccount, developmentWallet } from "../../src/config/development.ts";
import type { Hex } from "../../src/core/hex.ts";
import { documentTypes, entityOf } from "../local/entities.ts";
import { financeAs, type ScenarioContext, timeOf, tradeAs } from "./context.ts";
import { crossing } from "./crossing.ts";
import { proveDocument } from "./evidence.ts";
import { issueDocument } from "./issue-document.ts";
import type { Journey } from "./journey.ts";
import { money } from "./money.ts";
import { explainVerdict } from "./verdicts.ts";

const TO_ORDER = 1;
const NO_PAPER = `0x${"00".repeat(32)}`;
const offersAbi = loadAbi("trade/titles/TitleOffers");

/** A title for sale, and what is asked for it. */
export interface TitleSale {
  titleId: Hex;
  reference: string;
  seller: DevelopmentAccount;
  buyer: DevelopmentAccount;
  /** Millionths of a dollar. */
  price: bigint;
}

/** A sale that both chains know. */
export interface OfferedTitle extends TitleSale {
  offerId: string;
  /** Unix seconds, inclusive, on the finance chain's clock. */
  payBy: number;
  gas: bigint;
}

/** The carrier makes a bill of lading a title, in the exporter's hand and to its order. Named by the hash of its content. */
export async function issueTitle(context: ScenarioContext, journey: Journey, reference: string): Promise<Hex> {
  const { hash } = issueDocument("bill-of-lading", reference, join(context.directory, reference));
  const [carrier, holder] = [developmentWallet("carrier").address, developmentWallet("seller").address];
  const issuance = { titleId: hash, issuer: carrier, holder, owner: holder, form: TO_ORDER, paper: NO_PAPER };
  const { titleRegistry } = tradeAs(context, "carrier");
  const text = `${entityOf("carrier").name} issues title ${short(hash)} to the order of the exporter`;
  await journey.act("trade", text, titleRegistry.issue(issuance));
  return hash;
}

/** The holder offers it for a number of seconds, and the finance chain opens the offer. */
export async function offerTitle(
  context: ScenarioContext,
  journey: Journey,
  sale: TitleSale,
  seconds: number,
): Promise<OfferedTitle> {
  const { titleId, seller, buyer, price } = sale;
  const clocks = await Promise.all([timeOf(context.trade), timeOf(context.finance)]);
  const payBy = Math.max(...clocks) + seconds;
  const offered = await journey.act(
    "trade",
    `${entityOf(seller).name} offers ${short(titleId)} for ${money("USD", price)}: it is locked`,
    tradeAs(context, seller).titleOffers.offer(
      titleId,
      developmentWallet(buyer).address,
      currencyCode("USD"),
      coinAt(context.deployment, "USD"),
      price,
      payBy,
    ),
  );
  const offerId = offerIdIn(offered);
  const { titlePayments } = financeAs(context, buyer);
  const opened = await crossing(context.timeline, "the offer crosses to the finance chain", () =>
    titlePayments.queryFilter(titlePayments.filters.OfferOpened(offerId)),
  );
  await journey.arrive("finance", `${entityOf(buyer).name} can pay for it until ${clock(payBy)}`, opened);
  return { ...sale, offerId, payBy, gas: offered.gasUsed };
}

/** The buyer pays on a document that says what is owed, and the title comes. What the payment and the delivery took. */
export async function payForTitle(
  context: ScenarioContext,
  journey: Journey,
  { offerId, titleId, seller, buyer, price, reference }: OfferedTitle,
): Promise<{ pay: bigint; delivery: bigint }> {
  const { hash } = issueDocument("customs-declaration", reference, join(context.directory, reference));
  const parties = { debtor: buyer, creditor: seller, currency: "USD", amount: price } as const;
  const type = documentTypes.customsDeclaration;
  await proveDocument(context, journey, { hash, name: "customs declaration", type, issuer: "broker", ...parties });

  const { titlePayments, coin } = financeAs(context, buyer);
  const payer = entityOf(buyer).name;
  const allowing = coin("USD").approve(context.deployment.finance.titlePayments, price);
  await journey.act("finance", `${payer} lets the payment take ${money("USD", price)}`, allowing);
  const text = `${payer} pays: ${money("USD", price)} to ${entityOf(seller).name}`;
  const paid = await journey.act("finance", text, titlePayments.pay(offerId, [hash]));
  context.timeline.note("finance", ...explainVerdict(paid, "USD"));

  const { titleOffers } = tradeAs(context, buyer);
  const delivered = await crossing(context.timeline, "the payment crosses to the trade chain", () =>
    titleOffers.queryFilter(titleOffers.filters.TitleDelivered(offerId)),
  );
  const { receipt } = await journey.arrive("trade", `Title ${short(titleId)} goes to ${payer}`, delivered);
  return { pay: paid.gasUsed, delivery: receipt.gasUsed };
}

/** Waits until the title is back in its seller's hand. What the delivery took. */
export async function awaitReturn(
  context: ScenarioContext,
  journey: Journey,
  { offerId, titleId, seller }: OfferedTitle,
): Promise<bigint> {
  const { titleOffers } = tradeAs(context, seller);
  const returned = await crossing(context.timeline, "the answer crosses to the trade chain", () =>
    titleOffers.queryFilter(titleOffers.filters.TitleReturned(offerId)),
  );
  const text = `Title ${short(titleId)} goes back to ${entityOf(seller).name}`;
  const { receipt } = await journey.arrive("trade", text, returned);
  return receipt.gasUsed;
}

/** Unix seconds as `2026-11-22 14:05:59 UTC`. */
export function clock(seconds: number): string {
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

export function short(hash: string): string {
  return `${hash.slice(0, 10)}…`;
}

function offerIdIn({ logs }: TransactionReceipt): string {
  const events = logs.map((log) => offersAbi.parseLog(log));
  const offered = events.find((event) => event?.name === "TitleOffered");
  if (offered === undefined || offered === null) throw new Error("The transaction offered no title");
  return offered.args["offerId"];
}
