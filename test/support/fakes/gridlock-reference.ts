import type { QueuedObligation, Resolution, Room } from "../../../src/core/gridlock.ts";

type RoomOf = (member: number, currency: string) => Room;

/** The largest feasible part of a queue, by trying every part. Throws if there are two. */
export function bruteForce(queue: readonly QueuedObligation[], roomOf: RoomOf): number[] {
  let best: number[] = [];
  let rivals = 0;
  for (let mask = 1; mask < 2 ** queue.length; mask++) {
    const chosen = [...queue.keys()].filter((index) => (mask >> index) % 2 === 1);
    if (chosen.length < best.length || !isFeasible(queue, roomOf, chosen)) continue;
    rivals = chosen.length === best.length ? rivals + 1 : 0;
    best = chosen;
  }
  if (rivals > 0) throw new Error("Two parts of the queue are the largest");
  return best;
}

/** Whether each removal is one that the contract accepts, and what is left is feasible; word for word as its rules are. */
export function isJustified(queue: readonly QueuedObligation[], roomOf: RoomOf, found: Resolution): boolean {
  const left = new Set(eligible(queue, roomOf));
  for (const removal of found.removals) {
    if (!left.has(removal)) return false;
    const legs = queue[removal] ?? [];
    const must = legs.some(({ debtor, currency }) => {
      const lane = laneOf(queue, roomOf, debtor, currency);
      const cut = lane.some((index) => index < removal && !left.has(index));
      const last = lane.filter((index) => left.has(index)).at(-1);
      return cut || (last === removal && isBeyond(queue, roomOf, [...left], debtor, currency));
    });
    if (!must) return false;
    left.delete(removal);
  }
  return isFeasible(queue, roomOf, [...left]) && found.settled.join() === [...left].join();
}

function isFeasible(queue: readonly QueuedObligation[], roomOf: RoomOf, chosen: readonly number[]): boolean {
  const open = new Set(eligible(queue, roomOf));
  return chosen.every(
    (index) =>
      open.has(index) &&
      (queue[index] ?? []).every(({ debtor, currency }) => {
        const before = laneOf(queue, roomOf, debtor, currency).filter((other) => other < index);
        const inOrder = before.every((other) => chosen.includes(other));
        return inOrder && !isBeyond(queue, roomOf, chosen, debtor, currency);
      }),
  );
}

function eligible(queue: readonly QueuedObligation[], roomOf: RoomOf): number[] {
  const isSuspended = (legs: QueuedObligation) =>
    legs.some(({ debtor, currency }) => roomOf(debtor, currency) === "suspended");
  return [...queue.keys()].filter((index) => !isSuspended(queue[index] ?? []));
}

function laneOf(queue: readonly QueuedObligation[], roomOf: RoomOf, member: number, currency: string): number[] {
  return eligible(queue, roomOf).filter((index) =>
    queue[index]?.some((leg) => leg.debtor === member && leg.currency === currency),
  );
}

function isBeyond(
  queue: readonly QueuedObligation[],
  roomOf: RoomOf,
  chosen: readonly number[],
  member: number,
  currency: string,
): boolean {
  const room = roomOf(member, currency);
  if (typeof room !== "bigint") return false;
  const legs = chosen.flatMap((index) => queue[index] ?? []).filter((leg) => leg.currency === currency);
  const net = legs.reduce(
    (sum, { debtor, creditor, amount }) =>
      sum + (creditor === member ? amount : 0n) - (debtor === member ? amount : 0n),
    room,
  );
  return net < 0n;
}
