import type { BaseWallet } from "ethers/wallet";
import type { Hex } from "../core/hex.ts";
import type { Outbox } from "../relayer/outbox.ts";
import { assertSucceeded } from "./assert-succeeded.ts";
import { type ClearingHouse, encodeClose } from "./clearing-house.ts";
import type { ClearingObserver } from "./events.ts";

export interface CycleCloserOptions {
  cycleMs: number;
}

export interface CycleCloserDependencies {
  house: ClearingHouse;
  outbox: Outbox;
  wallet: BaseWallet;
  observer: ClearingObserver;
  now: () => number;
}

/** Ends the open cycle when its time has come. */
export class CycleCloser {
  readonly #options: CycleCloserOptions;
  readonly #dependencies: CycleCloserDependencies;

  constructor(options: CycleCloserOptions, dependencies: CycleCloserDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  /** True when it was closed. */
  async close(view: ClearingHouse, block: number, signal: AbortSignal): Promise<boolean> {
    const { observer } = this.#dependencies;
    const cycle = await view.openCycle(block);
    if (!(await this.#due(view, cycle, block))) return false;
    await this.#send(encodeClose(), { cycle }, signal);
    observer({ type: "cycleClosed", cycle });
    return true;
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
