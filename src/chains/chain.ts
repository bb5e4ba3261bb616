import { FetchRequest, isError, JsonRpcProvider, Network } from "ethers";
import type { RpcBlock } from "../core/block-header.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";

export interface ChainOptions {
  name: string;
  chainId: number;
  rpcUrl: string;
  timeoutMs: number;
}

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

/** One chain behind one JSON-RPC endpoint. Nothing it says is believed that cannot be checked. */
export class Chain {
  readonly name: string;
  readonly chainId: number;
  readonly provider: JsonRpcProvider;

  constructor({ name, chainId, rpcUrl, timeoutMs }: ChainOptions) {
    this.name = name;
    this.chainId = chainId;
    const request = new FetchRequest(rpcUrl);
    request.timeout = timeoutMs;
    request.setThrottleParams({ maxAttempts: 1 });
    const network = Network.from(chainId);
    this.provider = new JsonRpcProvider(request, network, { staticNetwork: network, batchMaxCount: 1 });
  }

  /** @throws HuangpuError RPC_WRONG_CHAIN when the endpoint serves another chain than configured. */
  async assertChainId(): Promise<void> {
    const given = Number(await this.request<Hex>("eth_chainId", []));
    if (given !== this.chainId) {
      throw new HuangpuError("RPC_WRONG_CHAIN", `The ${this.name} endpoint serves chain ${given}, not ${this.chainId}`, {
        fields: { chain: this.name, expected: this.chainId, given },
      });
    }
  }

  async blockNumber(): Promise<number> {
    return await this.#quantity("eth_blockNumber", []);
  }

  /** @throws HuangpuError BLOCK_UNKNOWN when the node does not have it, RPC_INCONSISTENT when it gives another one. */
  async block(number: number): Promise<RpcBlock & { hash: Hex }> {
    const block = await this.request<(RpcBlock & { hash: Hex }) | null>("eth_getBlockByNumber", [quantity(number), false]);
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

  async logs(address: Hex, topics: Hex[], fromBlock: number, toBlock: number): Promise<RpcLog[]> {
    const filter = { address, topics: [topics], fromBlock: quantity(fromBlock), toBlock: quantity(toBlock) };
    return await this.request<RpcLog[]>("eth_getLogs", [filter]);
  }

  async proof(account: Hex, slot: Hex, blockNumber: number): Promise<AccountProof> {
    return await this.request<AccountProof>("eth_getProof", [account, [slot], quantity(blockNumber)]);
  }

  async call(to: Hex, data: Hex, blockNumber?: number): Promise<Hex> {
    return await this.request<Hex>("eth_call", [{ to, data }, blockNumber === undefined ? "latest" : quantity(blockNumber)]);
  }

  /** Transactions of an account that are mined. */
  async nonce(account: Hex): Promise<number> {
    return await this.#quantity("eth_getTransactionCount", [account, "latest"]);
  }

  async sendRaw(raw: Hex): Promise<void> {
    await this.request<Hex>("eth_sendRawTransaction", [raw]);
  }

  async receipt(transactionHash: Hex): Promise<RpcReceipt | null> {
    return await this.request<RpcReceipt | null>("eth_getTransactionReceipt", [transactionHash]);
  }

  close(): void {
    this.provider.destroy();
  }

  /**
   * @throws HuangpuError RPC_REJECTED when the node answered with an error (`fields.data` has what a call reverted
   * with), RPC_UNAVAILABLE when it did not answer properly.
   */
  async request<T>(method: string, params: unknown[]): Promise<T> {
    try {
      return (await this.provider.send(method, params)) as T;
    } catch (cause) {
      const rejection = rejectionOf(cause);
      const fields = { chain: this.name, method, ...rejection };
      if (rejection === undefined) {
        throw new HuangpuError("RPC_UNAVAILABLE", `The ${this.name} node did not answer ${method}`, { fields, cause });
      }
      throw new HuangpuError("RPC_REJECTED", `The ${this.name} node refused ${method}: ${rejection.reason}`, {
        fields,
        cause,
      });
    }
  }

  async #quantity(method: string, params: unknown[]): Promise<number> {
    const given = await this.request<Hex>(method, params);
    const value = Number(given);
    if (given !== null && Number.isSafeInteger(value)) return value;
    throw new HuangpuError("RPC_INCONSISTENT", `The ${this.name} node answered ${method} with no number`, {
      fields: { chain: this.name, method, given },
    });
  }
}

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`;
}

/** The JSON-RPC error inside what ethers throws, if the node answered with one. */
function rejectionOf(cause: unknown): { reason: string; data: string | undefined } | undefined {
  if (isError(cause, "CALL_EXCEPTION")) return { reason: cause.shortMessage, data: cause.data ?? undefined };
  const info = (cause as { info?: { error?: unknown } }).info?.error ?? (cause as { error?: unknown }).error;
  if (typeof info !== "object" || info === null || !("message" in info)) return undefined;
  const { message, data } = info as { message: unknown; data?: unknown };
  return { reason: String(message), data: revertData(data) };
}

function revertData(data: unknown): string | undefined {
  if (typeof data === "string") return data;
  if (typeof data === "object" && data !== null && "data" in data) return revertData(data.data);
  return undefined;
}

