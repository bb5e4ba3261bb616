import { coinAt } from "../../deploy/deployment.ts";
import { currencyCode } from "../../deploy/modules/finance-chain.ts";
import { completeLei } from "../../src/core/codes/lei.ts";
import { type DemoMember, demoMembers, entityOf, memberId } from "../local/entities.ts";
import { caps } from "../local/onboarding/clearing.ts";
import { demoCurrencies } from "../local/onboarding/coins.ts";
import { centralBalances } from "./central-balances.ts";
import { clearingDayReport } from "./clearing-day-report.ts";
import { financeAs, type Played, type ScenarioContext, type ScenarioResult } from "./context.ts";
import { closeCycle, type MemberPosition, settleCycle } from "./cycle.ts";
import { Journey } from "./journey.ts";
import { decimal, money } from "./money.ts";
import { noQuote, orderOf } from "./orders.ts";
import { type Account, allowPayments, type DayPayment, drawPayments, openAccounts, payAll } from "./payment-day.ts";
import { refusalOf } from "./refusals.ts";

const COUNTS = [67, 67, 66] as const;
/** Whose pay-in the central ledger rejects in the second cycle, and who is its customer. */
const DEFAULTER = "bank3";
const DEFAULTERS_CUSTOMER = "customer3";
const CENT = 10_000n;

/** A position before and after the central ledger has answered. Amounts in the currency's unit. */
export interface PositionRow {
  member: string;
  currency: string;
  net: string;
  instructed: string;
  state: string;
  /** What the account at the central ledger moved by in this cycle. */
  booked: string;
  changed: boolean;
}

export interface CycleOutcome {
  cycle: number;
  payments: number;
  root: string;
  positions: PositionRow[];
}

/** A pay-in that the central ledger rejected, and what the member's collateral paid of it. */
export interface Rejection {
  member: string;
  currency: string;
  instructed: string;
  coveredByCollateral: string;
}

/** The day, as data. */
export interface ClearingDayResult extends ScenarioResult {
  payments: number;
  gross: Record<string, string>;
  net: Record<string, string>;
  cycles: CycleOutcome[];
  rejected: Rejection[];
  /** Whether any other member's position, cap or sub-account changed by the rejection. */
  othersChanged: boolean;
  suspendedRefusedWith: string;
  /** Whether every account at the central ledger moved by what the chain has as cleared, and no other. */
  reconciled: boolean;
}

/**
 * Two hundred payments among the customers of six banks, in three cycles. In the second one the central ledger rejects a
 * bank: its own collateral pays, nobody else's position changes, and the third cycle goes on without it.
 */
export async function clearingDay(context: ScenarioContext): Promise<Played<ClearingDayResult>> {
  const { timeline } = context;
  const journey = new Journey(timeline, { trade: context.trade, finance: context.finance });
  timeline.heading();
  const reference = `CD-${Date.now().toString(36).toUpperCase()}`;
  const accounts = await timeline.waiting("invoices cross to the finance chain", openAccounts(context, reference));
  timeline.add("trade", `Six customers anchor ${accounts.length} invoices of each other`);
  timeline.add("finance", "Evidence ledger has all of them");
  await allowPayments(context);
  const earlier = await closeCycle(context, journey);
  await settleCycle(context, journey, earlier.cycle, { quiet: true });

  const opening = await centralBalances(context);
  const first = await playCycle(context, journey, payments(accounts, reference, 0));
  const before = await standing(context);
  const second = await playRejected(context, journey, payments(accounts, reference, 1));
  const after = await standing(context);
  const suspendedRefusedWith = await tryAsSuspended(context, accounts);
  const isOf = (account: Account) => [account.payer, account.payee].includes(DEFAULTERS_CUSTOMER);
  const withoutIt = accounts.filter((account) => !isOf(account));
  const third = await playCycle(context, journey, drawPayments(withoutIt, COUNTS[2], `${reference}-3`));
  await cure(context, journey);

  const played = [first, second, third];
  const settled = played.flatMap((cycle) => cycle.settled);
  const reconciled = reconcile(opening, await centralBalances(context), settled);
  const verdict = reconciled ? "moved as the chain says" : "DIFFERS";
  timeline.add("finance", `Reconciled: every account at the central ledger ${verdict}`);

  const rejected = rejectionsIn(second, before, after);
  const changed = played.some(({ rows }) => rows.some((row) => row.changed));
  const othersChanged = changed || changedOthers(before, after);
  const covered = rejected.every(({ instructed, coveredByCollateral }) => instructed === `-${coveredByCollateral}`);
  const result: ClearingDayResult = {
    scenario: "clearing-day",
    ok:
      !othersChanged &&
      reconciled &&
      covered &&
      rejected.length > 0 &&
      suspendedRefusedWith === "ClearingHouse_MemberSuspended",
    payments: played.reduce((sum, { paid }) => sum + paid.length, 0),
    gross: totals(played.flatMap(({ paid }) => paid)),
    net: totals(settled.filter(({ net }) => net < 0n).map(({ currency, net }) => ({ currency, amount: -net }))),
    cycles: played.map(({ cycle, root, rows, paid }) => ({ cycle, root, payments: paid.length, positions: rows })),
    rejected,
    othersChanged,
    suspendedRefusedWith,
    reconciled,
  };
  return { result, report: clearingDayReport(result) };
}

