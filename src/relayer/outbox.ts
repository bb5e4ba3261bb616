import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises";
import type { BaseWallet } from "ethers/wallet";
import type { Chain, RpcReceipt } from "../chains/chain.ts";
import { classifyRefusal, HuangpuError } from "../core/errors.ts";
import { type FeePolicy, type Fees, marketFees, raisedFees } from "../core/fees.ts";
import type { Hex } from "../core/hex.ts";
import { type CallTransaction, parseTransaction, signTransaction } from "../core/transaction.ts";
import type { Direction, Observer } from "./events.ts";
import type {
  JournalledNonce,
  JournalledTransaction,
  SenderAccount,
  TransactionJournal,
} from "./transaction-journal.ts";

/** A call that is to become a transaction. */
export interface PlannedCall {
  to: Hex;
  data: Hex;
  gasLimit: bigint;
}

export interface OutboxOptions {
  direction: Direction;
  fees: FeePolicy;
  /** Blocks on top of a transaction's block before it is forgotten. */
  confirmations: number;
  pollMs: number;
  /** How long a transaction may take before it is replaced by a dearer one. */
  receiptTimeoutMs: number;
}

export interface OutboxDependencies {
  chain: Chain;
  transactions: TransactionJournal;
  wallet: BaseWallet;
  observer: Observer;
}

/** Of the time a transaction may take, so many parts pass before it is broadcast again. */
const BROADCASTS = 4;

type Refused = HuangpuError | undefined;

