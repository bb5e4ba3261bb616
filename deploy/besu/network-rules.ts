import { SigningKey } from "ethers/crypto";
import { developmentAddresses } from "../../src/config/development.ts";
import { type Chain, type ChainName, chainNames, type Network } from "./network-schema.ts";
import { accountsOfChain, accountsOfNode, type BesuNode, isCore, isLoopback, nodesOf, peersOf } from "./nodes.ts";

export const rules = [
  "SAME_CHAIN_ID",
  "CHAIN_ID_TOO_LARGE",
  "BESU_TOO_OLD",
  "BLOCK_PERIOD_ZERO",
  "EMPTY_BLOCK_PERIOD_TOO_SHORT",
  "PROOF_WINDOW_TOO_SHORT",
  "VALIDATORS_IN_CONTRACT",
  "NO_VALIDATOR",
  "FEWER_THAN_FOUR_VALIDATORS",
  "NO_RPC_NODE",
  "HOST_TWICE",
  "PORT_TWICE",
  "TRIAL_HOST_WITH_TWO_NODES",
  "KEY_NOT_ON_CURVE",
  "KEY_TWICE",
  "KEY_ON_BOTH_CHAINS",
  "KEY_OF_ACCOUNT",
  "ACCOUNT_UNKNOWN",
  "ACCOUNT_NOT_ON_CHAIN",
  "ACCOUNT_TWICE",
  "ACCOUNTS_OF_CORE_DIFFER",
  "ACCOUNT_PUBLISHED",
  "CORE_RPC_EXPOSED",
  "RPC_WITHOUT_JWT",
  "RPC_WITHOUT_CLIENTS",
  "PEER_UNKNOWN",
  "PEERS_NOT_MUTUAL",
  "BOOT_NODE_NOT_ALLOWED",
] as const;

export type Rule = (typeof rules)[number];

/** What is wrong with a network, where, and what to do about it. */
export interface Problem {
  rule: Rule;
  /** Where in the file, dotted. */
  path: string;
  text: string;
}

/** The oldest version with `emptyblockperiodseconds` and its corrections. */
export const OLDEST_BESU = "26.8.1";

/** Everything that a schema cannot see. Empty when the network may be built. */
export function problemsOf(network: Network): Problem[] {
  const ofHosts = [...hostProblems(network)];
  // The other rules tell hosts by their names.
  if (ofHosts.some(({ rule }) => rule === "HOST_TWICE")) return ofHosts;
  return [
    ...ofHosts,
    ...networkProblems(network),
    ...keyProblems(network),
    ...chainNames.flatMap((chain) => [
      ...chainProblems(network, chain),
      ...accountProblems(network, chain),
      ...rpcProblems(network, chain),
      ...peerProblems(network, chain),
    ]),
  ];
}

function* networkProblems({ besu, chains, profile, accounts }: Network): Generator<Problem> {
  if (chains.trade.chainId === chains.finance.chainId) {
    yield problem("SAME_CHAIN_ID", "chains.finance.chainId", "must be another than the trade chain's");
  }
  if (isOlder(besu, OLDEST_BESU)) {
    yield problem("BESU_TOO_OLD", "besu", `${besu} is older than ${OLDEST_BESU}; take that or a newer one`);
  }
  if (profile === "trial") return;
  const published = new Set(developmentAddresses(Object.values(accounts)));
  for (const [name, address] of Object.entries(accounts)) {
    if (!published.has(address)) continue;
    yield problem(
      "ACCOUNT_PUBLISHED",
      `accounts.${name}`,
      "is of the public development mnemonic: everybody has its key",
    );
  }
}

function* chainProblems(network: Network, name: ChainName): Generator<Problem> {
  const chain = network.chains[name];
  const path = `chains.${name}`;
  if (chain.chainId >= 2 ** 48) {
    yield problem("CHAIN_ID_TOO_LARGE", `${path}.chainId`, "must be below 2^48 (281474976710656), the gateway's limit");
  }
  if (chain.blockPeriodSeconds === 0) {
    yield problem("BLOCK_PERIOD_ZERO", `${path}.blockPeriodSeconds`, "must be at least 1");
  }
  if (chain.emptyBlockPeriodSeconds < chain.blockPeriodSeconds) {
    const text = "must not be below blockPeriodSeconds; without transactions a chain is slower, never faster";
    yield problem("EMPTY_BLOCK_PERIOD_TOO_SHORT", `${path}.emptyBlockPeriodSeconds`, text);
  }
  if (chain.validatorSelection === "contract") {
    const text = 'headers would not name the validators, so QbftHeaders could not verify them; use "header"';
    yield problem("VALIDATORS_IN_CONTRACT", `${path}.validatorSelection`, text);
  }
  yield* proofWindowProblems(chain, network.relayer.maxLagSeconds, path);
  yield* populationProblems(network, name);
}

