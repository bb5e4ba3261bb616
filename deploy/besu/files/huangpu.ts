import type { ConfigInput } from "../../../src/config/schema.ts";
import type { Deployment } from "../../deployment.ts";
import type { DeployParameters } from "../../parameters.ts";
import { type ChainName, chainNames, type Network } from "../network-schema.ts";
import { type BesuNode, isLoopback, nodesOf, validatorsOf } from "../nodes.ts";

const NOWHERE = `0x${"00".repeat(20)}`;

/** `parameters.json`: what `npx hardhat deploy` takes. Both chains' headers are verified by their seals. */
export function parametersFile(network: Network): string {
  const parameters: DeployParameters = { ...ends(network, parametersOfChain), ...network.contracts };
  return `${JSON.stringify(parameters, undefined, 2)}\n`;
}

function parametersOfChain(network: Network, name: ChainName): DeployParameters[ChainName] {
  const { chainId, trustingPeriodSeconds, maxClockDriftSeconds } = network.chains[name];
  return {
    chainId,
    headers: "qbft",
    validators: validatorsOf(network, name),
    trustingPeriod: trustingPeriodSeconds,
    maxClockDrift: maxClockDriftSeconds,
  };
}

/** A relayer's configuration for every place where it reaches both chains without a token. */
export function relayerFiles(
  network: Network,
  deployment: Deployment | undefined,
): { path: string; content: string }[] {
  const open = (chain: ChainName) =>
    nodesOf(network, chain).filter(({ role, rpc }) => role === "rpc" && isLoopback(rpc.host));
  if (network.profile === "trial") {
    return [
      {
        path: "huangpu/relayer.json",
        content: relayerFile(
          network,
          deployment,
          ends(network, (_, chain) => open(chain)),
        ),
      },
    ];
  }
  const finance = new Map(open("finance").map((node) => [node.host, node]));
  return open("trade").flatMap((trade) => {
    const own = finance.get(trade.host);
    if (own === undefined) return [];
    const content = relayerFile(network, deployment, { trade: [trade], finance: [own] });
    return [{ path: `huangpu/relayer-${trade.host}.json`, content }];
  });
}

function relayerFile(
  network: Network,
  deployment: Deployment | undefined,
  nodes: Record<ChainName, readonly BesuNode[]>,
): string {
  const config: ConfigInput = {
    chains: ends(network, (_, chain) => ({
      chainId: network.chains[chain].chainId,
      rpcUrls: nodes[chain].map(({ rpc }) => `http://${rpc.host}:${rpc.port}`),
      gateway: deployment?.[chain].gateway ?? NOWHERE,
      headers: "qbft",
      confirmations: 0,
      priorityFeeWei: "0",
      proofWindowBlocks: network.chains[chain].proofWindowBlocks,
    })),
    relayer: {
      key: { keystore: "/etc/huangpu/relayer.json" },
      journal: "/var/lib/huangpu/relayer.sqlite",
    },
    monitoring: { port: 9_600 },
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

function ends<T>(network: Network, of: (network: Network, chain: ChainName) => T): Record<ChainName, T> {
  return Object.fromEntries(chainNames.map((chain) => [chain, of(network, chain)])) as Record<ChainName, T>;
}
