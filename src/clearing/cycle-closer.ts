import type { BaseWallet } from "ethers/wallet";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import type { Outbox } from "../relayer/outbox.ts";
import { assertSucceeded } from "./assert-succeeded.ts";
import { type ClearingHouse, encodeClose, encodeResolve } from "./clearing-house.ts";
import type { ClearingObserver } from "./events.ts";
import { Queue, type QueueOptions } from "./queue.ts";

export interface CycleCloserOptions extends QueueOptions {
  cycleMs: number;
}

export interface CycleCloserDependencies {
  house: ClearingHouse;
  outbox: Outbox;
  wallet: BaseWallet;
  observer: ClearingObserver;
  now: () => number;
}

/** The chain no longer has the queue that was solved. */
const OVERTAKEN: ReadonlySet<string> = new Set(["RPC_REJECTED", "CLEARING_REVERTED"]);

/** Ends the open cycle when its time has come, after as much of the queue as can settle has settled. */
export class CycleCloser {
  readonly #options: CycleCloserOptions;
  readonly #dependencies: CycleCloserDependencies;
  readonly #queue: Queue;

  constructor(options: CycleCloserOptions, dependencies: CycleCloserDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    this.#queue = new Queue(options);
  }

  /** True when it was closed. */
  async close(view: ClearingHouse, block: number, signal: AbortSignal): Promise<boolean> {
    const { observer } = this.#dependencies;
    const cycle = await view.openCycle(block);
    if (!(await this.#due(view, cycle, block))) return false;
    await this.#resolve(view, block, signal);
    await this.#send(encodeClose(), { cycle }, signal);
    observer({ type: "cycleClosed", cycle });
    return true;
  }

  /** A queue that changes while it is solved is solved at the next closing, or by anybody before. */
  async #resolve(view: ClearingHouse, block: number, signal: AbortSignal): Promise<void> {
    const solution = await this.#queue.solve(view, block);
    if (solution === undefined) return;
    const { ordered, removals, settled } = solution;
    try {
      await this.#send(encodeResolve(ordered, removals), { queued: ordered.length }, signal);
    } catch (error) {
      if (error instanceof HuangpuError && OVERTAKEN.has(error.code)) return;
      throw error;
    }
    this.#dependencies.observer({ type: "queueResolved", queued: ordered.length, settled });
  }

  /** By the clock of the chain or by ours, whichever is ahead: a chain may make no blocks while nothing happens. */
  async #due(view: ClearingHouse, cycle: number, block: number): Promise<boolean> {
    const { openedAt } = await view.cycle(cycle, block);
    const { timestamp } = await view.chain.block(block);
    const now = Math.max(this.#dependencies.now(), Number(timestamp) * 1_000);
    const age = now - openedAt * 1_000;
    return age >= this.#options.cycleMs && age >= (await view.minimumAgeMs(block));
  }

  async #send(data: Hex, fields: Record<string, unknown>, signal: AbortSignal): Promise<void> {
    const { house, outbox, wallet } = this.#dependencies;
    const call = await house.plan(wallet.address as Hex, data);
    const [receipt] = await outbox.send([call], signal);
    assertSucceeded(receipt?.status, { ...fields, hash: receipt?.transactionHash });
  }
}