function* proofWindowProblems(chain: Chain, maxLagSeconds: number, path: string): Generator<Problem> {
  if (chain.blockPeriodSeconds === 0) return;
  const lag = Math.ceil(maxLagSeconds / chain.blockPeriodSeconds);
  if (chain.proofWindowBlocks > lag) return;
  const text = `a relayer that stood still for ${maxLagSeconds} s is ${lag} blocks behind; must be above ${lag}`;
  yield problem("PROOF_WINDOW_TOO_SHORT", `${path}.proofWindowBlocks`, text);
}

function* populationProblems(network: Network, chain: ChainName): Generator<Problem> {
  const nodes = nodesOf(network, chain);
  const validators = nodes.filter(({ role }) => role === "validator").length;
  if (validators === 0) {
    yield problem("NO_VALIDATOR", "hosts", `no host has a validator of the ${chain} chain`);
  } else if (validators < 4 && network.profile === "production") {
    const text = `the ${chain} chain has ${validators} validators; QBFT survives the loss of one only with 4 or more`;
    yield problem("FEWER_THAN_FOUR_VALIDATORS", "hosts", text);
  }
  if (nodes.every(({ role }) => role !== "rpc")) {
    yield problem("NO_RPC_NODE", "hosts", `no host has an rpc node of the ${chain} chain, which relayers need`);
  }
}

function* hostProblems({ hosts, profile }: Network): Generator<Problem> {
  const names = new Set<string>();
  const addresses = new Set<string>();
  const published = new Set<number>();
  for (const [index, host] of hosts.entries()) {
    const path = `hosts.${index}`;
    if (names.has(host.name)) yield problem("HOST_TWICE", `${path}.name`, `${host.name} is another host's name, too`);
    if (addresses.has(host.address)) {
      yield problem("HOST_TWICE", `${path}.address`, `${host.address} is another host's address, too`);
    }
    names.add(host.name);
    addresses.add(host.address);
    if (profile === "trial" && host.trade !== undefined && host.finance !== undefined) {
      yield problem("TRIAL_HOST_WITH_TWO_NODES", path, "a host of a trial is a container, and runs one node; make two");
    }
    // A trial's RPC ports are all published on the one machine.
    const taken = profile === "trial" ? published : new Set<number>();
    for (const chain of chainNames) {
      const node = host[chain];
      if (node === undefined) continue;
      const ports = profile === "trial" ? [node.rpc.port] : [node.p2pPort, node.rpc.port, node.metricsPort];
      for (const port of ports) {
        if (taken.has(port)) yield problem("PORT_TWICE", `${path}.${chain}`, `port ${port} is used twice`);
        taken.add(port);
      }
    }
  }
}

function* keyProblems(network: Network): Generator<Problem> {
  const seen = new Map<string, BesuNode>();
  const accounts = new Map(Object.entries(network.accounts).map(([name, address]) => [address.toLowerCase(), name]));
  for (const node of chainNames.flatMap((chain) => nodesOf(network, chain))) {
    const path = `${node.host}.${node.chain}.publicKey`;
    if (!isOnCurve(node.publicKey)) {
      yield problem("KEY_NOT_ON_CURVE", path, "is no public key of secp256k1; copy it again from the host");
    }
    const other = seen.get(node.publicKey);
    if (other !== undefined) {
      const rule = other.chain === node.chain ? "KEY_TWICE" : "KEY_ON_BOTH_CHAINS";
      const text = `is also ${other.host}'s on the ${other.chain} chain; every node of every chain has its own key`;
      yield problem(rule, path, text);
    }
    seen.set(node.publicKey, node);
    const account = accounts.get(node.nodeAddress);
    if (account !== undefined) {
      const text = `is the key of the account ${account}; a node's key signs nothing but its chain's blocks`;
      yield problem("KEY_OF_ACCOUNT", path, text);
    }
  }
}

