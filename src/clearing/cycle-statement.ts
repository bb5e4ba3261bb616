import { formatAmount } from "../core/amount.ts";
import { type CommittedPosition, cycleRoot, positionProof } from "../core/cycle-root.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { BlockRange } from "../relayer/block-range.ts";
import { type ClearingHouse, clearingHouseAbi } from "./clearing-house.ts";
import { type ClosedPosition, committedPositions } from "./committed-positions.ts";
import { currencyText } from "./instruction.ts";
import { signedAmount, textTable } from "./text-table.ts";

/** A position, and what shows that the cycle's root has it. */
export interface StatedPosition extends ClosedPosition {
  proof: readonly Hex[];
}

/** What one member owes another over a cycle, net; in millionths, above zero. */
export interface StatedDebt {
  currency: string;
  debtor: number;
  creditor: number;
  amount: bigint;
}

export interface CycleStatement {
  cycle: number;
  /** Unix seconds. */
  openedAt: number;
  closedAt: number;
  /** Positions whose booking or rejection is awaited. */
  pending: number;
  root: Hex;
  /** Whether the positions are all that the root stands for. */
  rootMatches: boolean;
  /** Whether the debts sum up to the positions. */
  debtsMatch: boolean;
  positions: readonly StatedPosition[];
  debts: readonly StatedDebt[];
}

export interface StatementOptions {
  startBlock: number;
  blockRange: number;
  confirmations: number;
}

/**
 * Positions, bilateral debts and proofs of a closed cycle, from the chain, and whether they agree with one another.
 * @throws HuangpuError CONFIG_INVALID when the cycle is not closed yet.
 */
export async function stateCycle(
  clearingHouse: ClearingHouse,
  number: number,
  options: StatementOptions,
): Promise<CycleStatement> {
  const house = clearingHouse.pinned();
  const block = (await house.chain.blockNumber()) - options.confirmations;
  const { openedAt, closedAt, pending, root } = await house.cycle(number, block);
  if (closedAt === 0) throw new HuangpuError("CONFIG_INVALID", `Cycle ${number} is not closed`);
  const committed = await committedPositions(house, number, block);
  const leaves = committed.map(({ leaf }) => leaf);
  const positions = committed.map((position, index) => ({ ...position, proof: positionProof(leaves, index) }));
  const debts = await readDebts(house, number, block, options);
  return {
    cycle: number,
    openedAt,
    closedAt,
    pending,
    root,
    rootMatches: cycleRoot(leaves) === root,
    debtsMatch: sumUp(debts, positions),
    positions,
    debts,
  };
}

async function readDebts(
  { chain, address }: ClearingHouse,
  cycle: number,
  block: number,
  { startBlock, blockRange }: StatementOptions,
): Promise<StatedDebt[]> {
  const range = new BlockRange(blockRange);
  /** By pair, the lower number first: what the second owes the first. */
  const nets = new Map<string, bigint>();
  const queued = new Map<bigint, readonly Leg[]>();
  for (let from = startBlock; from <= block; ) {
    const to = Math.min(from + range.size - 1, block);
    const logs = await chain.logs(address, OWING, from, to).catch((error: unknown) => {
      if (range.failed(to - from + 1, error)) return undefined;
      throw error;
    });
    if (logs === undefined) continue;
    range.answered(to - from + 1);
    for (const { topics, data } of logs) {
      for (const leg of settledLegs(topics, data, cycle, queued)) {
        const low = Math.min(leg.debtor, leg.creditor);
        const key = `${leg.currency} ${low} ${Math.max(leg.debtor, leg.creditor)}`;
        nets.set(key, (nets.get(key) ?? 0n) + (leg.creditor === low ? leg.amount : -leg.amount));
      }
    }
    from = to + 1;
  }
  return [...nets].flatMap(([key, net]) => {
    const [currency = "", low, high] = key.split(" ");
    if (net === 0n) return [];
    const [debtor, creditor] = net > 0n ? [Number(high), Number(low)] : [Number(low), Number(high)];
    return [{ currency, debtor, creditor, amount: net > 0n ? net : -net }];
  });
}

