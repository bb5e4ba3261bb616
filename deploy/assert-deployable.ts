import { developmentAddresses, isLocalChain } from "../src/config/development.ts";
import type { DeployParameters } from "./parameters.ts";

const LONGEST_TRUST = 90 * 86_400;
const LARGEST_DRIFT = 300;

/** A chain as it is found when deploying begins. */
export interface FoundChain {
  chainId: number;
  deployer: string;
}

/**
 * Refuses what could not be mended afterwards.
 * @throws Error when a chain is another than the parameters are for, when an account whose key is public would get a
 * role or a say beyond the local chains, nobody would have time to look at a change there or headers would be believed
 * for too long, or when the deployer, which gives up everything, would be the only ADMIN.
 */
export function assertDeployable(parameters: DeployParameters, found: Record<"trade" | "finance", FoundChain>): void {
  for (const name of ["trade", "finance"] as const) {
    const { chainId, deployer } = found[name];
    const expected = parameters[name].chainId;
    if (chainId !== expected) {
      throw new Error(`The ${name} network is chain ${chainId}, and the parameters are for chain ${expected}`);
    }
    if (deployer.toLowerCase() === parameters.admin.toLowerCase()) {
      throw new Error(`${deployer} deploys and gives up all rights, so it cannot be the admin`);
    }
    if (!isLocalChain(chainId) && parameters.governanceDelay === 0) {
      throw new Error("governanceDelay is 0: nobody could look at a change of validators before it is made");
    }
    if (!isLocalChain(chainId)) assertTimely(name, parameters[name]);
    const published = isLocalChain(chainId) ? [] : developmentAddresses(entrusted(parameters));
    if (published.length > 0) {
      throw new Error(`Of the public development mnemonic, so that everybody has the key: ${published.join(", ")}`);
    }
  }
}

/** Local chains are exempt because tests and demonstrations put the clock of one of them forward. */
function assertTimely(name: string, { trustingPeriod, maxClockDrift }: DeployParameters["trade"]): void {
  if (trustingPeriod > LONGEST_TRUST) {
    throw new Error(`${name}.trustingPeriod is ${trustingPeriod} s: nothing is to be believed for more than 90 days`);
  }
  if (maxClockDrift > LARGEST_DRIFT) {
    throw new Error(`${name}.maxClockDrift is ${maxClockDrift} s: clocks more than 5 minutes apart need mending`);
  }
}

function entrusted({ admin, roles, coins, trade, finance }: DeployParameters): string[] {
  const ofCoins = coins.flatMap((coin) => Object.values(coin.roles));
  return [admin, ...Object.values(roles), ...ofCoins, ...trade.validators, ...finance.validators];
}
