import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { contractsOn, type Deployment } from "../../deployment.ts";
import { type ChainName, chainNames, type Network } from "../network-schema.ts";
import { chainChecks } from "./chain-checks.ts";
import type { Check } from "./check.ts";
import type { Endpoint } from "./endpoints.ts";
import { type ChainFacts, examine } from "./examine.ts";
import { nodeChecks } from "./node-checks.ts";

export interface DoctorOptions {
  network: Network;
  endpoints: readonly Endpoint[];
  /** For one answer. */
  timeoutMs: number;
  /** How many headers of each chain to look back over. */
  lookBack: number;
  /** For RPCs that want one. */
  token?: string | undefined;
  /** Where the contracts are, once they are there. */
  deployment?: Deployment | undefined;
  /** Seconds since 1970. */
  now: () => number;
}

export interface Diagnosis {
  checks: Check[];
  facts: ChainFacts[];
}

/**
 * Compares a live network with its file. It asks, and changes nothing.
 * @throws HuangpuError CONFIG_INVALID when no node can be asked from here.
 */
export async function diagnose(options: DoctorOptions): Promise<Diagnosis> {
  const { network, endpoints, timeoutMs, lookBack, token, now } = options;
  if (endpoints.every(({ url }) => url === undefined)) {
    throw new HuangpuError("CONFIG_INVALID", "No node can be asked from here: say --on HOST, or --url CHAIN/HOST=URL");
  }
  const facts = await Promise.all(
    chainNames.map(async (chain) => {
      const contracts = contractsOf(options.deployment, chain);
      return await examine({ network, chain, endpoints, timeoutMs, lookBack, token, contracts, now });
    }),
  );
  const checks = await Promise.all(
    facts.map(async (ofChain) => {
      const ofNodes = await Promise.all(ofChain.nodes.map(async (node) => await nodeChecks(network, node, ofChain)));
      return [...ofNodes.flat(), ...chainChecks(network, ofChain)];
    }),
  );
  return { checks: checks.flat(), facts };
}

function contractsOf(deployment: Deployment | undefined, chain: ChainName): Record<string, Hex> {
  if (deployment === undefined) return {};
  return Object.fromEntries(
    contractsOn(deployment, chain).map(({ name, address }) => [name, address.toLowerCase() as Hex]),
  );
}
