import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tradeContracts } from "../deploy/contracts.ts";
import { type LocalNetwork, type LocalNetworkOptions, startLocalNetwork } from "../scripts/local/network.ts";
import { Chain } from "../src/chains/chain.ts";
import { Gateway } from "../src/chains/gateway.ts";
import { developmentWallet } from "../src/config/development.ts";
import type { Hex } from "../src/core/hex.ts";

/** Two chains, their contracts and four attestors, but no relayer; by default a block with every transaction. */
export interface BenchNetwork extends Omit<LocalNetwork, "stop"> {
  gateways: { trade: Gateway; finance: Gateway };
  /** Of its own, and gone afterwards. */
  directory: string;
  /** Lets an account or a contract of the trade chain send messages. */
  openLog(sender: Hex): Promise<void>;
}

export async function withNetwork<T>(
  measure: (network: BenchNetwork) => Promise<T>,
  options: Pick<LocalNetworkOptions, "hardfork" | "blockTimeMs"> = { blockTimeMs: 0 },
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "huangpu-bench-"));
  const network = await startLocalNetwork({
    ...options,
    ports: { trade: 0, finance: 0 },
    directory,
    logLevel: "warn",
    relayer: false,
    clearing: false,
    progress: () => undefined,
  });
  const { trade, finance } = network.config.chains;
  const gateways = {
    trade: new Gateway(new Chain({ name: "trade", ...trade }), trade.gateway),
    finance: new Gateway(new Chain({ name: "finance", ...finance }), finance.gateway),
  };
  const openLog = async (sender: Hex) => {
    const operator = developmentWallet("operator").connect(network.trade.provider);
    const { gateway } = tradeContracts(network.deployment.trade, operator);
    await (await gateway.openLog(sender)).wait();
  };
  try {
    return await measure({ ...network, gateways, directory, openLog });
  } finally {
    for (const gateway of Object.values(gateways)) gateway.chain.close();
    await network.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
