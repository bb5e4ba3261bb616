import { stringify } from "yaml";
import { chainNames, type Network } from "../network-schema.ts";
import { type BesuNode, nodesOf } from "../nodes.ts";
import { configFolder, dataFolder } from "./node-files.ts";

/** `docker-compose.yaml` of a trial: a container for each node, with the address that its enode says. */
export function composeFile(network: Network): string {
  const nodes = chainNames.flatMap((chain) => nodesOf(network, chain));
  const document = {
    name: network.network,
    services: Object.fromEntries(nodes.map((node) => [node.host, service(network, node)])),
    networks: { besu: { ipam: { config: [{ subnet: subnetOf(nodes) }] } } },
    volumes: Object.fromEntries(nodes.map((node) => [node.host, {}])),
  };
  return `# Both chains on this host, for a trial. Not run by us yet. RUNBOOK.md says how its keys are made.\n${stringify(document)}`;
}

function service(network: Network, node: BesuNode) {
  const { port } = node.rpc;
  return {
    image: `hyperledger/besu:${network.besu}`,
    command: [`--config-file=${configFolder(node)}/besu.toml`],
    environment: { BESU_OPTS: "-Xmx1g" },
    volumes: [`./${node.chain}/${node.host}:${configFolder(node)}:ro`, `${node.host}:${dataFolder(node)}`],
    ports: [`127.0.0.1:${port}:${port}`],
    networks: { besu: { ipv4_address: node.ip } },
    restart: "unless-stopped",
    stop_grace_period: "2m",
  };
}

/** The smallest of /24 and /16 that has all addresses. */
function subnetOf(nodes: readonly BesuNode[]): string {
  const [first = "", ...others] = nodes.map(({ ip }) => ip.split(".").slice(0, 3).join("."));
  if (others.every((network) => network === first)) return `${first}.0/24`;
  return `${first.split(".").slice(0, 2).join(".")}.0.0/16`;
}
