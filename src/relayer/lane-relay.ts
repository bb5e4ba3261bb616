import type { BaseWallet } from "ethers/wallet";
import type { RpcReceipt } from "../chains/chain.ts";
import { failedMessages, type Gateway, type HeadProof } from "../chains/gateway.ts";
import { cutBatches, expectedGas, type GasBounds, learnGas } from "../core/delivery-plan.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { type DeliveryCall, planDelivery, type ReadPending } from "./deliver.ts";
import type { Direction, Observer } from "./events.ts";
import type { Journal, LaneProgress } from "./journal.ts";
import type { Outbox } from "./outbox.ts";
import { proveHead } from "./prove.ts";
import type { SealSource } from "./seal-source.ts";
import type { JournalledTransaction } from "./transaction-journal.ts";
import type { Upkeep } from "./upkeep.ts";

export interface LaneOptions {
  direction: Direction;
  sender: Hex;
  /** Transactions that may be in flight at once. */
  window: number;
}

export interface LaneDependencies {
  source: Gateway;
  destination: Gateway;
  seals: SealSource;
  journal: Journal;
  outbox: Outbox;
  upkeep: Upkeep;
  wallet: BaseWallet;
  observer: Observer;
}

/** What a round found out about the chains before it delivers. */
export interface RoundState {
  /** The source block to prove at. */
  block: number;
  /** Gas that one transaction may ask for on the destination. */
  perTransaction: bigint;
  /** The gateway's cap for one message, in gas. */
  messageLimit: bigint;
  signal: AbortSignal;
}

const FIRST_WINDOW = 4;
/** Rounds that may pay for a refused delivery while the cursor stays. */
const MOST_REFUSED = 5;

/** Carries the messages of one sender: proves, delivers, and learns what that takes. */
export class LaneRelay {
  readonly #options: LaneOptions;
  readonly #dependencies: LaneDependencies;
  #gasPerMessage: bigint | undefined;
  /** Set by a delivery that reverted: until one succeeds, each is tried by a call that is not sent. */
  #cautious = false;
  /** Rounds that ended with a refused delivery since the cursor was further on than ever, and where it was then. */
  #refused = { rounds: 0, delivered: -1 };

