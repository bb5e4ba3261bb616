import { expect } from "chai";
import { AGENT, ClearingWorld, CURRENCIES, type Waiting } from "../../bench/clearing-world.ts";
import { type Resolution, resolveGridlock } from "../../src/core/gridlock.ts";
import { randomQueue } from "../support/fakes/random-queue.ts";
import { SeededRandom } from "../support/fakes/seeded-random.ts";

const NIGHTLY = process.env["HUANGPU_FUZZ"] === "nightly";
const QUEUES = NIGHTLY ? 400 : 30;
const MEMBERS = 5;
const HUNDREDTH = 10_000n;

describe("the gridlock solver beside the clearing house", function () {
  this.timeout(NIGHTLY ? 1_800_000 : 300_000);

  let world: ClearingWorld;
  const outcomes = { all: 0, some: 0, none: 0 };

  before(async () => {
    world = await ClearingWorld.open({ members: MEMBERS, collateral: 1_000n * HUNDREDTH });
  });

  after(async () => await world?.stop());

  /** Caps are set only when all have queued, so that what could have settled alone waits too. */
  async function fillQueue(random: SeededRandom): Promise<Waiting> {
    const { queue, roomOf } = randomQueue(random, 9);
    for (const legs of queue) {
      const scaled = legs.map((leg) => ({ ...leg, amount: leg.amount * HUNDREDTH }));
      await world.submit(scaled, random.below(3));
    }
    for (let id = 1n; id <= BigInt(queue.length); id++) {
      const { state, legs } = await world.house.getFunction("obligation")(id);
      if (state === 1n && random.below(8) === 0) await world.hold(id, Number(legs[0].debtor));
    }
    for (let member = AGENT + 1; member <= MEMBERS; member++) {
      for (const currency of CURRENCIES) {
        const room = roomOf(member, currency);
        if (typeof room === "bigint") await world.setCap(member, currency, room * HUNDREDTH);
      }
      if (random.below(15) === 0) await world.suspend(member);
    }
    return await world.waiting(BigInt(queue.length));
  }

  /** What is not the solution, each with the only errors that may refuse it. */
  function forgeries({ ids }: Waiting, { settled, removals }: Resolution): [string, bigint[], number[]][] {
    const forged: [string, bigint[], number[]][] = [];
    const [first] = settled;
    if (first !== undefined) forged.push(["ClearingHouse_RemovalNotJustified", ids, [...removals, first]]);
    if (removals.length > 0) {
      forged.push(["ClearingHouse_NotResolved", ids, removals.slice(0, -1)]);
      forged.push(["ClearingHouse_RemovalNotJustified", ids, [...removals, removals[0] as number]]);
    }
    if (ids.length > 1) forged.push(["ClearingHouse_QueueMismatch", [...ids].reverse(), []]);
    if (ids.length > 0) forged.push(["ClearingHouse_QueueMismatch", ids.slice(1), []]);
    return forged;
  }

  async function compare(seed: number): Promise<void> {
    const waiting = await fillQueue(new SeededRandom(seed));
    const solution = resolveGridlock(waiting.queue, await world.rooms());
    for (const [expected, ids, removals] of forgeries(waiting, solution)) {
      expect(await world.refusal(ids, removals), `seed ${seed}, removals ${removals}`).to.equal(expected);
    }
    await world.resolve(waiting.ids, solution.removals);
    const settled = new Set(solution.settled);
    for (const [index, id] of waiting.ids.entries()) {
      const state = await world.house.getFunction("stateOf")(id);
      expect(state === 3n, `seed ${seed}, obligation ${id}`).to.equal(settled.has(index));
    }
    const left = waiting.ids.length - settled.size;
    expect(await world.house.getFunction("queueLength")()).to.equal(BigInt(left));
    if (settled.size === 0) outcomes.none++;
    else outcomes[left === 0 ? "all" : "some"]++;
  }

  it(`agrees on ${QUEUES} random queues with priorities, holds and suspensions, and every forgery is refused`, async () => {
    for (let seed = 0; seed < QUEUES; seed++) {
      const restore = await world.snapshot();
      await compare(seed);
      await restore();
    }
    for (const [kind, count] of Object.entries(outcomes)) expect(count, kind).to.be.greaterThan(0);
  });
});
