import { keccak256, toUtf8Bytes } from "ethers";
import { financeContracts } from "../../deploy/contracts.ts";
import { type DevelopmentAccount, developmentWallet } from "../../src/config/development.ts";
import { parseAmount } from "../../src/core/amount.ts";
import { documentTypes, entityOf } from "../local/entities.ts";
import { attestReserve } from "../local/onboarding/coins.ts";
import { staff } from "../local/onboarding/staff.ts";
import { financeAs, type Played, type ScenarioContext, type ScenarioResult } from "./context.ts";
import { beginCycle, closeCycle, settleCycle } from "./cycle.ts";
import { hashOf, proveDocument } from "./evidence.ts";
import { issuerStressReport } from "./issuer-stress-report.ts";
import { Journey } from "./journey.ts";
import { DECIMALS, decimal, money } from "./money.ts";
import { noQuote, orderOf } from "./orders.ts";
import { refusalOf } from "./refusals.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const MINTED = parseAmount("1000", DECIMALS);
const PAID = parseAmount("70000", DECIMALS);
const redeemers = [
  { holder: "customer1", amount: parseAmount("100000", DECIMALS) },
  { holder: "customer2", amount: parseAmount("50000", DECIMALS) },
  { holder: "customer5", amount: parseAmount("25000", DECIMALS) },
] as const;

export interface RedemptionOutcome {
  id: number;
  holder: string;
  amount: string;
  /** ISO 8601. */
  deadline: string;
  wasOverdue: boolean;
  fulfilled: boolean;
}

/** What the coins did, as data. */
export interface IssuerStressResult extends ScenarioResult {
  /** Coin in trouble, and the one beside it. */
  stressed: string;
  unharmed: string;
  mintRefusedWith: string;
  paymentRefusedWith: string;
  /** What was paid in the other coin meanwhile, and where its cycle ended. */
  paidInOther: { amount: string; cycle: number; states: string[] };
  redemptions: RedemptionOutcome[];
  mintedAfterwards: boolean;
}

/**
 * The dollar coin's reserve is attested no more: minting stops, redemptions queue with their clocks running, and the coin is
 * paused. The yuan coin, of another issuer, goes on to final settlement. In the end the dollar coin recovers.
 */
export async function issuerStress(context: ScenarioContext): Promise<Played<IssuerStressResult>> {
  const { timeline } = context;
  const journey = new Journey(timeline, { trade: context.trade, finance: context.finance });
  timeline.heading();

  await attestAndMint(context, journey, "Reserve attestor states what stands behind the dollars");
  await pass(context, DAY + HOUR, "A day and an hour pass without another attestation");
  const mint = financeAs(context, "issuerUsd").coin("USD").mint;
  const stale = await refusalOf(mint.staticCall(developmentWallet("customer1").address, MINTED));
  timeline.add("finance", "Issuer mints dollars: refused", stale.name);

  const requested = await requestRedemptions(context, journey);
  await journey.act("finance", "Guardian pauses the dollar coin", financeAs(context, "guardian").coin("USD").pause());
  const paymentRefusedWith = await tryToPay(context, "USD");
  const paidInOther = await payInYuan(context, journey);

  await pass(context, 4 * DAY, "Four days pass");
  const overdue = await listOverdue(context, requested);

  await journey.act("finance", "Operator lets the coin go on", financeAs(context, "operator").coin("USD").unpause());
  const fulfilled = await fulfil(context, journey, requested);
  const mintedAfterwards = await attestAndMint(context, journey, "The reserve is attested anew");

  const redemptions = requested.map(({ id, holder, amount, deadline }) => ({
    id: Number(id),
    holder: entityOf(holder).name,
    amount: decimal(amount),
    deadline: iso(deadline),
    wasOverdue: overdue.includes(id),
    fulfilled: fulfilled.includes(id),
  }));
  const result: IssuerStressResult = {
    scenario: "issuer-stress",
    ok:
      stale.name === "Stablecoin_ReserveStale" &&
      paymentRefusedWith === "EnforcedPause" &&
      paidInOther.states.length > 0 &&
      paidInOther.states.every((state) => state === "Cleared") &&
      redemptions.every(({ wasOverdue, fulfilled: paidOut }) => wasOverdue && paidOut) &&
      mintedAfterwards,
    stressed: "HPUSD",
    unharmed: "HPCNH",
    mintRefusedWith: stale.name,
    paymentRefusedWith,
    paidInOther,
    redemptions,
    mintedAfterwards,
  };
  return { result, report: issuerStressReport(result) };
}

