import type { Wallet } from "ethers";
import type { RpcBlock } from "../../../src/core/block-header.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { type QbftBlockOptions, sealAsQbft } from "../fakes/qbft-block.ts";
import { RpcProxy } from "./proxy.ts";

type SealedBlock = RpcBlock & { hash: Hex };

/**
 * A JSON-RPC endpoint that shows a chain as if QBFT validators had sealed it: every header but the genesis names them and
 * has their seals, and so another hash, which its child names as its parent's. State roots, and so all proofs, are the
 * chain's own.
 */
export class QbftProxy {
  readonly url: string;
  readonly #proxy: RpcProxy;
  readonly #target: string;
  readonly #blocks: SealedBlock[] = [];
  readonly #sets: { from: number; options: QbftBlockOptions }[];
  #last: Promise<unknown> = Promise.resolve();

  private constructor(proxy: RpcProxy, target: string, validators: readonly Wallet[]) {
    this.url = proxy.url;
    this.#proxy = proxy;
    this.#target = target;
    this.#sets = [{ from: 1, options: { validators } }];
    proxy.misbehave(async ({ method }, forward) => {
      if (method !== "eth_getBlockByNumber") return undefined;
      const block = (await forward()) as SealedBlock | null;
      return { result: block === null ? null : { ...block, ...(await this.#sealed(Number(block.number))) } };
    });
  }

  static async start(target: string, validators: readonly Wallet[]): Promise<QbftProxy> {
    return new QbftProxy(await RpcProxy.start(target), target, validators);
  }

  /** From a block on that nobody has asked for yet, others are the validators, or seal in another way. */
  from(block: number, options: QbftBlockOptions): void {
    this.#sets.push({ from: block, options });
  }

  async stop(): Promise<void> {
    await this.#proxy.stop();
  }

  /** One after the other, because each block names the one before. */
  async #sealed(number: number): Promise<SealedBlock> {
    const sealing = this.#last.then(async () => await this.#sealUpTo(number));
    this.#last = sealing.catch(() => undefined);
    return await sealing;
  }

  async #sealUpTo(number: number): Promise<SealedBlock> {
    for (let next = this.#blocks.length; next <= number; next++) {
      const block = await this.#ask(next);
      const parentHash = this.#blocks[next - 1]?.hash ?? block.parentHash ?? null;
      const set = this.#sets.findLast(({ from }) => from <= next);
      this.#blocks.push(set === undefined ? block : sealAsQbft({ ...block, parentHash }, set.options));
    }
    const block = this.#blocks[number];
    if (block === undefined) throw new Error(`There is no block ${number}`);
    return block;
  }

  async #ask(number: number): Promise<SealedBlock> {
    const params = [`0x${number.toString(16)}`, false];
    const response = await fetch(this.#target, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_getBlockByNumber", params }),
    });
    return ((await response.json()) as { result: SealedBlock }).result;
  }
}
