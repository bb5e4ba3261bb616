import type { RpcBlock } from "../core/block-header.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { JsonEndpoint } from "./json-endpoint.ts";

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
  readonly #endpoint: JsonEndpoint;
  #requests = 0;

  constructor({ name, chainId, rpcUrl, timeoutMs }: ChainOptions) {
    this.name = name;
    this.chainId = chainId;
    this.#endpoint = new JsonEndpoint(rpcUrl, timeoutMs);
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
    const block = await this.request<(RpcBlock & { hash: Hex }) | null>("eth_getBlockByNumber", [
      quantity(number),
      false,
    ]);
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
    return await this.request<Hex>("eth_call", [
      { to, data },
      blockNumber === undefined ? "latest" : quantity(blockNumber),
    ]);
  }

  async estimateGas(from: Hex, to: Hex, data: Hex): Promise<bigint> {
    return BigInt(await this.request<Hex>("eth_estimateGas", [{ from, to, data }]));
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

  /** Abandons what is asked at the moment. */
  close(): void {
    this.#endpoint.close();
  }

  /**
   * @throws HuangpuError RPC_REJECTED when the node answered with an error (`fields.data` has what a call reverted
   * with), RPC_UNAVAILABLE when it did not answer properly.
   */
  async request<T>(method: string, params: unknown[]): Promise<T> {
    const fields = { chain: this.name, method };
    const answer = await this.#post(method, params).catch((cause: unknown) => {
      throw new HuangpuError("RPC_UNAVAILABLE", `The ${this.name} node did not answer ${method}`, { fields, cause });
    });
    if ("result" in answer) return answer.result as T;
    const { message, data } = answer.error;
    throw new HuangpuError("RPC_REJECTED", `The ${this.name} node refused ${method}: ${message}`, {
      fields: { ...fields, reason: message, data: revertData(data) },
    });
  }

  /** What is no number is no answer: taken for one, it would pass every comparison with a height. */
  async #quantity(method: string, params: unknown[]): Promise<number> {
    const given = await this.request<unknown>(method, params);
    const value = typeof given === "string" && /^0x[0-9a-f]+$/i.test(given) ? Number(given) : Number.NaN;
    if (Number.isSafeInteger(value)) return value;
    throw new HuangpuError(
      "RPC_UNAVAILABLE",
      `The ${this.name} node answered ${method} with something else than a number`,
      {
        fields: { chain: this.name, method, given },
      },
    );
  }

  async #post(method: string, params: unknown[]): Promise<RpcAnswer> {
    const id = ++this.#requests;
    const { status, body } = await this.#endpoint.post({ jsonrpc: "2.0", id, method, params });
    if (isAnswer(body, id)) return body;
    throw new Error(`HTTP ${status} with ${JSON.stringify(body).slice(0, 200)}`);
  }
}

type RpcAnswer = { result: unknown } | { error: { message: string; data?: unknown } };

/** Some nodes send an error with an HTTP status of its own, so that says nothing beside what is in the body. */
function isAnswer(answer: unknown, id: number): answer is RpcAnswer {
  if (typeof answer !== "object" || answer === null || !("id" in answer) || answer.id !== id) return false;
  if ("error" in answer) {
    return typeof answer.error === "object" && answer.error !== null && "message" in answer.error;
  }
  return "result" in answer;
}

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`;
}

/** What a call reverted with, wherever a node puts it. */
function revertData(data: unknown): string | undefined {
  if (typeof data === "string") return data;
  if (typeof data === "object" && data !== null && "data" in data) return revertData(data.data);
  return undefined;
}