/** The attestor states a reserve a tenth above the coins there are, and the issuer mints against it. */
async function attestAndMint(context: ScenarioContext, journey: Journey, text: string): Promise<boolean> {
  const { deployment, finance, timeline } = context;
  const coin = financeAs(context, "issuerUsd").coin("USD");
  const supply = await coin.totalSupply();
  const reserve = supply + supply / 10n;
  const now = (await finance.getBlock("latest"))?.timestamp ?? 0;
  const crew = staff(finance, (runner) => financeContracts(deployment.finance, runner));
  await timeline.waiting(text, attestReserve(crew, "USD", reserve, now));
  timeline.add("finance", text, `${money("USD", reserve)} for ${money("USD", supply)} of coins`);
  const holder = developmentWallet("customer1").address;
  await journey.act("finance", `Issuer mints ${money("USD", MINTED)}`, coin.mint(holder, MINTED));
  return (await coin.totalSupply()) === supply + MINTED;
}

/** The finance chain's clock is put forward. */
async function pass({ finance, timeline }: ScenarioContext, seconds: number, text: string): Promise<void> {
  await finance.send("evm_increaseTime", [seconds]);
  await finance.send("evm_mine", []);
  const now = (await finance.getBlock("latest"))?.timestamp ?? 0;
  timeline.add("finance", text, `the finance chain's clock: ${iso(BigInt(now))}`);
}

interface Requested {
  id: bigint;
  holder: DevelopmentAccount;
  amount: bigint;
  deadline: bigint;
}

async function requestRedemptions(context: ScenarioContext, journey: Journey): Promise<Requested[]> {
  const requested: Requested[] = [];
  for (const { holder, amount } of redeemers) {
    const coin = financeAs(context, holder).coin("USD");
    const id = await coin.requestRedemption.staticCall(amount);
    const text = `${entityOf(holder).name} asks for ${money("USD", amount)} at par`;
    await journey.act("finance", text, coin.requestRedemption(amount));
    const { deadline } = await coin.redemption(id);
    context.timeline.note("finance", `request ${id}: due before ${iso(deadline)}`);
    requested.push({ id, holder, amount, deadline });
  }
  return requested;
}

async function tryToPay(context: ScenarioContext, currency: "USD"): Promise<string> {
  const coin = financeAs(context, "customer6").coin(currency);
  const at = context.deployment.finance.subAccounts;
  const { name } = await refusalOf(coin.transfer.staticCall(at, 1n));
  context.timeline.add("finance", "Dollars move: refused", name);
  return name;
}

/** A payment in the other issuer's coin, up to central-bank money. */
async function payInYuan(context: ScenarioContext, journey: Journey): Promise<IssuerStressResult["paidInOther"]> {
  const reference = `IS-${Date.now().toString(36).toUpperCase()}`;
  const [payer, payee] = ["customer6", "customer4"] as const;
  const hash = hashOf(`invoice ${reference}`);
  const parties = { issuer: payee, debtor: payer, creditor: payee, currency: "CNY", amount: PAID } as const;
  await proveDocument(context, journey, {
    hash,
    name: "commercial invoice",
    type: documentTypes.commercialInvoice,
    ...parties,
  });
  const { payments, coin } = financeAs(context, payer);
  await (await coin("CNY").approve(context.deployment.finance.payments, PAID)).wait();
  const plain = { payer, payee, currency: "CNY", amount: PAID, endToEndId: reference, documents: [hash] } as const;
  const order = await orderOf(context, plain);
  await beginCycle(context);
  const text = `${entityOf(payer).name} pays ${money("CNY", PAID)} in the other issuer's coin`;
  await journey.act("finance", text, payments.pay(order, noQuote, "0x"));
  const { cycle } = await closeCycle(context, journey);
  const positions = await settleCycle(context, journey, cycle);
  return { amount: decimal(PAID), cycle, states: positions.map(({ state }) => state) };
}

async function listOverdue(context: ScenarioContext, requested: readonly Requested[]): Promise<bigint[]> {
  const coin = financeAs(context, "issuerUsd").coin("USD");
  const [first] = requested;
  const { ids } = await coin.overdueRedemptions(first?.id ?? 1n, requested.length);
  context.timeline.add(
    "finance",
    `${ids.length} redemptions are overdue, for everybody to see`,
    ...requested
      .filter(({ id }) => ids.includes(id))
      .map(({ id, holder, amount }) => `request ${id}: ${money("USD", amount)} to ${entityOf(holder).name}`),
  );
  return [...ids];
}

/** The issuer pays out at its bank, and destroys the coins. */
async function fulfil(context: ScenarioContext, journey: Journey, requested: readonly Requested[]): Promise<bigint[]> {
  const coin = financeAs(context, "issuerUsd").coin("USD");
  const FULFILLED = 2n;
  for (const { id, amount } of requested) {
    const bankReference = keccak256(toUtf8Bytes(`payout ${id} of ${coin.target}`));
    const text = `Issuer has paid out request ${id}: ${money("USD", amount)} of coins are destroyed`;
    await journey.act("finance", text, coin.fulfilRedemption(id, bankReference));
  }
  const states = await Promise.all(requested.map(async ({ id }) => ({ id, state: (await coin.redemption(id)).state })));
  return states.filter(({ state }) => state === FULFILLED).map(({ id }) => id);
}

function iso(seconds: bigint): string {
  return `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
