import type { BaseWallet } from "ethers/wallet";
import type { Gateway } from "../chains/gateway.ts";
import type { Hex } from "../core/hex.ts";
import type { Direction, Observer } from "./events.ts";
import type { Journal } from "./journal.ts";
import type { Observed } from "./observe.ts";

export interface WatchOptions {
  direction: Direction;
  /** Blocks that must lie on top of a source block before it counts. */
  confirmations: number;
  /** How many of the newest source blocks nodes can prove something at. */
  proofWindowBlocks: number;
}

export interface WatchDependencies {
  source: Gateway;
  destination: Gateway;
  journal: Journal;
  wallet: BaseWallet;
  observer: Observer;
}

const BALANCE_EVERY_MS = 60_000;

/** Tells, once a round, what an operator measures a relayer by. Nothing that fails here fails a round. */
export class Watch {
  readonly #options: WatchOptions;
  readonly #dependencies: WatchDependencies;
  #oldest: { block: number; since: number } | undefined;
  #balanceAt = Number.NEGATIVE_INFINITY;
  #alarmed = false;

  constructor(options: WatchOptions, dependencies: WatchDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  /** Returns how many messages are pending. */
  async look({ sourceBlock, throughBlock }: Observed): Promise<number> {
    const { source, journal, observer } = this.#dependencies;
    const { direction } = this.#options;
    const waiting = journal.lanes(direction).filter(({ pending }) => pending > 0);
    const pending = waiting.reduce((sum, lane) => sum + lane.pending, 0);
    const blocks = waiting.flatMap(({ sender, delivered }) =>
      journal.pending(direction, sender, delivered + 1, 1).map(({ block }) => block),
    );
    const oldest = blocks.length === 0 ? undefined : Math.min(...blocks);
    const [oldestPendingSince, signerBalance] = await Promise.all([
      this.#timeOf(oldest).catch(() => undefined),
      this.#balance().catch(() => undefined),
    ]);
    const headBlock = source.chain.providers.head ?? sourceBlock;
    observer({
      type: "looked",
      direction,
      sourceBlock,
      ...(headBlock > sourceBlock ? { headBlock } : {}),
      throughBlock,
      pending,
      ...(oldestPendingSince === undefined ? {} : { oldestPendingSince }),
      ...(signerBalance === undefined ? {} : { signerBalance }),
    });
    this.#watchWindow(sourceBlock, oldest);
    return pending;
  }

  /** What waits longer than nodes keep state can still be proven, but only at newer blocks: something keeps it waiting. */
  #watchWindow(sourceBlock: number, oldest: number | undefined): void {
    const { direction, confirmations, proofWindowBlocks } = this.#options;
    const age = oldest === undefined ? 0 : sourceBlock - confirmations - oldest;
    const closing = age > (proofWindowBlocks * 3) / 4;
    if (closing && !this.#alarmed) {
      const fields = { oldestPendingBlock: oldest, sourceBlock, proofWindowBlocks };
      this.#dependencies.observer({ type: "alarm", direction, reason: "proofWindow", fields });
    }
    this.#alarmed = closing;
  }

  async #timeOf(block: number | undefined): Promise<number | undefined> {
    if (block === undefined) return undefined;
    if (this.#oldest?.block !== block) {
      const { timestamp } = await this.#dependencies.source.chain.block(block);
      this.#oldest = { block, since: Number(timestamp) };
    }
    return this.#oldest.since;
  }

  async #balance(): Promise<bigint | undefined> {
    if (performance.now() < this.#balanceAt + BALANCE_EVERY_MS) return undefined;
    this.#balanceAt = performance.now();
    const { destination, wallet } = this.#dependencies;
    return BigInt(await destination.chain.request<Hex>("eth_getBalance", [wallet.address, "latest"]));
  }
}