function rejectionsIn(
  { settled }: PlayedCycle,
  before: ReadonlyMap<string, bigint>,
  after: ReadonlyMap<string, bigint>,
): Rejection[] {
  const payIns = settled.filter(({ state, instructed }) => state === "Rejected" && instructed < 0n);
  return payIns.map(({ member, currency, instructed }) => {
    const key = `${member} ${currency} collateral`;
    return {
      member: entityOf(member).name,
      currency,
      instructed: decimal(instructed * CENT),
      coveredByCollateral: decimal((before.get(key) ?? 0n) - (after.get(key) ?? 0n)),
    };
  });
}

function payments(accounts: readonly Account[], reference: string, index: 0 | 1): DayPayment[] {
  const drawn = drawPayments(accounts, COUNTS[index], `${reference}-${index + 1}`);
  // So that the bank that is to be rejected is a net debtor.
  return drawn.map((payment) =>
    payment.payer === DEFAULTERS_CUSTOMER ? { ...payment, amount: payment.amount * 3n } : payment,
  );
}

interface PlayedCycle {
  cycle: number;
  root: string;
  paid: readonly DayPayment[];
  settled: MemberPosition[];
  rows: PositionRow[];
}

/** A cycle in which the central ledger takes nothing from the defaulter, for want of money on its account. */
async function playRejected(
  context: ScenarioContext,
  journey: Journey,
  paid: readonly DayPayment[],
): Promise<PlayedCycle> {
  await behave(context, [{ account: completeLei(entityOf(DEFAULTER).leiBody), code: "AM04" }]);
  try {
    return await playCycle(context, journey, paid);
  } finally {
    await behave(context, []);
  }
}

/** Payments, the end of the cycle, and the central ledger's answers. */
async function playCycle(
  context: ScenarioContext,
  journey: Journey,
  paid: readonly DayPayment[],
): Promise<PlayedCycle> {
  const { timeline } = context;
  await timeline.waiting("payments", payAll(context, paid));
  const sums = totalsOf(paid);
  timeline.add(
    "finance",
    `${paid.length} payments among six banks, final at once`,
    ...demoCurrencies.map((currency) => money(currency, sums.get(currency) ?? 0n)),
  );
  const before = await centralBalances(context);
  const { cycle, root, positions } = await closeCycle(context, journey);
  timeline.note("finance", `${positions.length} positions, root ${root.slice(0, 10)}…`);
  const settled = await settleCycle(context, journey, cycle, { quiet: true });
  const after = await centralBalances(context);
  const booked = settled.filter(({ state }) => state === "Cleared").length;
  timeline.add("finance", `Central ledger has booked ${booked} of ${settled.length} positions`);
  const rows = settled.map(({ member, currency, net, instructed, state }) => {
    const key = `${member} ${currency}`;
    const netted = positions.find((position) => position.member === member && position.currency === currency);
    return {
      member: entityOf(member).name,
      currency,
      net: decimal(net),
      instructed: decimal(instructed * CENT),
      state,
      booked: decimal(((after.get(key) ?? 0n) - (before.get(key) ?? 0n)) * CENT),
      changed: netted?.net !== net || netted.instructed !== instructed,
    };
  });
  return { cycle, root, paid, settled, rows };
}

