import { createServer } from "node:net";
import { JsonRpcProvider, Network } from "ethers";
import hre from "hardhat";
import { LOCAL_CHAIN_IDS } from "../../src/config/development.ts";

/** Whose rules a chain follows. */
export type Hardfork = "cancun" | "osaka";

export interface LocalChain {
  rpcUrl: string;
  provider: JsonRpcProvider;
  /** Blocks at a fixed pace, as QBFT makes them; 0 for a block with every transaction. */
  setBlockTime(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A chain of one EDR node behind JSON-RPC on 127.0.0.1. Port 0 takes a free one.
 * @throws Error when the port is taken.
 */
export async function startLocalChain(
  name: keyof typeof LOCAL_CHAIN_IDS,
  port: number,
  hardfork: Hardfork = "cancun",
): Promise<LocalChain> {
  await assertFree(port);
  const served = { network: `${name}Simulated`, override: { hardfork } };
  const server = await hre.network.createServer(served, "127.0.0.1", port);
  const bound = await server.listen();
  const rpcUrl = `http://127.0.0.1:${bound.port}`;
  const provider = openProvider(rpcUrl, LOCAL_CHAIN_IDS[name]);
  return {
    rpcUrl,
    provider,
    setBlockTime: async (milliseconds) => {
      // The clock of a chain falls behind the wall's while it is busy.
      await provider.send("evm_setNextBlockTimestamp", [Math.floor(Date.now() / 1_000)]);
      await provider.send("evm_mine", []);
      await provider.send("evm_setAutomine", [milliseconds === 0]);
      await provider.send("evm_setIntervalMining", [milliseconds]);
    },
    stop: async () => {
      provider.destroy();
      await server.close();
    },
  };
}

/** A provider for people and scripts: it asks often, because the chain is next door. */
export function openProvider(rpcUrl: string, chainId: number): JsonRpcProvider {
  const network = Network.from(chainId);
  return new JsonRpcProvider(rpcUrl, network, {
    staticNetwork: network,
    batchMaxCount: 1,
    pollingInterval: 100,
    cacheTimeout: -1,
  });
}

/** Hardhat's server ends the process when its port is taken, so that is found out before. */
async function assertFree(port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", () => reject(new Error(`Port ${port} is taken: stop what listens there, or name another.`)));
    probe.listen(port, "127.0.0.1", resolve);
  });
  await new Promise((resolve) => probe.close(resolve));
}
