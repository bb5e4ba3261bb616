import type { RpcBlock } from "../core/block-header.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { Providers, type ProvidersOptions } from "./providers.ts";
import { ANYTHING, BLOCK, GAS, HEX, LOGS, PROOF, QUANTITY, RECEIPT, type RpcForm } from "./rpc-forms.ts";

export type ChainOptions = ProvidersOptions;

export interface RpcLog {
  address: Hex;
  topics: Hex[];
  data: Hex;
  blockNumber: Hex;
  transactionHash: Hex;
  logIndex: Hex;
}

export interface RpcReceipt {
  transactionHash: Hex;
  status: Hex;
  blockNumber: Hex;
  gasUsed: Hex;
  logs: RpcLog[];
}

export interface AccountProof {
  accountProof: Hex[];
  storageProof: { value: Hex; proof: Hex[] }[];
}

/** One chain behind its JSON-RPC endpoints. Nothing they say is believed that cannot be checked. */
export class Chain {
  readonly name: string;
  readonly chainId: number;
  readonly options: ChainOptions;
  readonly providers: Providers;

  constructor(options: ChainOptions, providers: Providers = new Providers(options)) {
    this.name = options.name;
    this.chainId = options.chainId;
    this.options = options;
    this.providers = providers;
  }

  /** @throws HuangpuError RPC_WRONG_CHAIN when the endpoint serves another chain than configured. */
  async assertChainId(): Promise<void> {
    const given = await this.#quantity("eth_chainId", []);
    if (given !== this.chainId) {
      throw new HuangpuError(
        "RPC_WRONG_CHAIN",
        `The ${this.name} endpoint serves chain ${given}, not ${this.chainId}`,
        {
          fields: { chain: this.name, expected: this.chainId, given },
        },
      );
    }
  }

  async blockNumber(): Promise<number> {
    return await this.#quantity("eth_blockNumber", []);
  }

  /** @throws HuangpuError BLOCK_UNKNOWN when the node does not have it, RPC_INCONSISTENT when it gives another one. */
  async block(number: number): Promise<RpcBlock & { hash: Hex }> {
    const params = [quantity(number), false];
    const block = await this.request<(RpcBlock & { hash: Hex }) | null>("eth_getBlockByNumber", params, BLOCK);
    if (block === null) {
      throw new HuangpuError("BLOCK_UNKNOWN", `The ${this.name} node does not have block ${number}`, {
        fields: { chain: this.name, number },
      });
    }
    if (Number(block.number) !== number) {
      throw new HuangpuError("RPC_INCONSISTENT", `The ${this.name} node gave another block than was asked for`, {
        fields: { chain: this.name, number, given: block.number },
      });
    }
    return block;
  }

  /**
   * The newest block, whichever that is. For what may be a little wrong: a fee, a limit.
   * @throws HuangpuError BLOCK_UNKNOWN when there is none.
   */
  async latestBlock(): Promise<RpcBlock> {
    const block = await this.request<RpcBlock | null>("eth_getBlockByNumber", ["latest", false], BLOCK);
    if (block !== null) return block;
    throw new HuangpuError("BLOCK_UNKNOWN", `The ${this.name} node has no block`, { fields: { chain: this.name } });
  }

  async logs(address: Hex, topics: Hex[], fromBlock: number, toBlock: number): Promise<RpcLog[]> {
    return await this.request<RpcLog[]>("eth_getLogs", logsParams(address, topics, fromBlock, toBlock), LOGS);
  }

  async proof(account: Hex, slot: Hex, blockNumber: number): Promise<AccountProof> {
    return await this.request<AccountProof>("eth_getProof", [account, [slot], quantity(blockNumber)], PROOF);
  }

  async call(to: Hex, data: Hex, blockNumber?: number): Promise<Hex> {
    const block = blockNumber === undefined ? "latest" : quantity(blockNumber);
    return await this.request<Hex>("eth_call", [{ to, data }, block], HEX);
  }

  async estimateGas(from: Hex, to: Hex, data: Hex): Promise<bigint> {
    return BigInt(await this.request<Hex>("eth_estimateGas", [{ from, to, data }], GAS));
  }

  /** Transactions of an account that are mined. */
  async nonce(account: Hex): Promise<number> {
    return await this.#quantity("eth_getTransactionCount", [account, "latest"]);
  }

  async sendRaw(raw: Hex): Promise<void> {
    await this.request<Hex>("eth_sendRawTransaction", [raw], HEX);
  }

  async receipt(transactionHash: Hex): Promise<RpcReceipt | null> {
    return await this.request<RpcReceipt | null>("eth_getTransactionReceipt", [transactionHash], RECEIPT);
  }

  /** Prefers other endpoints for a while, because what came of the one asked last was no good. */
  passOver(): void {
    this.providers.passOver();
  }

  /** Abandons what is asked at the moment. */
  close(): void {
    this.providers.close();
  }

  /**
   * @throws HuangpuError RPC_REJECTED when the answer is an error (`fields.data` has what a call reverted with),
   * RPC_RATE_LIMITED when an endpoint wants to be left alone, RPC_UNAVAILABLE when none answers properly.
   */
  async request<T>(method: string, params: unknown[], form: RpcForm = ANYTHING): Promise<T> {
    return (await this.providers.request(method, params, form)) as T;
  }

  async #quantity(method: string, params: unknown[]): Promise<number> {
    return Number(await this.request<Hex>(method, params, QUANTITY));
  }
}

export function quantity(value: number): Hex {
  return `0x${value.toString(16)}`;
}

export function logsParams(address: Hex, topics: Hex[], fromBlock: number, toBlock: number): unknown[] {
  return [{ address, topics: [topics], fromBlock: quantity(fromBlock), toBlock: quantity(toBlock) }];
}
