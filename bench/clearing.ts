import { resolveGridlock } from "../src/core/gridlock.ts";
import { bilateralNets, type Legs, netPositions } from "../src/core/netting.ts";
import { SeededRandom } from "../test/support/fakes/seeded-random.ts";
import { AGENT, ClearingWorld } from "./clearing-world.ts";

/** Gas of whole transactions. */
export interface CycleGas {
  /** Putting one payment into the queue, on average. */
  queue: number;
  resolve: number;
  close: number;
}

export interface ClearingGas {
  /** By members, then by queued payments: all settle, and the cycle is closed. */
  cycle: Record<string, Record<string, CycleGas>>;
  /** A thousand conversions among twenty members: two legs each. */
  conversions: CycleGas;
  /** A thousand payments of which none can settle. */
  deadlock: number;
}

export interface NettingFigures {
  legs: number;
  /** Seconds, the fastest of many runs. */
  pass: number;
  multilateral: number;
  bilateral: number;
  /** The slower of both, in passes over the same data. */
  ratio: number;
}

const MEMBERS = [6, 20, 50];
const PAYMENTS = [10, 100, 1_000];
const LEGS = 1_000_000;
const RUNS = 50;
const UNIT = 1_000_000n;
/** Set when all have queued: before, nobody may owe anything. */
const CAP = 10_000n * UNIT;
const AMOUNT = 200n * UNIT;

/** What resolving a queue and closing its cycle cost, by members and payments. */
export async function measureClearingGas(): Promise<ClearingGas> {
  const cycle: ClearingGas["cycle"] = {};
  for (const members of MEMBERS) {
    const figures: Record<string, CycleGas> = {};
    for (const payments of PAYMENTS) figures[payments] = await measureCycle({ members, payments, legs: 1 });
    cycle[members] = figures;
  }
  const conversions = await measureCycle({ members: 20, payments: 1_000, legs: 2 });
  return { cycle, conversions, deadlock: await measureDeadlock() };
}

async function measureCycle(options: { members: number; payments: number; legs: 1 | 2 }): Promise<CycleGas> {
  const world = await ClearingWorld.open({ members: options.members + AGENT, collateral: CAP });
  try {
    const queue = await fill(world, options);
    const ids = Array.from({ length: options.payments }, (_, index) => BigInt(index + 1));
    await openCaps(world, options.members);
    const resolve = await world.resolve(ids, []);
    return { queue, resolve, close: await world.close() };
  } finally {
    await world.stop();
  }
}

/** Each member pays the next few about the same, so that the nets stay within the caps that are set later. */
async function fill(
  world: ClearingWorld,
  { members, payments, legs }: { members: number; payments: number; legs: 1 | 2 },
): Promise<number> {
  const random = new SeededRandom(members * payments);
  let gas = 0;
  for (let index = 0; index < payments; index++) {
    const [debtor, creditor, third] = [0, 1 + (index % 3), 2 + (index % 3)].map(
      (step) => AGENT + 1 + ((index + step) % members),
    ) as [number, number, number];
    const amount = AMOUNT + BigInt(random.below(100_000));
    const first = { debtor, creditor, currency: "CNY", amount };
    const second = { debtor: creditor, creditor: third, currency: "USD", amount: AMOUNT };
    gas += await world.submit(legs === 1 ? [first] : [first, second], 2);
  }
  return gas / payments;
}

async function openCaps(world: ClearingWorld, members: number): Promise<void> {
  for (let member = AGENT + 1; member <= AGENT + members; member++) {
    await world.setCap(member, "CNY", CAP);
    await world.setCap(member, "USD", CAP);
  }
}

async function measureDeadlock(): Promise<number> {
  const options = { members: 20, payments: 1_000, legs: 1 } as const;
  const world = await ClearingWorld.open({ members: options.members + AGENT, collateral: CAP });
  try {
    for (let index = 0; index < options.payments; index++) {
      const debtor = AGENT + 1 + (index % options.members);
      await world.submit([{ debtor, creditor: AGENT, currency: "CNY", amount: AMOUNT }], 2);
    }
    const { ids, queue } = await world.waiting(BigInt(options.payments));
    return await world.resolve(ids, resolveGridlock(queue, await world.rooms()).removals);
  } finally {
    await world.stop();
  }
}

/** Netting a million legs of fifty members in two currencies, beside one pass over them. */
export function measureNetting(): NettingFigures {
  const legs = randomLegs(new SeededRandom(20_261_122), LEGS);
  const pass = fastest(() => sumOf(legs));
  const multilateral = fastest(() => netPositions(legs));
  const bilateral = fastest(() => bilateralNets(legs));
  return { legs: LEGS, pass, multilateral, bilateral, ratio: Math.max(multilateral, bilateral) / pass };
}

function randomLegs(random: SeededRandom, length: number): Legs {
  const columns = {
    debtor: new Uint8Array(length),
    creditor: new Uint8Array(length),
    currency: new Uint8Array(length),
    amount: new BigUint64Array(length),
  };
  for (let leg = 0; leg < length; leg++) {
    columns.debtor[leg] = random.between(1, 50);
    columns.creditor[leg] = random.between(1, 50);
    columns.currency[leg] = random.below(2);
    columns.amount[leg] = BigInt(random.between(1, 2 ** 31)) * 4_000n;
  }
  return columns;
}

/** Reads every column once. */
function sumOf({ debtor, creditor, currency, amount }: Legs): number {
  const halves = new Uint32Array(amount.buffer, amount.byteOffset, 2 * amount.length);
  let sum = 0;
  for (let leg = 0; leg < debtor.length; leg++) {
    sum += (debtor[leg] as number) + (creditor[leg] as number) + (currency[leg] as number);
    sum += (halves[2 * leg] as number) + (halves[2 * leg + 1] as number);
  }
  return sum;
}

function fastest(run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < RUNS; round++) {
    const start = performance.now();
    run();
    best = Math.min(best, (performance.now() - start) / 1_000);
  }
  return best;
}
