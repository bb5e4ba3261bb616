import { type DevelopmentAccount, developmentAccounts, developmentWallet } from "../../src/config/development.ts";
import { parseAmount } from "../../src/core/amount.ts";
import { entityOf } from "../local/entities.ts";
import { financeAs, type Played, type ScenarioContext, type ScenarioResult, tradeAs } from "./context.ts";
import { Journey } from "./journey.ts";
import { DECIMALS, decimal } from "./money.ts";
import { refusalOf } from "./refusals.ts";
import { titleDvpReport } from "./title-dvp-report.ts";
import {
  awaitReturn,
  clock,
  issueTitle,
  type OfferedTitle,
  offerTitle,
  payForTitle,
  short,
  type TitleSale,
} from "./title-sale.ts";

const PRICE = parseAmount("5000", DECIMALS);
const RESALE_PRICE = parseAmount("5400", DECIMALS);
const QUARTER = 900;
const DAY = 86_400;
const ACTIVE = 1n;

/** One offer, from the lock to where title and money are. */
export interface TitleOutcome {
  titleId: string;
  seller: string;
  buyer: string;
  /** In dollars. */
  price: string;
  ended: "paid" | "expired" | "withdrawn";
  /** Who holds and owns the title when nothing is offered any more. */
  holder: string;
  /** What came to the seller's account, in dollars. */
  received: string;
}

/** What became of every offer, as data. */
export interface TitleDvpResult extends ScenarioResult {
  outcomes: TitleOutcome[];
  /** What the registry says to a seller who moves a title that is offered, and the payments to a buyer who is late. */
  refusedWith: { movingIt: string; payingLate: string; payingWithdrawn: string };
  gas: { offer: string; pay: string; delivery: string; return: string };
}

/**
 * Titles against payment. One is offered and paid, and its buyer sells it on; one is offered and not paid in time; one is taken back.
 * Each time the title goes where the money did not: never both, never neither.
 */
export async function titleDvp(context: ScenarioContext): Promise<Played<TitleDvpResult>> {
  const { timeline } = context;
  const journey = new Journey(timeline, { trade: context.trade, finance: context.finance });
  timeline.heading();
  const reference = `TD-${Date.now().toString(36).toUpperCase()}`;
  const sell = async (name: string, sale: Partial<TitleSale> = {}): Promise<TitleSale> => ({
    titleId: sale.titleId ?? (await issueTitle(context, journey, `${reference}-${name}`)),
    reference: `${reference}-${name}`,
    seller: "seller",
    buyer: "buyer",
    price: PRICE,
    ...sale,
  });

  const first = await offerTitle(context, journey, await sell("A"), DAY);
  const movingIt = await tryToMove(context, first);
  const paid = await settled(context, first, "paid", () => payForTitle(context, journey, first));
  const resale = await sell("B", {
    titleId: first.titleId,
    seller: "buyer",
    buyer: "customer5",
    price: RESALE_PRICE,
  });
  const second = await offerTitle(context, journey, resale, DAY);
  const soldOn = await settled(context, second, "paid", () => payForTitle(context, journey, second));

  const unpaid = await offerTitle(context, journey, await sell("C"), QUARTER);
  const expired = await settled(context, unpaid, "expired", () => expire(context, journey, unpaid));
  const payingLate = await tryToPay(context, unpaid);

  const regretted = await offerTitle(context, journey, await sell("D"), DAY);
  const withdrawn = await settled(context, regretted, "withdrawn", () => withdraw(context, journey, regretted));
  const payingWithdrawn = await tryToPay(context, regretted);

  const outcomes = [paid, soldOn, expired, withdrawn].map(({ outcome }) => outcome);
  const result: TitleDvpResult = {
    scenario: "title-dvp",
    ok:
      outcomes.every(isFair) &&
      movingIt === "TitleRegistry_WrongStatus" &&
      [payingLate, payingWithdrawn].every((name) => name === "TitlePayments_WrongState"),
    outcomes,
    refusedWith: { movingIt, payingLate, payingWithdrawn },
    gas: {
      offer: second.gas.toString(),
      pay: soldOn.took.pay.toString(),
      delivery: soldOn.took.delivery.toString(),
      return: expired.took.toString(),
    },
  };
  return { result, report: titleDvpReport(result) };
}

