import { encodeRlp, Transaction, toBeArray } from "ethers";
import { Chain, type RpcLog, type RpcReceipt } from "../../../src/chains/chain.ts";
import { ANYTHING, type RpcForm } from "../../../src/chains/rpc-forms.ts";
import type { RpcBlock } from "../../../src/core/block-header.ts";
import { HuangpuError } from "../../../src/core/errors.ts";
import { concat, type Hex, keccak256, keccakText, word } from "../../../src/core/hex.ts";

export type FakeLog = Pick<RpcLog, "address" | "topics" | "data">;

export interface Execution {
  logs: FakeLog[];
  gasUsed: bigint;
}

export interface FakeContract {
  /**
   * @param slotAt The contract's storage at the block that is asked for.
   * @throws Reverted
   */
  call(data: Hex, slotAt: (slot: Hex) => Hex): Hex;
  /** @throws Reverted */
  execute(data: Hex, gasLimit: bigint): Execution;
  /** The chain went back; its slots are as they were. */
  rewound?(): void;
}

export class Reverted extends Error {
  readonly data: Hex;

  constructor(data: Hex) {
    super("execution reverted");
    this.data = data;
  }
}

interface FakeBlock {
  block: RpcBlock & { hash: Hex };
  logs: RpcLog[];
  state: Hex;
  nonces: ReadonlyMap<string, number>;
}

/** Answers in place of the chain, or, with `proceed`, after or before it. */
export type Script = (params: unknown[], proceed: () => unknown) => unknown;

const ZERO: Hex = `0x${"00".repeat(32)}`;
const QUANTITIES = new Set(["difficulty", "number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas"]);
const quantity = (value: number | bigint): Hex => `0x${value.toString(16)}`;

/**
 * A chain in memory that mines, keeps logs and receipts, and calls contracts written in TypeScript. Its state root is the
 * hash of all slots written one after the other, and that text is the proof of each.
 */
export class FakeChain extends Chain {
  readonly requests: { method: string; params: unknown[] }[] = [];
  readonly slots = new Map<Hex, Hex>();
  /** Whether a transaction is mined as soon as it is sent. */
  automine = true;
  /** What a transaction must offer at least to be mined. */
  baseFee = 7n;
  /** Of every block, and so of every transaction. */
  gasLimit = 30_000_000n;
  readonly #pendingLogs: FakeLog[] = [];
  readonly #contracts = new Map<Hex, FakeContract>();
  readonly #scripts = new Map<string, Script>();
  #nonces = new Map<string, number>();
  readonly #receipts = new Map<Hex, RpcReceipt>();
  #blocks: FakeBlock[] = [];
  #pool: Transaction[] = [];
  #fork = 0;

  constructor(name: string, chainId: number) {
    super({ name, chainId, rpcUrls: ["http://127.0.0.1:1"], timeoutMs: 1_000 });
    this.mine();
  }

  override async request<T>(method: string, params: unknown[], form: RpcForm = ANYTHING): Promise<T> {
    this.requests.push({ method, params });
    const script = this.#scripts.get(method);
    const proceed = () => this.#answer(method, params);
    const result = await (script === undefined ? proceed() : script(params, proceed));
    if (!form.isWellFormed(result)) throw new HuangpuError("RPC_UNAVAILABLE", `That is no answer to ${method}`);
    return result as T;
  }

  /** Puts a script in the place of a method, or takes it away. */
  script(method: string, script: Script | undefined): void {
    if (script === undefined) this.#scripts.delete(method);
    else this.#scripts.set(method, script);
  }

  /** The node does not answer any more, or again. */
  set down(down: boolean) {
    const unavailable = () => {
      throw new HuangpuError("RPC_UNAVAILABLE", "The node is down");
    };
    for (const method of ["eth_chainId", "eth_blockNumber", "eth_call", "eth_getTransactionReceipt"]) {
      this.script(method, down ? unavailable : undefined);
    }
  }

  deploy(address: Hex, contract: FakeContract): void {
    this.#contracts.set(address, contract);
  }

  /** @throws HuangpuError RPC_REJECTED, as a node's, when the call would revert. */
  estimate: (call: { to: Hex; data: Hex }) => bigint = () => 500_000n;

  /** Logs something in the next block. */
  log(log: FakeLog): void {
    this.#pendingLogs.push(log);
  }

