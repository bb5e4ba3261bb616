import { setTimeout as sleep } from "node:timers/promises";
import type { BaseWallet } from "ethers/wallet";
import type { Gateway } from "../chains/gateway.ts";
import { leastDeliveryGas } from "../core/delivery-plan.ts";
import { asHuangpuError, HuangpuError } from "../core/errors.ts";
import type { FeePolicy } from "../core/fees.ts";
import type { Hex } from "../core/hex.ts";
import { BlockRange } from "./block-range.ts";
import type { Direction, Observer } from "./events.ts";
import type { Journal, LaneProgress } from "./journal.ts";
import { LaneRelay, type RoundState } from "./lane-relay.ts";
import { observe } from "./observe.ts";
import { Outbox } from "./outbox.ts";
import { Progress } from "./progress.ts";
import { Backoff, Pace, type PaceOptions, type RetryOptions, type StandbyOptions, Turns } from "./schedule.ts";
import type { SealSource } from "./seal-source.ts";
import { Upkeep } from "./upkeep.ts";
import { Watch } from "./watch.ts";

export interface DirectionOptions extends PaceOptions, RetryOptions {
  /** First source block that can have messages. */
  startBlock: number;
  /** Blocks that must lie on top of a source block before it counts. */
  confirmations: number;
  /** Blocks that must lie on top of a destination block before a delivery in it is final. */
  destinationConfirmations: number;
  /** Source blocks to read at once. */
  blockRange: number;
  /** Senders that are known beforehand. */
  senders: readonly Hex[];
  /** How many of the newest source blocks nodes can prove something at. */
  proofWindowBlocks: number;
  receiptTimeoutMs: number;
  /** Gas that one delivery may ask for; less where the destination's blocks are smaller. */
  maxGasPerTransaction: bigint;
  fees: FeePolicy;
  /** Transactions that may be in flight at once. */
  window: number;
  /** This relayer's place among several; all of them deliver at once when it is left out. */
  standby?: StandbyOptions | undefined;
}

export interface DirectionDependencies {
  source: Gateway;
  destination: Gateway;
  seals: SealSource;
  journal: Journal;
  wallet: BaseWallet;
  observer: Observer;
}

interface LaneWork {
  relay: LaneRelay;
  backoff: Backoff;
}

/**
 * Carries the messages of all senders from one chain to the other: observe, prove, deliver, confirm. Every step leaves
 * its trace in the journal or on a chain before the next one acts, and all of them can be repeated; so a round may end
 * anywhere, and the next one goes on from there.
 */
export class DirectionRelay {
  readonly name: Direction;
  readonly #options: DirectionOptions;
  readonly #dependencies: DirectionDependencies;
  readonly #outbox: Outbox;
  readonly #upkeep: Upkeep;
  readonly #progress: Progress;
  readonly #watch: Watch;
  readonly #turns: Turns;
  readonly #blockRange: BlockRange;
  readonly #lanes = new Map<Hex, LaneWork>();
  #idle = false;
  /** Messages that the last round left to deliver. */
  #pending = 0;

