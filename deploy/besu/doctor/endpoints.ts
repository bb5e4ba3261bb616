import { HuangpuError } from "../../../src/core/errors.ts";
import { chainNames, type Network } from "../network-schema.ts";
import { type BesuNode, isLoopback, nodesOf } from "../nodes.ts";

/** Where a node is asked; undefined where it cannot be asked from here. */
export interface Endpoint {
  node: BesuNode;
  url: string | undefined;
}

export interface Reach {
  /** Name of the host that this process runs on. */
  on?: string;
  /** By `chain/host`: tunnels, or proxies with TLS. */
  urls: ReadonlyMap<string, string>;
}

/**
 * Where every node of a network is asked: those of `on` and `urls`, or, without either, those beyond loopback. Loopback is
 * asked only where it is known to be the node's, here or in a trial: on another machine it would be some other node, and one
 * node would answer for many.
 */
export function endpointsOf(network: Network, { on, urls }: Reach): Endpoint[] {
  const nodes = chainNames.flatMap((chain) => nodesOf(network, chain));
  const names = new Set(nodes.map(nameOf));
  for (const name of urls.keys()) {
    if (!names.has(name)) throw new HuangpuError("CONFIG_INVALID", `--url ${name}: the network has no such node`);
  }
  if (on !== undefined && network.hosts.every(({ name }) => name !== on)) {
    throw new HuangpuError("CONFIG_INVALID", `--on ${on}: the network has no such host`);
  }
  const chosen = on !== undefined || urls.size > 0;
  const trial = network.profile === "trial";
  const isAsked = (node: BesuNode) => (chosen ? node.host === on : trial || !isLoopback(node.rpc.host));
  return nodes.map((node) => ({ node, url: urls.get(nameOf(node)) ?? (isAsked(node) ? ownUrl(node) : undefined) }));
}

function ownUrl({ rpc, ip }: BesuNode): string {
  return `http://${rpc.host === "0.0.0.0" ? ip : rpc.host}:${rpc.port}`;
}

const nameOf = ({ chain, host }: BesuNode): string => `${chain}/${host}`;
