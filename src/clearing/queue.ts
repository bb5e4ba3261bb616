import { type QueuedObligation, type Room, resolveGridlock } from "../core/gridlock.ts";
import type { Hex } from "../core/hex.ts";
import { BlockRange } from "../relayer/block-range.ts";
import { type ClearingHouse, clearingHouseAbi } from "./clearing-house.ts";

/** Arguments of `resolve` by which the largest part of the queue settles that can. */
export interface QueueSolution {
  /** All that is queued and not held, in order. */
  ordered: readonly bigint[];
  /** Indices of `ordered`. */
  removals: readonly bigint[];
  settled: number;
}

export interface QueueOptions {
  /** The first block that can have obligations. */
  startBlock: number;
  /** Blocks to ask logs of at once. */
  blockRange: number;
}

/** Obligations read at once. */
const AT_ONCE = 50;

/** The queue as its events tell of it, and what of it can settle. */
export class Queue {
  readonly #blockRange: BlockRange;
  readonly #ids = new Set<bigint>();
  #through: number;

  constructor({ startBlock, blockRange }: QueueOptions) {
    this.#blockRange = new BlockRange(blockRange);
    this.#through = startBlock - 1;
  }

  /** How the queue at a block is resolved; undefined when nothing in it can settle. */
  async solve(house: ClearingHouse, block: number): Promise<QueueSolution | undefined> {
    if ((await house.queueLength(block)) === 0) return undefined;
    await this.#follow(house, block);
    const waiting = await this.#waiting(house, block);
    const queue: QueuedObligation[] = waiting.map(({ legs }) => legs);
    const rooms = new Map<string, Room>();
    for (const { debtor, currency } of queue.flat()) {
      const key = `${debtor} ${currency}`;
      if (!rooms.has(key)) rooms.set(key, await house.room(debtor, currency, block));
    }
    const { settled, removals } = resolveGridlock(
      queue,
      (member, currency) => rooms.get(`${member} ${currency}`) ?? 0n,
    );
    if (settled.length === 0) return undefined;
    return { ordered: waiting.map(({ id }) => id), removals: removals.map(BigInt), settled: settled.length };
  }

  async #follow({ chain, address }: ClearingHouse, block: number): Promise<void> {
    const topic = clearingHouseAbi.getEvent("ObligationQueued")?.topicHash as Hex;
    while (this.#through < block) {
      const from = this.#through + 1;
      const to = Math.min(this.#through + this.#blockRange.size, block);
      try {
        const logs = await chain.logs(address, [topic], from, to);
        for (const { topics } of logs) this.#ids.add(BigInt(topics[1] ?? 0));
      } catch (error) {
        if (this.#blockRange.failed(to - from + 1, error)) continue;
        throw error;
      }
      this.#blockRange.answered(to - from + 1);
      this.#through = to;
    }
  }

  /** In the queue's order. What has left the queue does not come back. */
  async #waiting(house: ClearingHouse, block: number) {
    const ids = [...this.#ids];
    const found = [];
    while (ids.length > 0) {
      const views = ids.splice(0, AT_ONCE).map(async (id) => ({ id, ...(await house.obligation(id, block)) }));
      for (const view of await Promise.all(views)) {
        if (view.state !== "Queued") this.#ids.delete(view.id);
        else if (!view.held) found.push(view);
      }
    }
    return found.sort((one, other) => (one.place < other.place ? -1 : 1));
  }
}
