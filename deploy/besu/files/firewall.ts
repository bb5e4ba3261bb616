import { type BesuNode, isLoopback, peersOf } from "../nodes.ts";

/**
 * nftables for one node: its P2P port is open to its peers, its RPC port to its clients, both to nobody else. It only
 * takes away; what else the host lets in is the host's own.
 */
export function nftablesFile(node: BesuNode, all: readonly BesuNode[]): string {
  const peers = peersOf(node, all).map(({ ip }) => ip);
  const table = `inet besu_${node.chain}`;
  const rpc = isLoopback(node.rpc.host) ? [] : accept(node.rpc.port, node.rpc.clients);
  const lines = ['iif "lo" accept', ...accept(node.p2pPort, [...new Set(peers)]), ...rpc];
  return `# ${node.host}, ${node.chain} chain. Load with: nft -f ${node.chain}/nftables.conf; repeating it changes nothing.
table ${table}
delete table ${table}
table ${table} {
  chain input {
    type filter hook input priority filter; policy accept;
${lines.map((line) => `    ${line}\n`).join("")}  }
}
`;
}

function accept(port: number, from: readonly string[]): string[] {
  const open = from.length === 0 ? [] : [`ip saddr { ${from.join(", ")} } tcp dport ${port} accept`];
  return [...open, `tcp dport ${port} drop`];
}