function* accountProblems(network: Network, chain: ChainName): Generator<Problem> {
  const ofChain = accountsOfChain(network, chain);
  yield* namedAccounts(network, ofChain, `chains.${chain}.accounts`);
  for (const node of nodesOf(network, chain)) {
    if (node.accounts === undefined) continue;
    const path = `${node.host}.${chain}.accounts`;
    yield* namedAccounts(network, node.accounts, path);
    const given = new Set(accountsOfNode(network, node));
    if (isCore(node) && (given.size !== new Set(ofChain).size || ofChain.some((name) => !given.has(name)))) {
      const text = `a ${node.role} takes what the whole chain takes, or transactions go lost between nodes; leave it out`;
      yield problem("ACCOUNTS_OF_CORE_DIFFER", path, text);
    }
    for (const name of node.accounts.filter((name) => !ofChain.includes(name))) {
      const text = `${name} may not send on the ${chain} chain, so no validator would take what this node took`;
      yield problem("ACCOUNT_NOT_ON_CHAIN", path, text);
    }
  }
}

function* namedAccounts(network: Network, names: readonly string[], path: string): Generator<Problem> {
  const seen = new Set<string>();
  for (const name of names) {
    const address = network.accounts[name]?.toLowerCase();
    if (address === undefined) {
      yield problem("ACCOUNT_UNKNOWN", path, `${name} is not among the accounts of the file`);
    } else if (seen.has(address)) {
      yield problem("ACCOUNT_TWICE", path, `${name} has the address of an account before it`);
    } else {
      seen.add(address);
    }
  }
}

function* rpcProblems(network: Network, chain: ChainName): Generator<Problem> {
  for (const node of nodesOf(network, chain)) {
    if (isLoopback(node.rpc.host)) continue;
    const path = `${node.host}.${chain}.rpc`;
    if (isCore(node) || network.profile === "trial") {
      const text = `the RPC of a ${node.role}${network.profile === "trial" ? " of a trial" : ""} listens on 127.0.0.1 only`;
      yield problem("CORE_RPC_EXPOSED", `${path}.host`, text);
      continue;
    }
    if (node.rpc.jwt === undefined) {
      yield problem("RPC_WITHOUT_JWT", `${path}.jwt`, "an RPC beyond loopback needs one, or everybody may use it");
    }
    if (node.rpc.clients.length === 0) {
      yield problem("RPC_WITHOUT_CLIENTS", `${path}.clients`, "an RPC beyond loopback needs the ranges it is open to");
    }
  }
}

function* peerProblems(network: Network, chain: ChainName): Generator<Problem> {
  const nodes = nodesOf(network, chain);
  const allows = new Map(nodes.map((node) => [node.host, new Set(peersOf(node, nodes).map(({ host }) => host))]));
  for (const node of nodes) {
    const path = `${node.host}.${chain}.peers`;
    for (const name of node.peers ?? []) {
      if (name !== node.host && allows.has(name)) continue;
      yield problem("PEER_UNKNOWN", path, `${name} is no other host with a node of the ${chain} chain`);
    }
    for (const peer of peersOf(node, nodes)) {
      if (allows.get(peer.host)?.has(node.host) === true) continue;
      yield problem("PEERS_NOT_MUTUAL", path, `${peer.host} does not allow ${node.host}, so they never connect`);
    }
    for (const boot of nodes) {
      if (boot.role !== "boot" || boot.host === node.host || allows.get(node.host)?.has(boot.host) === true) continue;
      yield problem("BOOT_NODE_NOT_ALLOWED", path, `must have the boot node ${boot.host}`);
    }
  }
}

function problem(rule: Rule, path: string, text: string): Problem {
  return { rule, path, text };
}

function isOnCurve(publicKey: string): boolean {
  try {
    SigningKey.computePublicKey(`0x04${publicKey.slice(2)}`);
    return true;
  } catch {
    return false;
  }
}

/** Whether a version is older than another one, by its three numbers. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(".").map(Number));
  for (const [index, part] of (a ?? []).entries()) {
    const other = b?.[index] ?? 0;
    if (part !== other) return part < other;
  }
  return false;
}
