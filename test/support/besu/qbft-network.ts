import type { Endpoint } from "../../../deploy/besu/doctor/endpoints.ts";
import { enodes } from "../../../deploy/besu/files/node-files.ts";
import { type ChainName, chainNames, type Network } from "../../../deploy/besu/network-schema.ts";
import { allowedAddresses, type BesuNode, nodesOf, peersOf } from "../../../deploy/besu/nodes.ts";
import { type Answer, type FakeServer, serve } from "../fakes/http-server.ts";
import { type Draft, network } from "./networks.ts";
import { type BlockTwist, nodeKey, publicKeyOf, QbftChain } from "./qbft-chain.ts";

/** When the heads of all chains were made, in seconds. */
export const HEAD_TIME = 1_800_000_000;
/** Of all chains, unless a test says otherwise; above the lag at which proofs are asked for. */
export const HEIGHT = 40;
const MAX_LAG_SECONDS = 20;

/** Answers one method of one node in place of the chain, or, with `proceed`, with what the chain says, changed. */
export type Odd = (params: readonly unknown[], proceed: () => Promise<unknown>) => unknown;

export interface QbftNetworkOptions {
  height?: number;
  headTime?: number;
  /** Changes the network file before anything is made from it. */
  change?: (draft: Draft) => void;
  twists?: Partial<Record<ChainName, Record<number, BlockTwist>>>;
}

/** A trial's network with nodes that speak JSON-RPC on 127.0.0.1, each as it should unless it is told otherwise. */
export class QbftNetwork {
  readonly network: Network;
  readonly chains: Readonly<Record<ChainName, QbftChain>>;
  /** Requests that had a token, by `chain/host`. */
  readonly tokens = new Map<string, string | undefined>();
  readonly #servers: { node: BesuNode; server: FakeServer }[] = [];
  readonly #odds = new Map<string, Odd>();
  readonly #broken = new Map<string, () => Answer | undefined>();

  private constructor(given: Network, chains: Record<ChainName, QbftChain>) {
    this.network = given;
    this.chains = chains;
  }

  static async start(options: QbftNetworkOptions = {}): Promise<QbftNetwork> {
    const given = network("trial", (draft) => {
      withOwnKeys(draft);
      options.change?.(draft);
    });
    const [trade, finance] = [await chainOf(given, "trade", options), await chainOf(given, "finance", options)];
    const started = new QbftNetwork(given, { trade, finance });
    for (const node of chainNames.flatMap((chain) => nodesOf(given, chain))) {
      const server = await serve(
        async (body, { headers }) => await started.#respond(node, body, headers.authorization),
      );
      started.#servers.push({ node, server });
    }
    return started;
  }

  get endpoints(): Endpoint[] {
    return this.#servers.map(({ node, server }) => ({ node, url: server.url }));
  }

  /** Has a host's node answer a method oddly. */
  odd(host: string, method: string, odd: Odd): void {
    this.#odds.set(`${host} ${method}`, odd);
  }

  /** Has a host's node answer everything with something else than JSON-RPC; undefined: never. */
  breakDown(host: string, answer: () => Answer | undefined): void {
    this.#broken.set(host, answer);
  }

  /** Everything is as it should be again. */
  restore(): void {
    this.#odds.clear();
    this.#broken.clear();
    this.tokens.clear();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map(async ({ server }) => await server.close()));
  }

  async #respond(node: BesuNode, body: string, authorization: string | undefined): Promise<Answer | undefined> {
    if (authorization !== undefined) this.tokens.set(`${node.chain}/${node.host}`, authorization);
    const broken = this.#broken.get(node.host);
    if (broken !== undefined) return broken();
    const { id, method, params } = JSON.parse(body);
    const proceed = async () => await this.#answer(node, method, params);
    try {
      const odd = this.#odds.get(`${node.host} ${method}`);
      const result = await (odd === undefined ? proceed() : odd(params, proceed));
      return { body: { jsonrpc: "2.0", id, result } };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { body: { jsonrpc: "2.0", id, error: { code: -32_000, message } } };
    }
  }

  async #answer(node: BesuNode, method: string, params: readonly unknown[]): Promise<unknown> {
    const all = nodesOf(this.network, node.chain);
    switch (method) {
      case "web3_clientVersion":
        return `besu/v${this.network.besu}/linux-x86_64/openjdk-java-25`;
      case "net_peerCount":
        return `0x${peersOf(node, all).length.toString(16)}`;
      case "perm_getNodesAllowlist":
        return enodes(node, all).reverse();
      case "perm_getAccountsAllowlist":
        return allowedAddresses(this.network, node);
      default:
        return await this.chains[node.chain].answer(method, params);
    }
  }
}

function withOwnKeys(draft: Draft): void {
  for (const host of draft.hosts) {
    for (const chain of chainNames) {
      if (host[chain] !== undefined) host[chain].publicKey = publicKeyOf(nodeKey(chain, host.name));
    }
  }
  draft.relayer.maxLagSeconds = MAX_LAG_SECONDS;
}

async function chainOf(
  given: Network,
  chain: ChainName,
  { height = HEIGHT, headTime = HEAD_TIME, twists }: QbftNetworkOptions,
) {
  const { chainId, gasLimit, blockPeriodSeconds } = given.chains[chain];
  const validators = nodesOf(given, chain).filter(({ role }) => role === "validator");
  return await QbftChain.create(
    {
      chainId,
      gasLimit,
      validators: validators.map(({ host }) => nodeKey(chain, host)),
      height,
      headTime,
      period: blockPeriodSeconds,
    },
    twists?.[chain],
  );
}