  constructor(options: DirectionOptions, dependencies: DirectionDependencies) {
    const { source, destination, journal, wallet, observer } = dependencies;
    this.name = `${source.chain.name}-to-${destination.chain.name}`;
    this.#options = options;
    this.#dependencies = dependencies;
    const { destinationConfirmations: confirmations } = options;
    const own = { ...options, direction: this.name, confirmations };
    this.#outbox = new Outbox(own, {
      chain: destination.chain,
      transactions: journal.transactions,
      wallet,
      observer,
    });
    this.#upkeep = new Upkeep(this.name, { destination, outbox: this.#outbox, observer });
    this.#progress = new Progress(own, { source, destination, journal, observer });
    this.#watch = new Watch({ ...options, direction: this.name }, { source, destination, journal, wallet, observer });
    this.#turns = new Turns(options.standby);
    this.#blockRange = new BlockRange(options.blockRange);
  }

  /** Works until the signal aborts or an error comes that no repetition mends. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.#options);
    const pace = new Pace(this.#options);
    while (!signal.aborted) {
      try {
        const moved = await this.round(signal);
        backoff.succeed();
        const delay = pace.next(this.#idle);
        // What comes in the meantime shares one header, one proof and one look; only what was left behind is urgent.
        if (!moved || this.#pending === 0) await sleep(delay, undefined, { signal });
      } catch (caught) {
        if (signal.aborted) return;
        const error = asHuangpuError(caught);
        if (!error.retryable) {
          this.#halt(error);
          return;
        }
        this.#dependencies.observer({ type: "delayed", direction: this.name, error });
        this.#passOver();
        await sleep(backoff.fail(Date.now()), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /**
   * One look at both chains and all that follows from it. True when something was delivered. What keeps one sender's messages
   * is told, and tried again later, on its own.
   * @throws HuangpuError what keeps all of them.
   */
  async round(signal: AbortSignal): Promise<boolean> {
    const { source, destination, journal, observer } = this.#dependencies;
    await Promise.all([source.chain.assertChainId(), destination.chain.assertChainId()]);
    const request = { ...this.#options, blockRange: this.#blockRange, direction: this.name, source, journal };
    const [looked, settled] = await Promise.allSettled([observe(request), this.#outbox.settle(signal)]);
    if (looked.status === "rejected") throw looked.reason;
    const { count, throughBlock, since } = looked.value;
    if (since !== undefined) observer({ type: "observed", direction: this.name, count, throughBlock, since });

    try {
      if (settled.status === "rejected") throw settled.reason;
      await this.#progress.assertAnchored();
      return await this.#renewAndCarry(throughBlock, signal);
    } finally {
      this.#pending = await this.#watch.look(looked.value);
      this.#idle = this.#pending === 0 && count === 0;
    }
  }

  /** What keeps the seals from being renewed does not keep back what can be delivered all the same. */
  async #renewAndCarry(block: number, signal: AbortSignal): Promise<boolean> {
    const { source, destination, seals, journal } = this.#dependencies;
    const urgent = journal.lanes(this.name).some(({ pending }) => pending > 0);
    let failure: unknown;
    try {
      const request = { source, destination, block, urgent, signal };
      await this.#upkeep.renewing(async (send) => await seals.renew({ ...request, send }), signal);
    } catch (caught) {
      if (signal.aborted || this.#outbox.busy) throw caught;
      failure = caught;
    }
    const moved = await this.#carryAll(block, signal);
    if (failure !== undefined) throw failure;
    return moved;
  }

  async #carryAll(block: number, signal: AbortSignal): Promise<boolean> {
    const { journal, observer } = this.#dependencies;
    let moved = false;
    let state: RoundState | undefined;
    for (const known of journal.lanes(this.name)) {
      const work = this.#work(known.sender);
      if (known.pending === 0 && !this.#progress.unsettled(known)) continue;
      if (!work.backoff.due(Date.now())) continue;
      try {
        const lane = await this.#progress.confirm(known);
        if (!this.#turn(lane)) continue;
        state ??= await this.#stateOf(block, signal);
        await work.relay.deliver(lane, state);
        const after = await this.#progress.confirm(lane);
        moved ||= after.delivered > lane.delivered;
        work.backoff.succeed();
      } catch (caught) {
        const error = asHuangpuError(caught);
        if (signal.aborted || this.#outbox.busy || !error.oneSender) throw caught;
        observer({ type: "delayed", direction: this.name, error });
        this.#passOver();
        work.backoff.fail(Date.now());
      }
    }
    return moved;
  }

  /** Whether there is something to deliver, and it is this relayer's turn. */
  #turn({ sender, pending, head }: LaneProgress): boolean {
    if (pending > 0) return this.#turns.mine(sender, head, Date.now());
    this.#turns.forget(sender);
    return false;
  }

  /** @throws HuangpuError LANE_STOPPED, GAS_LIMIT_TOO_LOW when not even one message could be delivered. */
  async #stateOf(block: number, signal: AbortSignal): Promise<RoundState> {
    const { destination } = this.#dependencies;
    const { chain } = destination;
    const [{ lightClient, messageGasLimit, paused }, { gasLimit }] = await Promise.all([
      destination.lane(),
      chain.latestBlock(),
    ]);
    if (paused || (await destination.frozen(lightClient))) {
      throw new HuangpuError("LANE_STOPPED", `Deliveries to the ${chain.name} chain are stopped`, {
        fields: { direction: this.name, paused },
      });
    }
    const { maxGasPerTransaction } = this.#options;
    const blockLimit = BigInt(gasLimit ?? maxGasPerTransaction);
    const perTransaction = blockLimit < maxGasPerTransaction ? blockLimit : maxGasPerTransaction;
    const needed = leastDeliveryGas(messageGasLimit);
    if (perTransaction < needed) {
      throw new HuangpuError("GAS_LIMIT_TOO_LOW", `No delivery fits into a transaction on the ${chain.name} chain`, {
        fields: { direction: this.name, perTransaction: perTransaction.toString(), needed: needed.toString() },
      });
    }
    return { block, perTransaction, messageLimit: messageGasLimit, signal };
  }

  #work(sender: Hex): LaneWork {
    const known = this.#lanes.get(sender);
    if (known !== undefined) return known;
    const { window } = this.#options;
    const dependencies = { ...this.#dependencies, outbox: this.#outbox, upkeep: this.#upkeep };
    const work = {
      relay: new LaneRelay({ direction: this.name, sender, window }, dependencies),
      backoff: new Backoff(this.#options),
    };
    this.#lanes.set(sender, work);
    return work;
  }

  /** What an endpoint answered last led to a failure: another one may do better. */
  #passOver(): void {
    for (const { chain } of [this.#dependencies.source, this.#dependencies.destination]) chain.passOver();
  }

  #halt(error: HuangpuError): void {
    const { observer } = this.#dependencies;
    if (error.code === "SOURCE_REORGANISED") {
      observer({ type: "alarm", direction: this.name, reason: "sourceReorganised", fields: error.fields });
    }
    observer({ type: "halted", direction: this.name, error });
  }
}