  get height(): number {
    return this.#blocks.length - 1;
  }

  get pool(): readonly Transaction[] {
    return this.#pool;
  }

  countOf(method: string): number {
    return this.requests.filter((request) => request.method === method).length;
  }

  mine(count = 1): void {
    for (let index = 0; index < count; index++) this.#mineOne();
  }

  /** Replaces the last blocks by as many other, empty ones. What was done in them is undone, and its transactions are lost. */
  reorganise(depth: number): void {
    this.#blocks = this.#blocks.slice(0, -depth);
    this.#fork++;
    const { state, nonces } = this.#blocks.at(-1) as FakeBlock;
    this.#nonces = new Map(nonces);
    this.slots.clear();
    for (const [slot, value] of pairs(state)) this.slots.set(slot, value);
    for (const [hash, { blockNumber }] of this.#receipts) {
      if (Number(blockNumber) >= this.#blocks.length) this.#receipts.delete(hash);
    }
    for (const contract of this.#contracts.values()) contract.rewound?.();
    this.mine(depth);
  }

  /** The pool forgets what it has. */
  dropPool(): void {
    this.#pool = [];
  }

  #mineOne(): void {
    const number = this.#blocks.length;
    const mined: { transaction: Transaction; execution: Execution | undefined }[] = [];
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#pool = this.#pool.filter((transaction) => transaction !== next);
      this.#nonces.set(sender(next), next.nonce + 1);
      mined.push({ transaction: next, execution: this.#execute(next) });
    }
    const place = (log: FakeLog, transactionHash: Hex): RpcLog => ({
      ...log,
      blockNumber: quantity(number),
      transactionHash,
      logIndex: "0x0",
    });
    const logs = this.#pendingLogs.splice(0).map((log) => place(log, ZERO));
    for (const { transaction, execution } of mined) {
      const hash = transaction.hash as Hex;
      const own = execution?.logs.map((log) => place(log, hash)) ?? [];
      logs.push(...own);
      this.#receipts.set(hash, {
        transactionHash: hash,
        status: execution === undefined ? "0x0" : "0x1",
        blockNumber: quantity(number),
        gasUsed: quantity(execution?.gasUsed ?? transaction.gasLimit),
        logs: own,
      });
    }
    const state = concat(...[...this.slots].map(([slot, value]) => concat(slot, value)));
    this.#blocks.push({ block: this.#seal(number, state), logs, state, nonces: new Map(this.#nonces) });
  }