  constructor(options: LaneOptions, dependencies: LaneDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  /**
   * Delivers what is pending. What another relayer delivers meanwhile is left to it; the rest is planned in the next round.
   * @throws HuangpuError DELIVERY_REVERTED when a transaction failed, or would fail, though nobody was faster.
   */
  async deliver(lane: LaneProgress, round: RoundState): Promise<void> {
    const { destination, journal } = this.#dependencies;
    const { direction, sender } = this.#options;
    if (lane.delivered > this.#refused.delivered) this.#refused = { rounds: 0, delivered: lane.delivered };
    this.#assertNotGivenUp();
    const payloads = journal.payloadBytes(direction, sender, lane.delivered);
    const read: ReadPending = (from, to) => journal.pending(direction, sender, from, to - from + 1);
    // Both to their ends: what proving may send must not outlive a round that failed elsewhere.
    const [bounds, proof] = await Promise.allSettled([this.#bounds(lane, payloads, read, round), this.#prove(round)]);
    if (proof.status === "rejected") throw proof.reason;
    if (bounds.status === "rejected") throw bounds.reason;
    if ((await this.#cursor()) !== lane.head) return;
    const plan = { gateway: destination.address, lane, payloads, read, proof: proof.value, bounds: bounds.value };
    const calls = planDelivery(plan);
    await this.#send(lane.head, calls, round);
  }

  /**
   * What a message is expected to take was learnt from those before. Where there were none and the backlog is long, a
   * few of it are tried by calls that are not sent; what cannot be told may take all that a message is allowed.
   */
  async #bounds(
    lane: LaneProgress,
    payloads: readonly number[],
    read: ReadPending,
    { perTransaction, messageLimit }: RoundState,
  ): Promise<GasBounds> {
    const { source, destination } = this.#dependencies;
    const atMost = { perTransaction, messageLimit, perMessage: messageLimit };
    if (this.#gasPerMessage !== undefined) return { ...atMost, perMessage: this.#gasPerMessage };
    if (cutBatches(lane.delivered, payloads, atMost).length === 1) return atMost;

    const last = lane.delivered + lane.pending;
    const sample = [lane.delivered + 1, Math.floor((lane.delivered + last) / 2), last].flatMap((at) => read(at, at));
    const estimates = await Promise.all(
      sample.map((message) => destination.estimateMessage(source.chain.chainId, lane.sender, message)),
    );
    return { ...atMost, perMessage: expectedGas(estimates, messageLimit) };
  }

  /** The proof of the last pending message's head: the one that was kept, while it still holds, or a new one. */
  async #prove({ block, signal }: RoundState): Promise<HeadProof> {
    const { source, destination, seals, journal, observer, upkeep } = this.#dependencies;
    const { direction, sender } = this.#options;
    const head = journal.headOf(direction, sender);
    const kept = journal.proof(direction, sender);
    if (kept?.head === head && (await this.#holds(kept.proof, head))) return kept.proof;

    const reportEquivocation = async (lightClient: Hex, header: Hex, seal: Hex) =>
      await upkeep.reportEquivocation(lightClient, header, seal, signal);
    const request = { source, destination, seals, sender, block, head, signal, reportEquivocation };
    const { proof, ...size } = await proveHead(request);
    journal.keepProof(direction, sender, { block, head, proof });
    observer({ type: "proven", direction, sender, head, block, ...size });
    return proof;
  }

  async #holds(proof: HeadProof, head: Hex): Promise<boolean> {
    const { destination } = this.#dependencies;
    try {
      return (await destination.previewHead(this.#options.sender, proof)) === head;
    } catch (error) {
      if (error instanceof HuangpuError && error.code === "RPC_REJECTED") return false;
      throw error;
    }
  }

  /**
   * Sends calls window by window, and signs the next window while the chain works on one. The first window is short, so
   * that the chain need not wait for it, and each is twice as long as the one before.
   */
  async #send(from: Hex, calls: Iterator<DeliveryCall>, round: RoundState): Promise<void> {
    const { outbox } = this.#dependencies;
    let reached = from;
    let window = await this.#signWindow(calls, FIRST_WINDOW, round);
    while (window.calls.length > 0) {
      const [receipts, next] = await Promise.all([
        outbox.launch(window.signed, round.signal),
        this.#cautious ? undefined : this.#signWindow(calls, 2 * window.calls.length, round, window.signed.at(-1)),
      ]);
      const failed: RpcReceipt[] = [];
      let expected = reached;
      for (const [index, receipt] of receipts.entries()) {
        const call = window.calls[index];
        if (receipt === undefined || call === undefined) continue;
        if (receipt.status === "0x1") {
          this.#delivered(receipt, call);
          reached = call.reaches ?? reached;
          if (failed.length === 0) expected = reached;
        } else failed.push(receipt);
      }
      if (failed.length > 0) return await this.#reverted(failed, expected, round);
      window = next ?? (await this.#signWindow(calls, FIRST_WINDOW, round));
    }
  }

  async #signWindow(calls: Iterator<DeliveryCall>, size: number, round: RoundState, after?: JournalledTransaction) {
    const { outbox } = this.#dependencies;
    const taken: DeliveryCall[] = [];
    if (!this.#cautious) {
      const signed = await outbox.sign(taking(calls, Math.min(size, this.#options.window), taken), after);
      return { calls: taken, signed };
    }
    const tried = await Promise.all([...taking(calls, 1, taken)].map((call) => this.#tried(call, round)));
    return { calls: taken, signed: await outbox.sign(tried) };
  }

  /** The call with the gas that it turns out to need. @throws HuangpuError DELIVERY_REVERTED, before anything is paid for. */
  async #tried(call: DeliveryCall, { perTransaction }: RoundState): Promise<DeliveryCall> {
    const { destination, wallet } = this.#dependencies;
    const { direction, sender } = this.#options;
    try {
      const needed = await destination.chain.estimateGas(wallet.address as Hex, call.to, call.data);
      const generous = (needed * 5n) / 4n;
      const most = generous < perTransaction ? generous : perTransaction;
      return { ...call, gasLimit: call.gasLimit > most ? call.gasLimit : most };
    } catch (cause) {
      if (!(cause instanceof HuangpuError && cause.code === "RPC_REJECTED")) throw cause;
      throw new HuangpuError("DELIVERY_REVERTED", "A delivery would be refused as the one before, and is not sent", {
        fields: { direction, sender, ...cause.fields },
        cause,
      });
    }
  }

  /** Where the cursor went on by itself, another relayer was first, which is no failure. */
  async #reverted(failed: readonly RpcReceipt[], expected: Hex, { messageLimit }: RoundState): Promise<void> {
    const { destination, observer } = this.#dependencies;
    const { direction, sender } = this.#options;
    this.#refused.rounds++;
    if (this.#refused.rounds === MOST_REFUSED) {
      const fields = { sender, refused: MOST_REFUSED, delivered: this.#refused.delivered };
      observer({ type: "alarm", direction, reason: "deliveriesRefused", fields });
    }
    const lost = failed.map(({ transactionHash, gasUsed }) => ({ hash: transactionHash, gasUsed: BigInt(gasUsed) }));
    const block = Math.max(...failed.map(({ blockNumber }) => Number(blockNumber)));
    if ((await destination.pinned().cursor(sender, block)) !== expected) {
      for (const each of lost) observer({ type: "overtaken", direction, sender, ...each });
      return;
    }
    this.#gasPerMessage = messageLimit;
    this.#cautious = true;
    throw new HuangpuError("DELIVERY_REVERTED", "A delivery was refused though nobody else was first", {
      fields: { direction, sender, ...lost[0] },
    });
  }

  /** Once a delivery was refused, no single one of several endpoints is believed. */
  async #cursor(): Promise<Hex> {
    const { destination } = this.#dependencies;
    const { sender } = this.#options;
    if (this.#refused.rounds === 0) return await destination.cursor(sender);
    const compared = destination.pinned();
    return await compared.cursor(sender, await compared.chain.blockNumber());
  }

  /** @throws HuangpuError DELIVERY_REVERTED when whoever says that the next delivery will succeed was wrong too often. */
  #assertNotGivenUp(): void {
    const { rounds: refused, delivered } = this.#refused;
    if (refused < MOST_REFUSED) return;
    throw new HuangpuError(
      "DELIVERY_REVERTED",
      "Deliveries were refused too often, and none is sent before the cursor moves",
      {
        fields: { direction: this.#options.direction, sender: this.#options.sender, refused, delivered },
      },
    );
  }

  #delivered(receipt: RpcReceipt, { payloads, reaches }: DeliveryCall): void {
    if (reaches === undefined) return;
    const { observer } = this.#dependencies;
    const { direction, sender } = this.#options;
    const gasUsed = BigInt(receipt.gasUsed);
    this.#cautious = false;
    this.#gasPerMessage = learnGas(this.#gasPerMessage, gasUsed, payloads);
    for (const message of failedMessages(receipt)) observer({ type: "messageFailed", direction, sender, message });
    observer({
      type: "delivered",
      direction,
      sender,
      count: payloads.length,
      transactionHash: receipt.transactionHash,
      block: Number(receipt.blockNumber),
      gasUsed,
    });
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
