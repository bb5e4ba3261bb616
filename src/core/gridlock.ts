/** One bank owes another; both numbers as on chain. In millionths of the currency unit. */
export interface QueuedLeg {
  readonly debtor: number;
  readonly creditor: number;
  readonly currency: string;
  readonly amount: bigint;
}

/** One leg, or two that settle together or not at all, with different debtors or currencies. */
export type QueuedObligation = readonly QueuedLeg[];

/**
 * How much more a member may owe in a currency, in millionths: cap less exposure, plus what it is owed net. The settlement
 * agent's is unbounded; what a suspended member owes stays, and stands in nobody's way.
 */
export type Room = bigint | "unbounded" | "suspended";

/** Indices into the queue. */
export interface Resolution {
  /** In the queue's order. Empty: a deadlock. */
  readonly settled: readonly number[];
  /** In an order in which `ClearingHouse.resolve` accepts each. */
  readonly removals: readonly number[];
}

/**
 * The largest part of a queue that settles together: first in, first out in each lane (the obligations that debit a member in
 * a currency), and nobody who pays beyond its room. There is one largest; why, says `GridlockResolution.sol`. Takes the last
 * obligation from the lane of anybody beyond its room until there is nobody, in time linear in the queue.
 * @param queue In order, without those that are held.
 */
export function resolveGridlock(
  queue: readonly QueuedObligation[],
  roomOf: (member: number, currency: string) => Room,
): Resolution {
  const lanes = new Lanes(roomOf);
  const removed = new Uint8Array(queue.length);
  const excluded = new Uint8Array(queue.length);
  for (const [index, legs] of queue.entries()) {
    const own = legs.map(({ debtor, currency }) => lanes.of(debtor, currency));
    if (own.some(({ room }) => room === "suspended")) excluded[index] = 1;
    else lanes.add(index, legs, own);
  }

  const removals: number[] = [];
  const suspects = lanes.all();
  /** The lane's last obligations go while it must shrink; each may leave others with less. */
  const remove = (index: number) => {
    removed[index] = 1;
    removals.push(index);
    for (const leg of queue[index] ?? []) {
      const [payer, payee] = [lanes.of(leg.debtor, leg.currency), lanes.of(leg.creditor, leg.currency)];
      payer.change += leg.amount;
      payee.change -= leg.amount;
      payer.cut = Math.min(payer.cut, index);
      suspects.push(payer, payee);
    }
  };
  for (let lane = suspects.pop(); lane !== undefined; lane = suspects.pop()) {
    for (let last = lane.last(removed); last !== undefined; last = lane.last(removed)) {
      if (last < lane.cut && !lane.isBeyond()) break;
      remove(last);
    }
  }
  const settled = [...queue.keys()].filter((index) => removed[index] === 0 && excluded[index] === 0);
  return { settled, removals };
}

/** What debits one member in one currency. */
class Lane {
  readonly room: Room;
  /** In order; those at the end that were removed are dropped. */
  readonly items: number[] = [];
  /** What is left adds to the member's net position, in millionths. */
  change = 0n;
  /** The first that was removed: none after it may stay. */
  cut = Number.POSITIVE_INFINITY;

  constructor(room: Room) {
    this.room = room;
  }

  isBeyond(): boolean {
    return typeof this.room === "bigint" && this.room + this.change < 0n;
  }

  last(removed: Uint8Array): number | undefined {
    for (let last = this.items.at(-1); last !== undefined; last = this.items.at(-1)) {
      if (removed[last] === 0) return last;
      this.items.pop();
    }
    return undefined;
  }
}

class Lanes {
  readonly #roomOf: (member: number, currency: string) => Room;
  readonly #lanes = new Map<string, Lane>();

  constructor(roomOf: (member: number, currency: string) => Room) {
    this.#roomOf = roomOf;
  }

  of(member: number, currency: string): Lane {
    const key = `${member} ${currency}`;
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane = new Lane(this.#roomOf(member, currency));
    this.#lanes.set(key, lane);
    return lane;
  }

  add(index: number, legs: QueuedObligation, own: readonly Lane[]): void {
    for (const [number, { creditor, currency, amount }] of legs.entries()) {
      const lane = own[number] as Lane;
      lane.items.push(index);
      lane.change -= amount;
      this.of(creditor, currency).change += amount;
    }
  }

  all(): Lane[] {
    return [...this.#lanes.values()];
  }
}
