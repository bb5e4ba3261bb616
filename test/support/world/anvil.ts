import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { type LocalChain, openProvider } from "../../../scripts/local/chains.ts";
import { DEVELOPMENT_MNEMONIC, developmentAccounts, LOCAL_CHAIN_IDS } from "../../../src/config/development.ts";
import { Child } from "./process.ts";
import type { Side } from "./stage.ts";

const BINARY = "@foundry-rs/anvil-linux-amd64/bin/anvil";

export type Hardfork = "cancun" | "osaka";

/** Undefined where the optional dependency is not published for the platform. */
export function anvilBinary(): string | undefined {
  try {
    const file = createRequire(import.meta.url).resolve(BINARY);
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A chain of one Anvil node on a free port of 127.0.0.1, with the development accounts.
 * @throws Error with its output when it does not start.
 */
export async function startAnvil(side: Side, hardfork: Hardfork): Promise<LocalChain> {
  const binary = anvilBinary();
  if (binary === undefined) throw new Error(`${BINARY} is not installed`);
  const chainId = LOCAL_CHAIN_IDS[side];
  const options = {
    host: "127.0.0.1",
    port: 0,
    hardfork,
    "chain-id": chainId,
    mnemonic: DEVELOPMENT_MNEMONIC,
    accounts: developmentAccounts.length,
  };
  const child = new Child(
    binary,
    Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]),
  );
  const line = await child.line(/^Listening on /);
  const rpcUrl = `http://${line.slice("Listening on ".length).trim()}`;
  const provider = openProvider(rpcUrl, chainId);
  return {
    rpcUrl,
    provider,
    setBlockTime: async (milliseconds) => {
      await provider.send("evm_setAutomine", [milliseconds === 0]);
      await provider.send("evm_setIntervalMining", [Math.ceil(milliseconds / 1_000)]);
    },
    stop: async () => {
      provider.destroy();
      await child.stop();
    },
  };
}