/** Title and money: the buyer's and the seller's, or the seller's and nobody's. */
function isFair({ ended, seller, buyer, price, holder, received }: TitleOutcome): boolean {
  return ended === "paid" ? holder === buyer && received === price : holder === seller && received === decimal(0n);
}

/** Where title and money are after an offer was brought to its end. */
async function settled<T>(
  context: ScenarioContext,
  { titleId, seller, buyer, price }: OfferedTitle,
  ended: TitleOutcome["ended"],
  end: () => Promise<T>,
): Promise<{ took: T; outcome: TitleOutcome }> {
  const coin = financeAs(context, seller).coin("USD");
  const before = await coin.balanceOf(developmentWallet(seller).address);
  const took = await end();
  const after = await coin.balanceOf(developmentWallet(seller).address);
  const title = await tradeAs(context, seller).titleRegistry.title(titleId);
  const free = title.status === ACTIVE && title.holder === title.owner;
  const outcome = {
    titleId,
    seller: entityOf(seller).name,
    buyer: entityOf(buyer).name,
    price: decimal(price),
    ended,
    holder: free ? nameOf(title.holder) : "nobody",
    received: decimal(after - before),
  };
  return { took, outcome };
}

/** The time to pay passes, and somebody who has nothing to do with it says so. */
async function expire(context: ScenarioContext, journey: Journey, offered: OfferedTitle): Promise<bigint> {
  const { finance, timeline } = context;
  const early = await refusalOf(financeAs(context, "stranger").titlePayments.expire.staticCall(offered.offerId));
  timeline.add("finance", "Somebody ends the offer before its time: refused", early.name);
  const now = (await finance.getBlock("latest"))?.timestamp ?? 0;
  await finance.send("evm_increaseTime", [Math.max(offered.payBy + 1 - now, 1)]);
  await finance.send("evm_mine", []);
  timeline.add(
    "finance",
    "Nobody pays, and the time is over",
    `the finance chain's clock is past ${clock(offered.payBy)}`,
  );
  const { titlePayments } = financeAs(context, "broker");
  await journey.act("finance", "Anyone ends the offer", titlePayments.expire(offered.offerId));
  return await awaitReturn(context, journey, offered);
}

async function withdraw(context: ScenarioContext, journey: Journey, offered: OfferedTitle): Promise<bigint> {
  const { titleOffers } = tradeAs(context, offered.seller);
  const text = `${entityOf(offered.seller).name} asks for it back`;
  await journey.act("trade", text, titleOffers.withdraw(offered.offerId));
  return await awaitReturn(context, journey, offered);
}

/** The seller gives the title to somebody else meanwhile. */
async function tryToMove(context: ScenarioContext, { titleId, seller }: OfferedTitle): Promise<string> {
  const { titleRegistry } = tradeAs(context, seller);
  const elsewhere = developmentWallet("customer1").address;
  const { name } = await refusalOf(titleRegistry.endorseAndTransfer.staticCall(titleId, elsewhere, 1));
  const text = `${entityOf(seller).name} hands ${short(titleId)} to somebody else: refused`;
  context.timeline.add("trade", text, name);
  return name;
}

/** The buyer pays for what is the seller's again. */
async function tryToPay(context: ScenarioContext, { offerId, buyer }: OfferedTitle): Promise<string> {
  const { name } = await refusalOf(financeAs(context, buyer).titlePayments.pay.staticCall(offerId, []));
  context.timeline.add("finance", `${entityOf(buyer).name} pays after all: refused`, name);
  return name;
}

function nameOf(address: string): string {
  const account = developmentAccounts.find((name: DevelopmentAccount) => developmentWallet(name).address === address);
  return account === undefined ? address : entityOf(account).name;
}
