import type { Hex } from "../../../src/core/hex.ts";
import type { ChainName, Network } from "../network-schema.ts";
import { type BesuNode, isCore, isLoopback } from "../nodes.ts";
import { type AccountProof, ask, type Block, blockTag, forms } from "./answers.ts";
import type { Endpoint } from "./endpoints.ts";
import { RpcClient } from "./rpc-client.ts";

/** What was learned, or why it was not. */
export type Fact<T> = { value: T } | { error: string };

/** What a node says of itself. */
export interface NodeFacts {
  node: BesuNode;
  chainId: Fact<number>;
  clientVersion: Fact<string>;
  genesis: Fact<Block>;
  head: Fact<Block>;
  /** Seconds, by this machine's clock, just after the head was asked for. */
  seenAt: number;
  peers: Fact<number>;
  gasPrice: Fact<bigint>;
  validators: Fact<Hex[]>;
  /** Of nodes whose RPC has PERM: those on loopback. */
  lists?: { nodes: Fact<string[]>; accounts: Fact<Hex[]> };
  /** The block that all are asked for; undefined where there is none. */
  common?: Fact<Block>;
  /** Of nodes that prove: the block they proved at, and the proof. */
  proof?: Fact<{ block: Block; account: Hex; answer: AccountProof }>;
}

export interface ChainFacts {
  chain: ChainName;
  nodes: NodeFacts[];
  /** Nodes that cannot be asked from here. */
  unasked: BesuNode[];
  /** The last headers, oldest first, and who gave them. */
  headers: { host: string; blocks: Fact<Block>[] } | undefined;
  /** Code at the addresses of the deployment, by contract. */
  code: { contract: string; address: Hex; code: Fact<Hex> }[];
}

export interface ExamineOptions {
  network: Network;
  chain: ChainName;
  endpoints: readonly Endpoint[];
  timeoutMs: number;
  token: string | undefined;
  /** How many headers to look back over. */
  lookBack: number;
  /** Contracts that should be there, by name. */
  contracts: Readonly<Record<string, Hex>>;
  /** Seconds since 1970. */
  now: () => number;
}

/** How far behind the lowest head the block is that all should have alike. */
const SETTLED = 3;
const AT_ONCE = 10;

/** Asks all nodes of a chain. Never fails: what could not be learned says why. */
export async function examine(options: ExamineOptions): Promise<ChainFacts> {
  const { network, chain, timeoutMs, token } = options;
  const own = options.endpoints.filter(({ node }) => node.chain === chain);
  const asked = own.flatMap(({ node, url }) => {
    if (url === undefined) return [];
    const credentials = node.rpc.jwt === undefined || token === undefined ? {} : { token };
    return [{ node, client: new RpcClient({ url, timeoutMs, ...credentials }) }];
  });
  const first = await Promise.all(
    asked.map(async ({ node, client }) => await introduce(network, node, client, options.now)),
  );

  const heads = first.flatMap(({ head }) => ("value" in head ? [Number(head.value.number)] : []));
  const common = heads.length === 0 ? undefined : Math.max(0, Math.min(...heads) - SETTLED);
  const nodes = await Promise.all(
    asked.map(async ({ client }, index) => {
      const facts = first[index] as NodeFacts;
      if ("error" in facts.head || common === undefined) return facts;
      const block = await fact(ask(client, forms.block, "eth_getBlockByNumber", [blockTag(common), false]));
      const proof = isCore(facts.node) ? {} : { proof: await fact(prove(options, client, facts.head.value)) };
      return { ...facts, common: block, ...proof };
    }),
  );
  const reference = asked.find((_, index) => {
    const facts = nodes[index];
    return facts !== undefined && "value" in facts.head;
  });
  return {
    chain,
    nodes,
    unasked: own.filter(({ url }) => url === undefined).map(({ node }) => node),
    headers: reference === undefined ? undefined : await lastHeaders(reference, common ?? 0, options.lookBack),
    code: reference === undefined ? [] : await codeOf(options.contracts, reference.client),
  };
}

async function introduce(network: Network, node: BesuNode, client: RpcClient, now: () => number): Promise<NodeFacts> {
  const chainId = await fact(ask(client, forms.height, "eth_chainId"));
  if ("error" in chainId) return silent(node, chainId, chainId, now());
  if (chainId.value !== network.chains[node.chain].chainId) {
    return silent(node, chainId, { error: "is of another chain" }, now());
  }
  const head = await fact(ask(client, forms.block, "eth_getBlockByNumber", ["latest", false]));
  const facts: NodeFacts = {
    node,
    chainId,
    head,
    seenAt: now(),
    clientVersion: await fact(ask(client, forms.text, "web3_clientVersion")),
    genesis: await fact(ask(client, forms.block, "eth_getBlockByNumber", ["0x0", false])),
    peers: await fact(ask(client, forms.height, "net_peerCount")),
    gasPrice: await fact(ask(client, forms.amount, "eth_gasPrice")),
    validators: await fact(ask(client, forms.addresses, "qbft_getValidatorsByBlockNumber", ["latest"])),
  };
  if (!isLoopback(node.rpc.host)) return facts;
  const nodes = await fact(ask(client, forms.texts, "perm_getNodesAllowlist"));
  return {
    ...facts,
    lists: { nodes, accounts: await fact(ask(client, forms.addresses, "perm_getAccountsAllowlist")) },
  };
}

/** Nothing that such a node says is of use. */
function silent(node: BesuNode, chainId: Fact<number>, error: { error: string }, seenAt: number): NodeFacts {
  const rest = { clientVersion: error, genesis: error, head: error, peers: error, gasPrice: error, validators: error };
  return { node, chainId, seenAt, ...rest };
}

/** A proof as far back as a relayer may have to ask for one: of the gateway, or of nobody's account. */
async function prove({ network, chain, contracts }: ExamineOptions, client: RpcClient, head: Block) {
  const lag = Math.ceil(network.relayer.maxLagSeconds / network.chains[chain].blockPeriodSeconds);
  const height = blockTag(Math.max(0, Number(head.number) - lag));
  const account = contracts["gateway"] ?? (`0x${"00".repeat(20)}` as const);
  const block = await ask(client, forms.block, "eth_getBlockByNumber", [height, false]);
  const answer = await ask(client, forms.proof, "eth_getProof", [account, ["0x0"], height]);
  return { block, account, answer };
}

async function lastHeaders({ node, client }: { node: BesuNode; client: RpcClient }, through: number, count: number) {
  const from = Math.max(1, through - count + 1);
  const blocks: Fact<Block>[] = [];
  for (let next = from; next <= through; next += AT_ONCE) {
    const length = Math.min(AT_ONCE, through - next + 1);
    const part = Array.from({ length }, async (_, index) =>
      fact(ask(client, forms.block, "eth_getBlockByNumber", [blockTag(next + index), false])),
    );
    blocks.push(...(await Promise.all(part)));
  }
  return { host: node.host, blocks };
}

async function codeOf(contracts: Readonly<Record<string, Hex>>, client: RpcClient) {
  return await Promise.all(
    Object.entries(contracts).map(async ([contract, address]) => ({
      contract,
      address,
      code: await fact(ask(client, forms.bytes, "eth_getCode", [address, "latest"])),
    })),
  );
}

async function fact<T>(learned: Promise<T>): Promise<Fact<T>> {
  try {
    return { value: await learned };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
