import type { Network } from "../network-schema.ts";
import { allowedAddresses, type BesuNode, isCore, isLoopback, peersOf } from "../nodes.ts";
import { toml } from "./toml.ts";

/** Folder of a node's configuration on its host, and in its container. */
export const configFolder = ({ chain }: Pick<BesuNode, "chain">): string => `/etc/besu/${chain}`;

/** Folder of a node's chain and key on its host, and in its container. */
export const dataFolder = ({ chain }: Pick<BesuNode, "chain">): string => `/var/lib/besu/${chain}`;

/** Besu's default. With remote limits off, what is listed has room. */
const LEAST_PEERS = 25;

/** `static-nodes.json`: whom the node keeps a connection to. */
export function staticNodesFile(node: BesuNode, all: readonly BesuNode[]): string {
  return `${JSON.stringify(enodes(node, all), undefined, 2)}\n`;
}

/** `permissions_config.toml`: with whom the node connects at all, and whose transactions it takes. */
export function permissionsFile(network: Network, node: BesuNode, all: readonly BesuNode[]): string {
  return toml([
    "Change network.yaml, generate anew, copy, and call perm_reloadPermissionsFromFile.",
    ["nodes-allowlist", enodes(node, all)],
    ["accounts-allowlist", allowedAddresses(network, node)],
  ]);
}

/** Whom a node's allowlist has, ascending by host. */
export function enodes(node: BesuNode, all: readonly BesuNode[]): string[] {
  return peersOf(node, all).map(({ enode }) => enode);
}

/** `besu.toml`: the options of one node, one a line. */
export function besuToml(network: Network, node: BesuNode, all: readonly BesuNode[]): string {
  const config = configFolder(node);
  return toml([
    `${node.role} ${node.host} on the ${node.chain} chain, Besu ${network.besu}. Key: ${dataFolder(node)}/key, made on the host.`,
    "",
    ["genesis-file", `${config}/genesis.json`],
    ["data-path", dataFolder(node)],
    ["sync-mode", "FULL"],
    ["data-storage-format", "BONSAI"],
    "Not allowed together with FULL.",
    ["bonsai-limit-trie-logs-enabled", false],
    ...proofWindow(network, node),
    ["version-compatibility-protection", true],
    "",
    "Nobody is discovered: who is connected to is written down.",
    ["p2p-host", node.ip],
    ["p2p-port", node.p2pPort],
    ["discovery-enabled", false],
    ["static-nodes-file", `${config}/static-nodes.json`],
    ["max-peers", Math.max(LEAST_PEERS, peersOf(node, all).length)],
    ["remote-connections-limit-enabled", false],
    "",
    ["permissions-nodes-config-file-enabled", true],
    ["permissions-nodes-config-file", `${config}/permissions_config.toml`],
    ["permissions-accounts-config-file-enabled", true],
    ["permissions-accounts-config-file", `${config}/permissions_config.toml`],
    "",
    "Free gas: one node with a minimum would drop transactions without a word.",
    ["min-gas-price", 0],
    ["tx-pool", "SEQUENCED"],
    ["tx-pool-limit-by-account-percentage", { float: 1 }],
    ...blockMaking(network, node),
    "",
    ...rpc(network, node),
    "",
    ["metrics-enabled", true],
    ["metrics-host", "127.0.0.1"],
    ["metrics-port", node.metricsPort],
  ]);
}

type Lines = Parameters<typeof toml>[0];

/** Validators make no proofs: whoever proves is reached by relayers. */
function proofWindow(network: Network, node: BesuNode): Lines {
  if (isCore(node)) return [];
  return [
    "How far back state can be proven; above the relayers' largest lag.",
    ["bonsai-historical-block-limit", network.chains[node.chain].proofWindowBlocks],
  ];
}

function blockMaking(network: Network, node: BesuNode): Lines {
  if (node.role !== "validator") return [];
  return [
    ["poa-block-txs-selection-max-time", 75],
    ["target-gas-limit", network.chains[node.chain].gasLimit],
  ];
}

function rpc(network: Network, node: BesuNode): Lines {
  const { host, port, names, jwt } = node.rpc;
  if (isLoopback(host)) {
    return [
      "On this host only. QBFT votes, ADMIN and PERM are for its operator.",
      ["rpc-http-enabled", true],
      // Inside a container, loopback is the container's own.
      ["rpc-http-host", network.profile === "trial" ? "0.0.0.0" : host],
      ["rpc-http-port", port],
      ["rpc-http-api", ["ETH", "NET", "WEB3", "QBFT", "ADMIN", "PERM"]],
      ["host-allowlist", ["localhost", host]],
    ];
  }
  return [
    "With a token. Besu has no TLS of its own: put a proxy with it in front.",
    ["rpc-http-enabled", true],
    ["rpc-http-host", host],
    ["rpc-http-port", port],
    ["rpc-http-api", ["ETH", "NET", "WEB3", "QBFT"]],
    ["host-allowlist", [...new Set([node.ip, host, ...names])]],
    ...(jwt === undefined
      ? []
      : ([
          ["rpc-http-authentication-enabled", true],
          ["rpc-http-authentication-jwt-public-key-file", jwt.publicKeyFile],
          ["rpc-http-authentication-jwt-algorithm", jwt.algorithm],
        ] satisfies Lines)),
  ];
}
