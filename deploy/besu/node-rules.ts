import { SigningKey } from "ethers/crypto";
import { type ChainName, chainNames, type Network } from "./network-schema.ts";
import { accountsOfChain, accountsOfNode, type BesuNode, isCore, isLoopback, nodesOf, peersOf } from "./nodes.ts";
import { type Problem, problem } from "./problem.ts";

/** Bits of the widest range of addresses that an RPC may be open to. */
const SHORTEST_PREFIX = 8;

/** Hosts that cannot be told apart, and ports that two processes would want. */
export function* hostProblems({ hosts, profile }: Network): Generator<Problem> {
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

/** Keys that are none, are used twice, or sign something else, too. */
export function* keyProblems(network: Network): Generator<Problem> {
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

/** Lists of accounts that would lose transactions between nodes. */
export function* accountProblems(network: Network, chain: ChainName): Generator<Problem> {
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

/** RPCs that somebody could reach who must not. */
export function* rpcProblems(network: Network, chain: ChainName): Generator<Problem> {
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
    const widest = node.rpc.clients.find((range) => Number(range.split("/")[1]) < SHORTEST_PREFIX);
    if (widest !== undefined) {
      yield problem(
        "RPC_OPEN_TO_ALL",
        `${path}.clients`,
        `${widest} is no member's own range; /${SHORTEST_PREFIX} or longer`,
      );
    }
  }
}

/** Connections that would never come about. */
export function* peerProblems(network: Network, chain: ChainName): Generator<Problem> {
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

function isOnCurve(publicKey: string): boolean {
  try {
    SigningKey.computePublicKey(`0x04${publicKey.slice(2)}`);
    return true;
  } catch {
    return false;
  }
}
