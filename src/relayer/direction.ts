import { setTimeout as sleep } from "node:timers/promises";
import type { BaseWallet } from "ethers/wallet";
import type { RpcReceipt } from "../chains/chain.ts";
import { encodeReportEquivocation, failedMessages, type Gateway } from "../chains/gateway.ts";
import { batchSize, expectedGas, type GasBounds, learnGas } from "../core/delivery-plan.ts";
import { asHuangpuError, HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { type DeliveryCall, planDelivery, type ReadPending } from "./deliver.ts";
import type { Direction, Observer } from "./events.ts";
import type { Journal, JournalledTransaction, LaneProgress } from "./journal.ts";
import { observe } from "./observe.ts";
import { Outbox } from "./outbox.ts";
import { proveHead } from "./prove.ts";
import type { SealSource } from "./seal-source.ts";

export interface DirectionOptions {
  /** First source block that can have messages. */
  startBlock: number;
  /** Blocks that must lie on top of a source block before it counts. */
  confirmations: number;
  /** Source blocks to read at once. */
  blockRange: number;
  /** Milliseconds between looks at the source chain. */
  pollMs: number;
  /** Milliseconds to wait after a failure, doubled up to the maximum. */
  retryMs: number;
  maxRetryMs: number;
  receiptTimeoutMs: number;
  /** Gas that one delivery may ask for. */
  maxGasPerTransaction: bigint;
  /** Wei per gas on top of twice the base fee; 0 on chains without a fee. */
  priorityFee: bigint;
  /** Transactions that may be in flight at once. */
  window: number;
}

export interface DirectionDependencies {
  source: Gateway;
  destination: Gateway;
  seals: SealSource;
  journal: Journal;
  wallet: BaseWallet;
  observer: Observer;
}

/** A header and a seal of thirty validators, generously. */
const REPORT_GAS = 1_000_000n;
const FIRST_WINDOW = 4;

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
  #gasPerMessage: bigint | undefined;

  constructor(options: DirectionOptions, dependencies: DirectionDependencies) {
    const { source, destination } = dependencies;
    this.name = `${source.chain.name}-to-${destination.chain.name}`;
    this.#options = options;
    this.#dependencies = dependencies;
    this.#outbox = new Outbox(
      { ...options, direction: this.name },
      { chain: destination.chain, journal: dependencies.journal, wallet: dependencies.wallet },
    );
  }

  /** Works until the signal aborts or an error comes that no repetition mends. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const moved = await this.round(signal);
        failures = 0;
        if (!moved) await sleep(this.#options.pollMs, undefined, { signal });
      } catch (caught) {
        if (signal.aborted) return;
        const error = asHuangpuError(caught);
        if (!error.retryable) {
          this.#dependencies.observer({ type: "halted", direction: this.name, error });
          return;
        }
        this.#dependencies.observer({ type: "delayed", direction: this.name, error });
        for (const { chain } of [this.#dependencies.source, this.#dependencies.destination]) chain.passOver();
        const delay = Math.min(this.#options.retryMs * 2 ** failures++, this.#options.maxRetryMs);
        await sleep(delay, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** One look at both chains and all that follows from it. True when something was delivered. */
  async round(signal: AbortSignal): Promise<boolean> {
    const { source, destination, journal, observer } = this.#dependencies;
    await Promise.all([source.chain.assertChainId(), destination.chain.assertChainId()]);
    await this.#outbox.settle(signal);

    const observed = await observe({ ...this.#options, direction: this.name, source, journal });
    if (observed.count > 0) observer({ type: "observed", direction: this.name, ...observed });

    let moved = false;
    const failures: unknown[] = [];
    for (const lane of journal.lanes(this.name)) {
      if (lane.pending === 0) continue;
      try {
        moved = (await this.#carry(lane, observed.throughBlock, signal)) || moved;
      } catch (error) {
        failures.push(error);
        // What is in flight has nonces that nobody else may take; without it, the next sender need not suffer.
        if (signal.aborted || journal.inFlight(this.name).length > 0) break;
      }
    }
    if (failures.length > 0) throw failures[0];
    return moved;
  }

  /** Delivers what is pending of one sender. False when somebody else had done so. */
  async #carry(known: LaneProgress, block: number, signal: AbortSignal): Promise<boolean> {
    const lane = await this.#confirm(known);
    if (lane.pending === 0) return false;
    await this.#deliver(lane, block, signal);
    await this.#confirm(lane);
    return true;
  }

  /** Asks the destination how far a lane is and forgets what is done, whoever did it. */
  async #confirm(lane: LaneProgress): Promise<LaneProgress> {
    const { destination, journal } = this.#dependencies;
    const head = await destination.cursor(lane.sender);
    if (head === lane.head) return lane;
    const position = journal.positionOf(this.name, lane.sender, head);
    if (position === undefined) {
      throw new HuangpuError(
        "RPC_INCONSISTENT",
        "The destination has delivered a message that the source does not show",
        {
          fields: { direction: this.name, sender: lane.sender, cursor: head },
        },
      );
    }
    journal.confirm(this.name, lane.sender, position, head);
    return { ...lane, delivered: position, head, pending: lane.pending - (position - lane.delivered) };
  }

  async #deliver(lane: LaneProgress, block: number, signal: AbortSignal): Promise<void> {
    const { source, destination, seals, journal, observer } = this.#dependencies;
    const { lightClient, messageGasLimit, paused } = await destination.lane();
    if (paused || (await destination.frozen(lightClient))) {
      throw new HuangpuError("LANE_STOPPED", `Deliveries to the ${destination.chain.name} chain are stopped`, {
        fields: { direction: this.name, paused },
      });
    }

    const read: ReadPending = (from, to) => journal.pending(this.name, lane.sender, from, to - from + 1);
    const last = lane.delivered + lane.pending;
    const head = read(last, last)[0]?.id ?? lane.head;
    const reportEquivocation = (client: Hex, header: Hex, seal: Hex) =>
      this.#reportEquivocation(client, header, seal, signal);
    // One after the other: what proving may send must not outlive a round that failed elsewhere.
    const bounds = await this.#bounds(lane, messageGasLimit, read);
    const { proof, ...size } = await proveHead({
      source,
      destination,
      seals,
      sender: lane.sender,
      block,
      head,
      signal,
      reportEquivocation,
    });
    observer({ type: "proven", direction: this.name, sender: lane.sender, head, block, ...size });

    const calls = planDelivery({ gateway: destination.address, lane, proof, bounds, read });
    await this.#send(lane, messageGasLimit, calls, signal);
  }

  /**
   * What a message is expected to take was learnt from those before. Where there were none and the backlog is long, a
   * few of it are tried by calls that are not sent; what cannot be told may take all that a message is allowed.
   */
  async #bounds(lane: LaneProgress, messageLimit: bigint, read: ReadPending): Promise<GasBounds> {
    const { source, destination } = this.#dependencies;
    const atMost = { perTransaction: this.#options.maxGasPerTransaction, messageLimit, perMessage: messageLimit };
    if (this.#gasPerMessage !== undefined) return { ...atMost, perMessage: this.#gasPerMessage };
    if (lane.pending <= batchSize(atMost)) return atMost;

    const last = lane.delivered + lane.pending;
    const sample = [lane.delivered + 1, Math.floor((lane.delivered + last) / 2), last].flatMap((at) => read(at, at));
    const estimates = await Promise.all(
      sample.map((message) => destination.estimateMessage(source.chain.chainId, lane.sender, message)),
    );
    return { ...atMost, perMessage: expectedGas(estimates, messageLimit) };
  }

  /**
   * Sends calls window by window, and signs the next window while the chain works on one. The first window is short, so
   * that the chain need not wait for it, and each is twice as long as the one before.
   */
  async #send(
    lane: LaneProgress,
    messageLimit: bigint,
    calls: Iterator<DeliveryCall>,
    signal: AbortSignal,
  ): Promise<void> {
    let window = await this.#signWindow(calls, FIRST_WINDOW);
    while (window.calls.length > 0) {
      const [receipts, next] = await Promise.all([
        this.#outbox.launch(window.signed, signal),
        this.#signWindow(calls, 2 * window.calls.length, window.signed.at(-1)),
      ]);
      this.#report(lane, messageLimit, window.calls, receipts);
      window = next;
    }
  }

  async #signWindow(calls: Iterator<DeliveryCall>, size: number, after?: JournalledTransaction) {
    const taken: DeliveryCall[] = [];
    const signed = await this.#outbox.sign(taking(calls, Math.min(size, this.#options.window), taken), after);
    return { calls: taken, signed };
  }

  /** Freezes the lane: of two blocks sealed at one height, nobody can say which one holds. */
  async #reportEquivocation(lightClient: Hex, header: Hex, seal: Hex, signal: AbortSignal): Promise<void> {
    const data = encodeReportEquivocation(header, seal);
    await this.#outbox.send([{ to: lightClient, data, gasLimit: REPORT_GAS }], signal);
  }

  /** @throws HuangpuError DELIVERY_REVERTED when a transaction failed; what came before it counts all the same. */
  #report(
    lane: LaneProgress,
    messageLimit: bigint,
    calls: readonly DeliveryCall[],
    receipts: readonly (RpcReceipt | undefined)[],
  ): void {
    const { observer } = this.#dependencies;
    for (const [index, receipt] of receipts.entries()) {
      if (receipt === undefined) continue;
      const count = calls[index]?.count ?? 0;
      const gasUsed = BigInt(receipt.gasUsed);
      if (receipt.status !== "0x1") {
        this.#gasPerMessage = messageLimit;
        throw new HuangpuError(
          "DELIVERY_REVERTED",
          "A delivery was refused: another relayer was first, or gas ran out",
          {
            fields: { direction: this.name, sender: lane.sender, hash: receipt.transactionHash, gasUsed },
          },
        );
      }
      if (count === 0) continue;
      this.#gasPerMessage = learnGas(this.#gasPerMessage ?? gasUsed / BigInt(count), gasUsed, count);
      for (const message of failedMessages(receipt)) {
        observer({ type: "messageFailed", direction: this.name, sender: lane.sender, message });
      }
      observer({
        type: "delivered",
        direction: this.name,
        sender: lane.sender,
        count,
        transactionHash: receipt.transactionHash,
        block: Number(receipt.blockNumber),
        gasUsed,
      });
    }
  }
}

/** The next items, at most `count`; what was taken is left in `taken`. */
function* taking<T>(items: Iterator<T>, count: number, taken: T[]): Generator<T> {
  while (taken.length < count) {
    const { value, done } = items.next();
    if (done) return;
    taken.push(value);
    yield value;
  }
}