  #next(): Transaction | undefined {
    return this.#pool.find(
      (transaction) =>
        transaction.nonce === (this.#nonces.get(sender(transaction)) ?? 0) &&
        (transaction.maxFeePerGas ?? 0n) >= this.baseFee,
    );
  }

  #execute(transaction: Transaction): Execution | undefined {
    try {
      return this.#contract(transaction.to ?? "").execute(transaction.data as Hex, transaction.gasLimit);
    } catch (error) {
      if (error instanceof Reverted) return undefined;
      throw error;
    }
  }

  #seal(number: number, state: Hex): RpcBlock & { hash: Hex } {
    const extraData = word(BigInt(this.#fork));
    const block = {
      parentHash: this.#blocks.at(-1)?.block.hash ?? ZERO,
      sha3Uncles: ZERO,
      miner: `0x${"00".repeat(20)}`,
      stateRoot: keccak256(state),
      transactionsRoot: ZERO,
      receiptsRoot: ZERO,
      logsBloom: `0x${"00".repeat(256)}`,
      difficulty: "0x0",
      number: quantity(number),
      gasLimit: quantity(this.gasLimit),
      gasUsed: "0x0",
      timestamp: quantity(1_700_000_000 + number),
      extraData,
      mixHash: keccakText(this.name),
      nonce: `0x${"00".repeat(8)}`,
      baseFeePerGas: quantity(this.baseFee),
    } as const;
    const fields = Object.entries(block).map(([name, value]) => (QUANTITIES.has(name) ? toBeArray(value) : value));
    return { ...block, hash: keccak256(encodeRlp(fields) as Hex) };
  }

  #contract(address: string): FakeContract {
    const contract = this.#contracts.get(address.toLowerCase() as Hex);
    if (contract === undefined) throw new Error(`No contract at ${address}`);
    return contract;
  }

  #answer(method: string, params: unknown[]): unknown {
    const [first, second] = params as [never, never];
    switch (method) {
      case "eth_chainId":
        return quantity(this.chainId);
      case "eth_blockNumber":
        return quantity(this.height);
      case "eth_getBlockByNumber":
        return (first === "latest" ? this.#blocks.at(-1) : this.#blocks[Number(first)])?.block ?? null;
      case "eth_getLogs":
        return this.#logs(first);
      case "eth_getProof": {
        const { state } = this.#blocks[Number(params[2])] as FakeBlock;
        const slot = second[0] as Hex;
        return { accountProof: [state], storageProof: [{ value: this.slots.get(slot) ?? "0x0", proof: [state] }] };
      }
      case "eth_call":
        return this.#call(first, second);
      case "eth_estimateGas":
        return quantity(this.estimate(first));
      case "eth_getBalance":
        return quantity(10n ** 18n);
      case "eth_getTransactionCount":
        return quantity(this.#nonces.get((first as string).toLowerCase()) ?? 0);
      case "eth_sendRawTransaction":
        return this.#take(Transaction.from(first as Hex));
      case "eth_getTransactionReceipt":
        return this.#receipts.get(first) ?? null;
      default:
        throw new Error(`The fake chain does not know ${method}`);
    }
  }

  #logs(filter: { address: Hex; topics: Hex[][]; fromBlock: Hex; toBlock: Hex }): RpcLog[] {
    const wanted = filter.topics[0] ?? [];
    return this.#blocks
      .slice(Number(filter.fromBlock), Number(filter.toBlock) + 1)
      .flatMap(({ logs }) => logs)
      .filter(({ address, topics }) => address === filter.address && wanted.includes(topics[0] as Hex));
  }

  #call({ to, data }: { to: Hex; data: Hex }, block: string): Hex {
    const slotAt = (slot: Hex) =>
      (block === "latest" ? this.slots.get(slot) : this.#slotAt(Number(block), slot)) ?? ZERO;
    try {
      return this.#contract(to).call(data, slotAt);
    } catch (error) {
      if (!(error instanceof Reverted)) throw error;
      throw new HuangpuError("RPC_REJECTED", error.message, { fields: { data: error.data } });
    }
  }

  #slotAt(number: number, slot: Hex): Hex | undefined {
    return pairs(this.#blocks[number]?.state ?? "0x").find(([key]) => key === slot)?.[1];
  }

  #take(transaction: Transaction): string {
    const mined = this.#nonces.get(sender(transaction)) ?? 0;
    if (transaction.nonce < mined) throw refused("nonce too low");
    if (this.#pool.some(({ hash }) => hash === transaction.hash)) throw refused("already known");
    const rival = this.#pool.find(({ nonce, from }) => nonce === transaction.nonce && from === transaction.from);
    if (rival !== undefined && !outbids(transaction, rival)) throw refused("replacement transaction underpriced");
    this.#pool = this.#pool.filter((each) => each !== rival);
    this.#pool.push(transaction);
    if (this.automine) this.mine();
    return transaction.hash ?? "";
  }
}

/** A tenth more of both fees, as widespread nodes have it. */
function outbids(transaction: Transaction, rival: Transaction): boolean {
  const above = (fee: bigint | null, former: bigint | null) =>
    (fee ?? 0n) > (former ?? 0n) && (fee ?? 0n) * 10n >= (former ?? 0n) * 11n;
  return (
    above(transaction.maxFeePerGas, rival.maxFeePerGas) &&
    above(transaction.maxPriorityFeePerGas, rival.maxPriorityFeePerGas)
  );
}

/** Slots and their values in the text of a state. */
function pairs(state: Hex): [Hex, Hex][] {
  const words = (state.slice(2).match(/.{64}/g) ?? []).map((digits): Hex => `0x${digits}`);
  return words.flatMap((slot, index): [Hex, Hex][] => (index % 2 === 0 ? [[slot, words[index + 1] as Hex]] : []));
}

function sender(transaction: Transaction): string {
  return transaction.from?.toLowerCase() ?? "";
}

export function refused(reason: string): HuangpuError {
  return new HuangpuError("RPC_REJECTED", reason, { fields: { reason } });
}
