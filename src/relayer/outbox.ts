import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises";
import type { BaseWallet } from "ethers/wallet";
import type { Chain, RpcReceipt } from "../chains/chain.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { signTransaction } from "../core/transaction.ts";
import type { Direction } from "./events.ts";
import type { Journal, JournalledTransaction } from "./journal.ts";

/** A call that is to become a transaction. */
export interface PlannedCall {
  to: Hex;
  data: Hex;
  gasLimit: bigint;
}

export interface OutboxOptions {
  direction: Direction;
  /** On top of twice the base fee, in wei per gas. */
  priorityFee: bigint;
  pollMs: number;
  /** How long a receipt is waited for before the next round looks again. */
  receiptTimeoutMs: number;
}

export interface OutboxDependencies {
  chain: Chain;
  journal: Journal;
  wallet: BaseWallet;
}

/**
 * Sends transactions so that a crash at any point loses none and repeats none: signed and journalled first, then
 * broadcast, and forgotten only when the chain shows all of them.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #dependencies: OutboxDependencies;

  constructor(options: OutboxOptions, dependencies: OutboxDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  /**
   * Signs and journals calls with consecutive nonces, broadcasts them and waits for them. One receipt a call, undefined
   * where another transaction of the account took the nonce.
   */
  async send(calls: readonly PlannedCall[], signal: AbortSignal): Promise<(RpcReceipt | undefined)[]> {
    return await this.launch(await this.sign(calls), signal);
  }

  /**
   * Signs calls with consecutive nonces, from that of the account or after transactions that are in flight. Nothing
   * is on its way by that: a signed transaction that is never launched is forgotten. Calls are taken one at a time and
   * others get their turn in between, so that this can go on while the chain works.
   */
  async sign(calls: Iterable<PlannedCall>, after?: JournalledTransaction): Promise<JournalledTransaction[]> {
    const { chain, wallet } = this.#dependencies;
    let nonce = after === undefined ? await chain.nonce(wallet.address as Hex) : after.nonce + 1;
    const { baseFeePerGas } = await chain.block(await chain.blockNumber());
    const maxFeePerGas = 2n * BigInt(baseFeePerGas ?? 0) + this.#options.priorityFee;

    const signed: JournalledTransaction[] = [];
    for (const { to, data, gasLimit } of calls) {
      const { raw, hash } = signTransaction(
        {
          chainId: chain.chainId,
          nonce,
          to,
          data,
          gasLimit,
          maxFeePerGas,
          maxPriorityFeePerGas: this.#options.priorityFee,
        },
        (digest) => wallet.signingKey.sign(digest),
      );
      signed.push({ nonce: nonce++, hash, raw });
      await immediate();
    }
    return signed;
  }

  /** Journals signed transactions, broadcasts them and waits for them, with receipts as {@link send}. */
  async launch(signed: readonly JournalledTransaction[], signal: AbortSignal): Promise<(RpcReceipt | undefined)[]> {
    this.#dependencies.journal.launch(this.#options.direction, signed);
    return await this.settle(signal);
  }

  /**
   * Brings whatever is in flight to its end: broadcasts what the chain does not show and waits for the receipts, in
   * order. Empty when nothing is in flight.
   */
  async settle(signal: AbortSignal): Promise<(RpcReceipt | undefined)[]> {
    const { journal } = this.#dependencies;
    const { direction } = this.#options;
    const inFlight = journal.inFlight(direction);
    if (inFlight.length === 0) return [];

    const receipts = await this.#receipts(inFlight, this.#broadcastAll(inFlight), signal);
    journal.land(direction);
    return receipts.map((receipt) => (receipt === "replaced" ? undefined : receipt));
  }

  /** One after the other, by nonce. Each promise is kept when its transaction is out, and broken with all after it. */
  #broadcastAll(transactions: readonly JournalledTransaction[]): Promise<HuangpuError | undefined>[] {
    let last = Promise.resolve<HuangpuError | undefined>(undefined);
    return transactions.map((transaction) => {
      last = last.then(() => this.#broadcast(transaction));
      last.catch(() => undefined); // whoever waits for it hears of it
      return last;
    });
  }

  /** A node that knows the transaction already, or has mined its nonce, refuses it: the receipts tell which. */
  async #broadcast({ raw }: JournalledTransaction): Promise<HuangpuError | undefined> {
    try {
      await this.#dependencies.chain.sendRaw(raw);
      return undefined;
    } catch (error) {
      if (error instanceof HuangpuError && error.code === "RPC_REJECTED") return error;
      throw error;
    }
  }

  async #receipts(
    transactions: readonly JournalledTransaction[],
    broadcasts: readonly Promise<HuangpuError | undefined>[],
    signal: AbortSignal,
  ): Promise<(RpcReceipt | "replaced")[]> {
    const deadline = Date.now() + this.#options.receiptTimeoutMs;
    const receipts: (RpcReceipt | "replaced")[] = [];
    for (const [index, transaction] of transactions.entries()) {
      const cause = await broadcasts[index];
      let receipt = await this.#outcome(transaction);
      while (receipt === undefined) {
        if (Date.now() > deadline) {
          const { nonce, hash } = transaction;
          // What the node refuses may never be mined: too dear, or with too little gas, as it was signed. The next round
          // signs anew from the same nonce, so at most one of the two is mined, and delivering twice does no harm.
          if (cause !== undefined) this.#dependencies.journal.land(this.#options.direction);
          throw new HuangpuError("DELIVERY_TIMEOUT", "A transaction was not mined in time", {
            fields: { direction: this.#options.direction, nonce, hash, refusal: cause?.message },
            cause,
          });
        }
        await sleep(this.#options.pollMs, undefined, { signal });
        receipt = await this.#outcome(transaction);
      }
      receipts.push(receipt);
    }
    return receipts;
  }

  /** Undefined while it may still be mined; "replaced" when another transaction of the account took its nonce. */
  async #outcome({ hash, nonce }: JournalledTransaction): Promise<RpcReceipt | "replaced" | undefined> {
    const { chain, wallet } = this.#dependencies;
    const receipt = await chain.receipt(hash);
    if (receipt !== null) return receipt;
    if ((await chain.nonce(wallet.address as Hex)) <= nonce) return undefined;
    return (await chain.receipt(hash)) ?? "replaced";
  }
}
