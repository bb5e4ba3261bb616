import type { TransactionReceipt } from "ethers";
import { financeContracts } from "../../deploy/contracts.ts";
import { currencyCode } from "../../deploy/modules/finance-chain.ts";
import { type DemoMember, demoMembers, entityOf, memberId } from "../local/entities.ts";
import { demoCurrencies } from "../local/onboarding/coins.ts";
import { financeAs, type ScenarioContext, timeOf, until } from "./context.ts";
import type { Journey } from "./journey.ts";
import { centralMoney } from "./money.ts";
import { refusalOf } from "./refusals.ts";

/** Seconds: less than the agent's cycles by longer than a scenario takes. */
const OLD = 60;

/** `IClearingHouse.State`, in its order. */
const states = [
  "Unknown",
  "Queued",
  "Cancelled",
  "Provisional",
  "Netted",
  "Instructed",
  "Cleared",
  "Rejected",
] as const;

/** Where a member stands in a cycle and currency. */
export interface MemberPosition {
  member: DemoMember;
  currency: string;
  /** Millionths. */
  net: bigint;
  /** Hundredths. */
  instructed: bigint;
  state: (typeof states)[number];
}

export interface ClosedCycle {
  cycle: number;
  root: string;
  positions: MemberPosition[];
}

const nameOf = (member: number) => entityOf(demoMembers[member - 1] ?? "operator").name;
const text = (hex: string) => Buffer.from(hex.slice(2), "hex").toString("ascii").replace(/\0+$/, "");

/**
 * Leaves a cycle behind that the clearing agent would soon close by itself, so that all of a scenario's payments are in one.
 */
export async function beginCycle(context: ScenarioContext): Promise<void> {
  const { clearingHouse } = financeAs(context, "clearingAgent");
  const { openedAt } = await clearingHouse.cycle(await clearingHouse.openCycle());
  if ((await timeOf(context.finance)) - Number(openedAt) < OLD) return;
  await closable(context);
  try {
    await (await clearingHouse.close()).wait();
  } catch {
    await closable(context); // the agent was faster, and the next cycle is as good
  }
}

/** The number of the open cycle, once it may be closed: by the clock, which is ahead of the newest block of an idle chain. */
async function closable(context: ScenarioContext): Promise<number> {
  const { clearingHouse } = financeAs(context, "clearingAgent");
  return await until("the cycle to be old enough", async () => {
    try {
      return Number((await clearingHouse.close.staticCall({ blockTag: "pending" })).number);
    } catch (error) {
      const { name } = await refusalOf(Promise.reject(error));
      if (name !== "ClearingHouse_CycleTooYoung") throw error;
      return undefined;
    }
  });
}

/** The clearing agent ends the open cycle: what every bank owes is net from now on. */
export async function closeCycle(context: ScenarioContext, journey: Journey): Promise<ClosedCycle> {
  const { clearingHouse } = financeAs(context, "clearingAgent");
  const cycle = await closable(context);
  const receipt = await journey.act(
    "finance",
    `Clearing agent closes cycle ${cycle}: every bank's debts are net from now on`,
    clearingHouse.close(),
  );
  const positions = await positionsOf(context, cycle);
  return { cycle, root: rootIn(receipt, context), positions };
}

/** Every member's positions in a cycle, also the open one. */
export async function positionsOf(context: ScenarioContext, cycle: number): Promise<MemberPosition[]> {
  const { clearingHouse } = financeContracts(context.deployment.finance, context.finance);
  const asked = demoCurrencies.flatMap((currency) =>
    demoMembers.map(async (member) => {
      const { net, instructed, state } = await clearingHouse.position(cycle, memberId(member), currencyCode(currency));
      return { member, currency, net, instructed, state: states[Number(state)] ?? "Unknown" };
    }),
  );
  return (await Promise.all(asked)).filter(({ state }) => state !== "Unknown");
}

/**
 * Waits until the central ledger has answered for every position, and shows each answer when the finance chain has it: the
 * second track is final, or a member is rejected. `quiet` shows rejections alone.
 */
export async function settleCycle(
  context: ScenarioContext,
  journey: Journey,
  cycle: number,
  { quiet = false }: { quiet?: boolean } = {},
): Promise<MemberPosition[]> {
  const { timeline, deployment, finance } = context;
  const { clearingHouse } = financeContracts(deployment.finance, finance);
  const shown = new Set<string>();
  const show = (key: string, line: string, ...details: string[]) => {
    if (!shown.has(key)) timeline.add("finance", line, ...details);
    shown.add(key);
  };
  await timeline.waiting(
    "the central ledger settles the cycle",
    until("the central ledger to settle the cycle", async () => {
      const { filters } = clearingHouse;
      const [instructed, cleared, rejected, finished] = await Promise.all([
        clearingHouse.queryFilter(filters.PositionInstructed(cycle)),
        clearingHouse.queryFilter(filters.PositionCleared(cycle)),
        clearingHouse.queryFilter(filters.PositionRejected(cycle)),
        clearingHouse.queryFilter(filters.CycleFinished(cycle)),
      ]);
      const amounts = new Map(instructed.map(({ args }) => [`${args.member} ${args.currency}`, args.amount]));
      const describe = ({ member, currency }: { member: bigint; currency: string }) => {
        const amount = amounts.get(`${member} ${currency}`) ?? 0n;
        const flow = amount < 0n ? "pay-in" : "pay-out";
        return `${nameOf(Number(member))}'s ${flow} of ${centralMoney(text(currency), amount < 0n ? -amount : amount)}`;
      };
      for (const { args } of quiet ? [] : instructed) {
        show(`instructed ${args.member} ${args.currency}`, `Instructed by pacs.009: ${describe(args)}`);
      }
      for (const { args } of quiet ? [] : cleared) {
        const booking = `camt.054 ${args.booking.slice(0, 10)}…`;
        show(`answered ${args.member} ${args.currency}`, `Central ledger has booked ${describe(args)}`, booking);
      }
      for (const { args } of rejected) {
        const reason = `reason ${text(args.reason)}; its collateral pays, and it is suspended`;
        show(`answered ${args.member} ${args.currency}`, `Central ledger rejects ${describe(args)}`, reason);
      }
      return finished.length > 0 ? true : undefined;
    }),
  );
  const { filters } = clearingHouse;
  const told = await Promise.all([
    clearingHouse.queryFilter(filters.PositionInstructed(cycle)),
    clearingHouse.queryFilter(filters.PositionCleared(cycle)),
    clearingHouse.queryFilter(filters.PositionRejected(cycle)),
  ]);
  await journey.share(
    "finance",
    told.flat().map(({ transactionHash }) => transactionHash),
  );
  return await positionsOf(context, cycle);
}

function rootIn({ logs }: TransactionReceipt, { deployment, finance }: ScenarioContext): string {
  const { clearingHouse } = financeContracts(deployment.finance, finance);
  const events = logs.map((log) => clearingHouse.interface.parseLog(log));
  return events.find((event) => event?.name === "CycleClosed")?.args["root"] ?? "";
}