/** What tells of debts. */
const OWING = ["ObligationQueued", "ObligationSettled", "QueueResolved"].map(
  (name) => clearingHouseAbi.getEvent(name)?.topicHash as Hex,
);

interface Leg {
  debtor: number;
  creditor: number;
  currency: string;
  amount: bigint;
}

/** What a log says is owed in a cycle. Legs of what was queued are told when it is queued, and remembered till it settles. */
function settledLegs(
  topics: readonly Hex[],
  data: Hex,
  cycle: number,
  queued: Map<bigint, readonly Leg[]>,
): readonly Leg[] {
  const event = clearingHouseAbi.parseLog({ topics, data });
  if (event?.name === "ObligationQueued") queued.set(event.args["obligation"], legsOf(event.args["legs"]));
  if (event === null || Number(event.args["cycle"]) !== cycle) return [];
  if (event.name === "ObligationSettled") return legsOf(event.args["legs"]);
  if (event.name !== "QueueResolved") return [];
  return (event.args["settled"] as readonly bigint[]).flatMap((id) => queued.get(id) ?? []);
}

function legsOf(legs: readonly { debtor: bigint; creditor: bigint; currency: Hex; amount: bigint }[]): readonly Leg[] {
  return legs.map(({ debtor, creditor, currency, amount }) => ({
    debtor: Number(debtor),
    creditor: Number(creditor),
    currency: currencyText(currency),
    amount,
  }));
}

function sumUp(debts: readonly StatedDebt[], positions: readonly CommittedPosition[]): boolean {
  const sums = new Map<string, bigint>();
  const add = (member: number, currency: string, amount: bigint) =>
    sums.set(`${member} ${currency}`, (sums.get(`${member} ${currency}`) ?? 0n) + amount);
  for (const { debtor, creditor, currency, amount } of debts) {
    add(debtor, currency, -amount);
    add(creditor, currency, amount);
  }
  for (const { member, currency, net } of positions) add(member, currency, -net);
  return [...sums.values()].every((sum) => sum === 0n);
}

/** At most 80 columns. */
export function showCycle(statement: CycleStatement): string {
  const { cycle, openedAt, closedAt, pending, root, rootMatches, debtsMatch, positions, debts } = statement;
  const time = (seconds: number) => new Date(seconds * 1_000).toISOString().replace(".000", "");
  const micro = (units: bigint) => signedAmount(units, 6, formatAmount);
  const positionRows = positions.map(({ member, currency, net, carried, instructed, state }) => [
    String(member),
    currency,
    micro(net),
    micro(carried),
    signedAmount(instructed, 2, formatAmount),
    state,
  ]);
  const debtRows = debts.map(({ currency, debtor, creditor, amount }) => [
    String(debtor),
    String(creditor),
    currency,
    micro(amount),
  ]);
  return [
    `Cycle ${cycle}, ${time(openedAt)} to ${time(closedAt)}`,
    pending === 0 ? "All positions are booked or rejected." : `${pending} positions are awaited.`,
    `Root ${root}`,
    rootMatches ? "The positions are what the root stands for." : "THE POSITIONS ARE NOT WHAT THE ROOT STANDS FOR.",
    "",
    textTable(
      [
        { heading: "Member" },
        { heading: "Ccy" },
        { heading: "Net", align: "right" },
        { heading: "Carried", align: "right" },
        { heading: "Instructed", align: "right" },
        { heading: "State" },
      ],
      positionRows,
    ),
    "",
    textTable(
      [{ heading: "Owes" }, { heading: "To" }, { heading: "Ccy" }, { heading: "Net", align: "right" }],
      debtRows,
    ),
    debtsMatch ? "The debts sum up to the positions." : "THE DEBTS DO NOT SUM UP TO THE POSITIONS.",
    "",
  ].join("\n");
}
