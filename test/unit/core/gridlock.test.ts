import { expect } from "chai";
import { type QueuedObligation, type Resolution, type Room, resolveGridlock } from "../../../src/core/gridlock.ts";
import { bruteForce, isJustified } from "../../support/fakes/gridlock-reference.ts";
import { randomQueue } from "../../support/fakes/random-queue.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { vectorOrSkip } from "../../support/fakes/vectors.ts";

const NIGHTLY = process.env["HUANGPU_FUZZ"] === "nightly";
const QUEUES = NIGHTLY ? 50_000 : 3_000;

function owe(debtor: number, creditor: number, amount: bigint, currency = "CNY"): QueuedObligation {
  return [{ debtor, creditor, currency, amount }];
}

/** The same room in every currency; zero for those without. */
function rooms(byMember: Record<number, Room>): (member: number) => Room {
  return (member) => byMember[member] ?? 0n;
}

interface Vector {
  bal: Record<string, number>;
  q: { id: number; f: string; t: string; a: number }[];
  fifo: { settled: number[]; left: number[]; after: Record<string, number> };
  bestFifo: { v: number };
}

describe("gridlock", () => {
  it("settles a ring in which nobody can begin", () => {
    const ring = [owe(1, 2, 100n), owe(2, 3, 100n), owe(3, 1, 100n)];
    expect(resolveGridlock(ring, rooms({}))).to.deep.equal({ settled: [0, 1, 2], removals: [] });
  });

  it("settles what it can of a queue, and takes out the last of whoever cannot pay", () => {
    const queue = [owe(1, 2, 100n), owe(2, 3, 100n), owe(3, 1, 80n), owe(3, 4, 30n)];
    expect(resolveGridlock(queue, rooms({ 1: 20n }))).to.deep.equal({ settled: [0, 1, 2], removals: [3] });
  });

  it("settles nothing of a deadlock", () => {
    const queue = [owe(1, 2, 100n), owe(2, 1, 40n), owe(2, 3, 10n)];
    const { settled, removals } = resolveGridlock(queue, rooms({ 1: 59n }));
    expect(settled).to.deep.equal([]);
    expect([...removals].sort()).to.deep.equal([0, 1, 2]);
  });

  it("does not let a small one pass a large one of the same bank, even if that settles none", () => {
    const queue = [owe(1, 2, 100n), owe(1, 2, 10n)];
    expect(resolveGridlock(queue, rooms({ 1: 10n })).settled).to.deep.equal([]);
    expect(resolveGridlock([...queue].reverse(), rooms({ 1: 10n })).settled).to.deep.equal([0]);
  });

  it("holds both legs of a conversion back when one cannot settle, and what comes after them", () => {
    const conversion = [...owe(1, 2, 70n, "CNY"), ...owe(2, 3, 10n, "USD")];
    const queue = [conversion, owe(1, 3, 5n, "CNY"), owe(2, 3, 1n, "USD")];
    const room = (member: number, currency: string): Room => (member === 1 && currency === "CNY" ? 100n : 0n);
    expect(resolveGridlock(queue, room)).to.deep.equal({ settled: [], removals: [2, 0, 1] });
  });

  it("lets the settlement agent owe without bound, and leaves out what a suspended member owes", () => {
    const queue = [owe(1, 2, 10n ** 21n), owe(3, 2, 5n), owe(2, 1, 7n)];
    const found = resolveGridlock(queue, rooms({ 1: "unbounded", 3: "suspended" }));
    expect(found).to.deep.equal({ settled: [0, 2], removals: [] });
  });

  it(`finds the one largest solution of ${QUEUES} random queues, as trying all of them does`, () => {
    const outcomes = { all: 0, some: 0, none: 0 };
    for (let seed = 0; seed < QUEUES; seed++) {
      const { queue, roomOf } = randomQueue(new SeededRandom(seed), 9);
      const found = resolveGridlock(queue, roomOf);
      expect(found.settled, `seed ${seed}`).to.deep.equal(bruteForce(queue, roomOf));
      expect(isJustified(queue, roomOf, found), `seed ${seed}`).to.equal(true);
      outcomes[outcomeOf(found)]++;
    }
    for (const [kind, count] of Object.entries(outcomes)) expect(count, kind).to.be.greaterThan(QUEUES / 20);
  });

  it("takes time in proportion to the queue", () => {
    const steps = (length: number) => countSteps(Array.from({ length }, (_, at) => owe(1 + (at % 7), 8, 1n)));
    expect(steps(20_000)).to.be.at.most(2 * steps(10_000) + 100);
  });

  for (const name of ["ring0", "partial", "overlap"]) {
    it(`agrees with the vector "${name}"`, function () {
      const vector = vectorOrSkip<Record<string, Vector>>(this, "netting/vectors.json")[name] as Vector;
      const members = Object.keys(vector.bal);
      const number = (letter: string) => members.indexOf(letter) + 1;
      const queue = vector.q.map(({ f, t, a }) => owe(number(f), number(t), BigInt(a)));
      const { settled } = resolveGridlock(queue, (member) => BigInt(vector.bal[members[member - 1] ?? ""] ?? 0));
      expect(settled.map((index) => vector.q[index]?.id)).to.deep.equal(vector.fifo.settled);
      const value = settled.reduce((sum, index) => sum + (vector.q[index]?.a ?? 0), 0);
      expect(value).to.equal(vector.bestFifo.v);
    });
  }
});

function outcomeOf({ settled, removals }: Resolution): "all" | "some" | "none" {
  if (settled.length === 0) return "none";
  return removals.length === 0 ? "all" : "some";
}

/** How often the room of a lane or an amount is looked at. */
function countSteps(queue: QueuedObligation[]): number {
  let steps = 0;
  const counted = queue.map((legs) =>
    legs.map((leg) => ({
      ...leg,
      get amount() {
        steps++;
        return leg.amount;
      },
    })),
  );
  const found: Resolution = resolveGridlock(counted, () => 0n);
  expect(found.settled).to.deep.equal([]);
  return steps;
}
