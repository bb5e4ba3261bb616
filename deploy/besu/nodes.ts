import { type Hex, keccak256 } from "../../src/core/hex.ts";
import type { ChainName, Network, NodeEntry, NodeRole } from "./network-schema.ts";

/** One Besu process: a host's node on a chain. */
export interface BesuNode extends NodeEntry {
  chain: ChainName;
  /** Name of its host. */
  host: string;
  /** IPv4 address of its host. */
  ip: string;
  /** Derived from the public key; a validator's is the one that seals. */
  nodeAddress: Hex;
  enode: string;
}

/** A chain's nodes, in the order of the file. */
export function nodesOf(network: Network, chain: ChainName): BesuNode[] {
  return network.hosts.flatMap((host) => {
    const entry = host[chain];
    if (entry === undefined) return [];
    return [{ ...entry, chain, host: host.name, ip: host.address, ...identity(entry, host.address) }];
  });
}

function identity({ publicKey, p2pPort }: NodeEntry, ip: string): Pick<BesuNode, "nodeAddress" | "enode"> {
  return {
    nodeAddress: nodeAddress(publicKey as Hex),
    enode: `enode://${publicKey.slice(2)}@${ip}:${p2pPort}`,
  };
}

/** The last 20 bytes of the hash of a public key of 64 bytes. */
export function nodeAddress(publicKey: Hex): Hex {
  return `0x${keccak256(publicKey).slice(-40)}`;
}

/** The validators of block 0, ascending. */
export function genesisValidatorsOf(network: Network, chain: ChainName): Hex[] {
  const founders = network.chains[chain].genesisValidators;
  return founders?.map((address) => address.toLowerCase() as Hex).sort() ?? validatorsOf(network, chain);
}

/** The validators of the file, ascending: the order in which QBFT keeps them. */
export function validatorsOf(network: Network, chain: ChainName): Hex[] {
  return nodesOf(network, chain)
    .filter(({ role }) => role === "validator")
    .map(({ nodeAddress }) => nodeAddress)
    .sort();
}

const CORE: ReadonlySet<NodeRole> = new Set(["validator", "boot"]);

/** Whether a node takes part in making blocks or stands guard before those that do. */
export function isCore({ role }: { role: NodeRole }): boolean {
  return CORE.has(role);
}

/**
 * Whom a node talks to. By role: validators to each other and to boot nodes, boot nodes to all, everybody else to boot
 * nodes. A chain without boot nodes is one in which all talk to all.
 */
export function peersOf(node: BesuNode, all: readonly BesuNode[]): BesuNode[] {
  const others = all.filter(({ host }) => host !== node.host);
  if (node.peers !== undefined) {
    const named = new Set(node.peers);
    return others.filter(({ host }) => named.has(host));
  }
  if (node.role === "boot" || all.every(({ role }) => role !== "boot")) return others;
  return others.filter(({ role }) => (node.role === "validator" ? CORE.has(role) : role === "boot"));
}

/** Names of the accounts that may send transactions on a chain. */
export function accountsOfChain(network: Network, chain: ChainName): string[] {
  return network.chains[chain].accounts ?? Object.keys(network.accounts);
}

/** Names of the accounts whose transactions a node takes. */
export function accountsOfNode(network: Network, node: Pick<BesuNode, "role" | "accounts" | "chain">): string[] {
  if (node.role === "observer") return [];
  return node.accounts ?? accountsOfChain(network, node.chain);
}

/** The same as addresses, in lower case, ascending. */
export function allowedAddresses(network: Network, node: BesuNode): Hex[] {
  return accountsOfNode(network, node)
    .flatMap((name) => network.accounts[name] ?? [])
    .map((address) => address.toLowerCase() as Hex)
    .sort();
}

export function isLoopback(host: string): boolean {
  return host.startsWith("127.");
}