/** Caps and sub-accounts of every member, by what they are. */
async function standing(context: ScenarioContext): Promise<Map<string, bigint>> {
  const { subAccounts, clearingHouse } = financeAs(context, "clearingAgent");
  const asked = demoMembers.flatMap((member) =>
    demoCurrencies.map(async (currency) => {
      const id = memberId(member);
      const { available, collateral } = await subAccounts.balance(id, coinAt(context.deployment, currency));
      const cap = await clearingHouse.cap(id, currencyCode(currency));
      const key = `${member} ${currency}`;
      return [
        [`${key} available`, available],
        [`${key} collateral`, collateral],
        [`${key} cap`, cap],
      ] as const;
    }),
  );
  return new Map((await Promise.all(asked)).flat());
}

/** Whether anything changed that is neither the rejected bank's nor the agent's, who holds its collateral now. */
function changedOthers(before: ReadonlyMap<string, bigint>, after: ReadonlyMap<string, bigint>): boolean {
  const others = [...before.keys()].filter((key) => !key.startsWith(DEFAULTER) && !key.startsWith("settlementAgent"));
  return others.some((key) => before.get(key) !== after.get(key));
}

async function tryAsSuspended(context: ScenarioContext, accounts: readonly Account[]): Promise<string> {
  const own = accounts.find(({ payer }) => payer === DEFAULTERS_CUSTOMER);
  if (own === undefined) throw new Error("The customer buys nothing");
  const { invoice, ...account } = own;
  const payment = { ...account, amount: 1_000_000n, endToEndId: `late ${Date.now()}`, documents: [invoice] };
  const { payments: contract } = financeAs(context, DEFAULTERS_CUSTOMER);
  const { name } = await refusalOf(contract.pay.staticCall(await orderOf(context, payment), noQuote, "0x"));
  context.timeline.add("finance", "Its customer pays: refused", name);
  return name;
}

/** How the central ledger treats payments from now on. */
async function behave({ centralLedger }: ScenarioContext, rejections: readonly object[]): Promise<void> {
  const response = await fetch(new URL("behaviours", `${centralLedger.adminUrl}/`), {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ rejections }),
  });
  if (!response.ok) throw new Error(`The central ledger refused: ${await response.text()}`);
}

/** The rejected bank pledges anew out of what it has, its caps are set as before, and it is let back in. */
async function cure(context: ScenarioContext, journey: Journey): Promise<void> {
  const { subAccounts } = financeAs(context, DEFAULTER);
  const id = memberId(DEFAULTER);
  for (const currency of demoCurrencies) {
    const coin = coinAt(context.deployment, currency);
    const { collateral } = await subAccounts.balance(id, coin);
    const missing = caps[currency] - collateral;
    if (missing > 0n) await (await subAccounts.pledge(coin, missing)).wait();
    const { clearingHouse } = financeAs(context, "risk");
    await (await clearingHouse.setCap(id, currencyCode(currency), caps[currency])).wait();
  }
  const registrar = financeAs(context, "registrar").subAccounts;
  await journey.act(
    "finance",
    `${entityOf(DEFAULTER).name} has pledged anew and is let back in`,
    registrar.reinstateMember(id),
  );
}

/**
 * The second track against the first: a member's account moved by its cleared positions, and the pool by what came in less
 * what went out. The pool stands in for a rejected pay-in.
 */
function reconcile(
  opening: ReadonlyMap<string, bigint>,
  closing: ReadonlyMap<string, bigint>,
  settled: readonly MemberPosition[],
): boolean {
  return demoCurrencies.every((currency) => {
    const moved = (member: DemoMember) =>
      (closing.get(`${member} ${currency}`) ?? 0n) - (opening.get(`${member} ${currency}`) ?? 0n);
    const cleared = (member: DemoMember) =>
      settled
        .filter((each) => each.member === member && each.currency === currency && each.state === "Cleared")
        .reduce((sum, { instructed }) => sum + instructed, 0n);
    const members = demoMembers.filter((member) => member !== "settlementAgent");
    const pool = -members.reduce((sum, member) => sum + cleared(member), 0n);
    return members.every((member) => moved(member) === cleared(member)) && moved("settlementAgent") === pool;
  });
}

function totalsOf(amounts: readonly { currency: string; amount: bigint }[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { currency, amount } of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  return sums;
}

function totals(amounts: readonly { currency: string; amount: bigint }[]): Record<string, string> {
  return Object.fromEntries([...totalsOf(amounts)].map(([currency, sum]) => [currency, decimal(sum)]));
}
