import { createHash } from "node:crypto";
import type { RpcBlock } from "../core/block-header.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { Chain, logsParams, quantity, type RpcLog } from "./chain.ts";
import type { Provider } from "./provider.ts";
import { BLOCK, HEX, LOGS, QUANTITY, type RpcForm } from "./rpc-forms.ts";

/**
 * A chain as one unit of work sees it: through a single provider, so that logs, heads and blocks are of one fork, and only as
 * far as the other providers go along. For blocks that count as final. With one endpoint, the chain itself.
 */
export function pinned(chain: Chain): Chain {
  return chain.providers.single ? chain : new PinnedChain(chain);
}

class PinnedChain extends Chain {
  readonly #provider: Provider;
  readonly #hashes = new Map<number, Hex>();

  constructor(chain: Chain) {
    super(chain.options, chain.providers);
    this.#provider = chain.providers.best();
  }

  /** There is no other provider to go on with: a unit that fails is repeated with another one. */
  override async request<T>(method: string, params: unknown[], form: RpcForm): Promise<T> {
    return (await this.providers.ask(this.#provider, method, params, form)) as T;
  }

  /** No further than any other provider has come that is up to date: what nobody else has yet can wait. */
  override async blockNumber(): Promise<number> {
    const own = await super.blockNumber();
    if (own <= this.providers.agreedHeight) return own;
    const others = await this.#witness("eth_blockNumber", [], QUANTITY, this.providers.witnesses(this.#provider));
    if (others.size === 0) return own;
    const agreed = Math.min(own, Math.max(...[...others.values()].map(Number)));
    this.providers.agreedHeight = Math.max(agreed, this.providers.agreedHeight);
    return agreed;
  }

  override async block(number: number): Promise<RpcBlock & { hash: Hex }> {
    const block = await super.block(number);
    this.#hashes.set(number, block.hash);
    if (this.providers.agreedBy(number, block.hash, this.#provider).length > 0) return block;
    const others = this.providers.witnesses(this.#provider);
    const answers = await this.#witness("eth_getBlockByNumber", [quantity(number), false], BLOCK, others);
    const hashes = [...answers].flatMap(([witness, other]) =>
      other === null ? [] : [[witness, (other as RpcBlock & { hash: Hex }).hash] as const],
    );
    this.#compare(`the hash of block ${number}`, block.hash, hashes);
    this.providers.agree(number, block.hash, [this.#provider, ...hashes.map(([witness]) => witness)]);
    return block;
  }

  /** What a contract says at a block, if the others say the same: none can make up what has happened. */
  override async call(to: Hex, data: Hex, blockNumber?: number): Promise<Hex> {
    const result = await super.call(to, data, blockNumber);
    if (blockNumber === undefined) return result;
    const params = [{ to, data }, quantity(blockNumber)];
    const others = await this.#witness("eth_call", params, HEX, this.providers.witnesses(this.#provider));
    this.#compare(`the state at block ${blockNumber}`, result, [...others] as [Provider, Hex][]);
    return result;
  }

  /**
   * A range has no hash to ask for, so its end must be the same block before and afterwards; and whoever has that block
   * must have the same logs, or one could hide a sender of whom nothing is known yet.
   */
  override async logs(address: Hex, topics: Hex[], fromBlock: number, toBlock: number): Promise<RpcLog[]> {
    const before = this.#hashes.get(toBlock) ?? (await this.block(toBlock)).hash;
    const logs = await super.logs(address, topics, fromBlock, toBlock);
    const { hash: after } = await super.block(toBlock);
    if (before !== after) {
      throw new HuangpuError("RPC_INCONSISTENT", `The ${this.name} node changed a block while its logs were read`, {
        fields: { chain: this.name, provider: this.#provider.name, number: toBlock, before, after },
      });
    }
    const params = logsParams(address, topics, fromBlock, toBlock);
    const others = await this.#witness(
      "eth_getLogs",
      params,
      LOGS,
      this.providers.agreedBy(toBlock, after, this.#provider),
    );
    const digests = [...others].map(([witness, other]) => [witness, digest(other as RpcLog[])] as const);
    this.#compare(`the logs of blocks ${fromBlock} to ${toBlock}`, digest(logs), digests);
    return logs;
  }

  /** What others answer. Who does not answer says nothing. */
  async #witness(
    method: string,
    params: readonly unknown[],
    form: RpcForm,
    others: readonly Provider[],
  ): Promise<Map<Provider, unknown>> {
    const answers = new Map<Provider, unknown>();
    const ask = async (witness: Provider) =>
      answers.set(witness, await this.providers.ask(witness, method, params, form));
    await Promise.allSettled(others.map(ask));
    return answers;
  }

  #compare(subject: string, own: string, others: readonly (readonly [Provider, string])[]): void {
    if (others.every(([, other]) => other.toLowerCase() === own.toLowerCase())) return;
    const answers = Object.fromEntries(others.map(([{ name }, answer]) => [name, answer]));
    throw this.providers.disagree(subject, { [this.#provider.name]: own, ...answers });
  }
}

/** How many there are and what they say, in a form that does not depend on who says it. */
function digest(logs: readonly RpcLog[]): string {
  const hash = createHash("sha256");
  for (const { topics, data, blockNumber } of logs) {
    hash.update(`${Number(blockNumber)} ${topics.join()} ${data}\n`.toLowerCase());
  }
  return `${logs.length} logs, sha256 ${hash.digest("hex")}`;
}
