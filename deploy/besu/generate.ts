import type { Deployment } from "../deployment.ts";
import { composeFile } from "./files/compose.ts";
import { nftablesFile } from "./files/firewall.ts";
import { genesisFile } from "./files/genesis.ts";
import { parametersFile, relayerFiles } from "./files/huangpu.ts";
import { besuToml, permissionsFile, staticNodesFile } from "./files/node-files.ts";
import { runbookFile } from "./files/runbook.ts";
import { systemdUnit, unitName } from "./files/systemd.ts";
import { chainNames, type Network } from "./network-schema.ts";
import { type BesuNode, nodesOf } from "./nodes.ts";

/** Content by path, relative to the folder that is generated. */
export type Files = ReadonlyMap<string, string>;

/**
 * Everything that a network's hosts need, and nothing that is secret. The same network gives the same bytes.
 * @param deployment Where the contracts are, once they are there; until then relayers know no gateway.
 */
export function generate(network: Network, deployment?: Deployment): Files {
  const files = new Map<string, string>();
  for (const chain of chainNames) {
    const nodes = nodesOf(network, chain);
    const genesis = genesisFile(network, chain);
    for (const node of nodes) {
      for (const [name, content] of nodeFiles(network, node, nodes))
        files.set(`${chain}/${node.host}/${name}`, content);
      files.set(`${chain}/${node.host}/genesis.json`, genesis);
    }
  }
  files.set("huangpu/parameters.json", parametersFile(network));
  for (const { path, content } of relayerFiles(network, deployment)) files.set(path, content);
  files.set("RUNBOOK.md", runbookFile(network));
  if (network.profile === "trial") files.set("docker-compose.yaml", composeFile(network));
  return files;
}

function nodeFiles(network: Network, node: BesuNode, all: readonly BesuNode[]): [string, string][] {
  const ofHost: [string, string][] = [
    [unitName(node), systemdUnit(network, node)],
    ["nftables.conf", nftablesFile(node, all)],
  ];
  return [
    ["besu.toml", besuToml(network, node, all)],
    ["static-nodes.json", staticNodesFile(node, all)],
    ["permissions_config.toml", permissionsFile(network, node, all)],
    ...(network.profile === "trial" ? [] : ofHost),
  ];
}