/**
 * Sends transactions so that a crash at any point loses none and repeats none: signed and journalled first, then
 * broadcast, and forgotten only when the chain shows all of them for good. What a node answers to a broadcast decides
 * nothing: the chain's next nonce and the receipts do.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #dependencies: OutboxDependencies;
  readonly #account: SenderAccount;
  /** Nonces at whose highest fee an alarm was raised. */
  readonly #alarmed = new Set<number>();

  constructor(options: OutboxOptions, dependencies: OutboxDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    const { chain, wallet } = dependencies;
    this.#account = { chainId: chain.chainId, address: wallet.address.toLowerCase() as Hex };
  }

  /** Whether transactions are on their way, whose nonces nobody else may take. */
  get busy(): boolean {
    return this.#dependencies.transactions.inFlight(this.#account).length > 0;
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
    let nonce = after === undefined ? await this.#nextNonce() : after.nonce + 1;
    const fees = marketFees(await this.#baseFee(), this.#options.fees);
    const signed: JournalledTransaction[] = [];
    for (const call of calls) {
      signed.push(this.#sign({ ...call, nonce: nonce++, ...fees }, 1));
      await immediate();
    }
    return signed;
  }

  /** Journals signed transactions, broadcasts them and waits for them, with receipts as {@link send}. */
  async launch(signed: readonly JournalledTransaction[], signal: AbortSignal): Promise<(RpcReceipt | undefined)[]> {
    this.#dependencies.transactions.launch(this.#account, signed);
    for (const transaction of signed) this.#tell("sent", transaction);
    return await this.#complete(
      signed.map((transaction) => ({ nonce: transaction.nonce, attempts: [transaction], block: undefined })),
      signal,
    );
  }

  /**
   * Brings the journal in line with the chain, up or down, and whatever is in flight to its end.
   * @throws HuangpuError DELIVERY_TIMEOUT when it does not end in time; it is replaced, or given up to be planned anew.
   */
  async settle(signal: AbortSignal): Promise<void> {
    const { chain, transactions } = this.#dependencies;
    if (transactions.nonces(this.#account).length === 0) return;
    const [next, head] = await Promise.all([chain.nonce(this.#account.address), chain.blockNumber()]);
    transactions.reconcile(this.#account, next, head - this.#options.confirmations);
    const inFlight = transactions.inFlight(this.#account);
    if (inFlight.length > 0) await this.#complete(inFlight, signal);
  }

  /**
   * The chain's next nonce, which is the one after all that the journal has in use.
   * @throws HuangpuError BLOCK_UNKNOWN when it is not: the node is behind, or the chain went back and {@link settle} follows it.
   */
  async #nextNonce(): Promise<number> {
    const { chain, transactions } = this.#dependencies;
    const next = await chain.nonce(this.#account.address);
    const last = transactions.nonces(this.#account).at(-1)?.nonce ?? -1;
    if (next > last) return next;
    throw new HuangpuError("BLOCK_UNKNOWN", "The node does not have a transaction that was mined before", {
      fields: { direction: this.#options.direction, nextNonce: next, mined: last },
    });
  }

  async #baseFee(): Promise<bigint> {
    const { baseFeePerGas } = await this.#dependencies.chain.latestBlock();
    return BigInt(baseFeePerGas ?? 0);
  }

  #sign(call: Omit<CallTransaction, "chainId">, attempt: number): JournalledTransaction {
    const { chain, wallet } = this.#dependencies;
    const signed = signTransaction({ ...call, chainId: chain.chainId }, (digest) => wallet.signingKey.sign(digest));
    return { nonce: call.nonce, attempt, maxFeePerGas: call.maxFeePerGas, ...signed };
  }

  #tell(type: "sent" | "replaced", { nonce, hash, attempt, maxFeePerGas }: JournalledTransaction): void {
    this.#dependencies.observer({ type, direction: this.#options.direction, nonce, hash, attempt, maxFeePerGas });
  }

  /** One after the other, by nonce. Each promise is kept when its transaction is out, and broken with all after it. */
  #broadcastAll(nonces: readonly JournalledNonce[]): Promise<Refused>[] {
    let last = Promise.resolve<Refused>(undefined);
    return nonces.map(({ attempts }) => {
      last = last.then(() => this.#broadcast(attempts.at(-1)));
      last.catch(() => undefined); // whoever waits for it hears of it
      return last;
    });
  }

  /** What a node refuses may be mined all the same: it can know it already, or have it from another node. */
  async #broadcast(transaction: JournalledTransaction | undefined): Promise<Refused> {
    try {
      if (transaction !== undefined) await this.#dependencies.chain.sendRaw(transaction.raw);
      return undefined;
    } catch (error) {
      if (error instanceof HuangpuError && error.code === "RPC_REJECTED") return error;
      throw error;
    }
  }

  async #complete(nonces: readonly JournalledNonce[], signal: AbortSignal): Promise<(RpcReceipt | undefined)[]> {
    const { receiptTimeoutMs, pollMs } = this.#options;
    const started = Date.now();
    let broadcasts = this.#broadcastAll(nonces);
    let rounds = 1;
    let blocks: number | undefined;
    const receipts: (RpcReceipt | "replaced")[] = [];
    while (receipts.length < nonces.length) {
      const index = receipts.length;
      const awaited = nonces[index] as JournalledNonce;
      const refusal = await broadcasts[index];
      const outcome = await this.#outcome(awaited);
      if (outcome !== undefined) {
        receipts.push(outcome);
        continue;
      }
      blocks ??= await this.#dependencies.chain.blockNumber();
      const elapsed = Date.now() - started;
      if (elapsed > receiptTimeoutMs) await this.#overdue(nonces.slice(index), refusal, blocks);
      if (elapsed > (receiptTimeoutMs * rounds) / BROADCASTS) {
        rounds++;
        broadcasts = [...broadcasts.slice(0, index), ...this.#broadcastAll(nonces.slice(index))];
      }
      await sleep(pollMs, undefined, { signal });
    }
    return await this.#land(receipts);
  }

  async #land(receipts: readonly (RpcReceipt | "replaced")[]): Promise<(RpcReceipt | undefined)[]> {
    const { chain, transactions } = this.#dependencies;
    const mined = receipts.map((receipt) => (receipt === "replaced" ? undefined : receipt));
    const known = mined.flatMap((receipt) => (receipt === undefined ? [] : [Number(receipt.blockNumber)]));
    const block = known.length > 0 ? Math.max(...known) : await chain.blockNumber();
    transactions.land(this.#account, block, block - this.#options.confirmations);
    this.#alarmed.clear();
    return mined;
  }

  /** Undefined while it may still be mined; "replaced" when another transaction of the account took its nonce. */
  async #outcome({ nonce, attempts }: JournalledNonce): Promise<RpcReceipt | "replaced" | undefined> {
    const { chain } = this.#dependencies;
    if (attempts.length === 1) {
      const receipt = await this.#receipt(attempts);
      if (receipt !== undefined) return receipt;
    }
    if ((await chain.nonce(this.#account.address)) <= nonce) return undefined;
    return (await this.#receipt(attempts)) ?? "replaced";
  }

  /** Any of the attempts may be the one that is mined, most likely the dearest. */
  async #receipt(attempts: readonly JournalledTransaction[]): Promise<RpcReceipt | undefined> {
    for (const { hash } of attempts.toReversed()) {
      const receipt = await this.#dependencies.chain.receipt(hash);
      if (receipt !== null) return receipt;
    }
    return undefined;
  }

  /**
   * What is not mined in time is replaced, with the same nonce and a higher fee, if blocks were made that could have had it.
   * It is given up, so that it is planned anew, when the node would never take it (too dear for the account, or with too little
   * gas, as it was signed), or when nonces before it are missing, because the chain was set back.
   */
  async #overdue(stuck: readonly JournalledNonce[], refusal: Refused, blocksBefore: number): Promise<never> {
    const { chain, transactions } = this.#dependencies;
    const [next, head] = await Promise.all([chain.nonce(this.#account.address), chain.blockNumber()]);
    const first = transactions.nonces(this.#account)[0]?.nonce ?? 0;
    const meaning = refusal && classifyRefusal(String(refusal.fields["reason"]));
    if (meaning === "refused" || next < first) transactions.abandon(this.#account);
    else if (head > blocksBefore || meaning === "outbid") await this.#replace(stuck);

    const [{ nonce, attempts }] = stuck as [JournalledNonce];
    throw new HuangpuError("DELIVERY_TIMEOUT", "A transaction was not mined in time", {
      fields: {
        direction: this.#options.direction,
        nonce,
        nextNonce: next,
        hash: attempts.at(-1)?.hash,
        attempts: attempts.length,
        refusal: refusal?.message,
      },
      cause: refusal,
    });
  }

  async #replace(stuck: readonly JournalledNonce[]): Promise<void> {
    const { transactions } = this.#dependencies;
    const baseFee = await this.#baseFee();
    const raised = stuck.flatMap(({ attempts }) => {
      const last = attempts.at(-1);
      if (last === undefined) return [];
      const { chainId: _, ...call } = parseTransaction(last.raw);
      const fees = raisedFees(call, baseFee, this.#options.fees);
      if (fees === "ceiling") this.#alarm(call);
      return typeof fees === "string" ? [] : [this.#sign({ ...call, ...fees }, last.attempt + 1)];
    });
    transactions.launch(this.#account, raised);
    for (const transaction of raised) {
      this.#tell("replaced", transaction);
      await this.#broadcast(transaction);
    }
  }

  #alarm({ nonce, maxFeePerGas }: Fees & { nonce: number }): void {
    if (this.#alarmed.has(nonce)) return;
    this.#alarmed.add(nonce);
    this.#dependencies.observer({
      type: "alarm",
      direction: this.#options.direction,
      reason: "feeCeiling",
      fields: { nonce, maxFeePerGas: maxFeePerGas.toString() },
    });
  }
}
