import { rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Command } from "commander";
import { contractsOn } from "../deploy/deployment.ts";
import { developmentWallet } from "../src/config/development.ts";
import { demoEntities } from "./local/entities.ts";
import { chainConfig, type LocalNetwork, reached, startLocalNetwork } from "./local/network.ts";
import { findLocalState, forgetLocalState, LOCAL_DIRECTORY, writeLocalState } from "./local/state.ts";
import { scenarios } from "./scenarios/registry.ts";
import { blockTimeOption, portOption } from "./terminal/options.ts";
import { formatTable } from "./terminal/table.ts";

const options = new Command("npm run node --")
  .description("Keeps two local chains, four attestors, a relayer and a central ledger up until Ctrl+C")
  .addOption(blockTimeOption())
  .addOption(portOption("trade", 8545))
  .addOption(portOption("finance", 8546))
  .parse()
  .opts<{ blockTime: number; tradePort: number; financePort: number }>();

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const running = findLocalState();
  if (running !== undefined) throw new Error(`A local network is running here already (process ${running.pid}).`);
  const directory = join(LOCAL_DIRECTORY, "node");
  // The chains live in memory, so what was remembered of earlier ones is of no use.
  rmSync(directory, { recursive: true, force: true });

  const network = await startLocalNetwork({
    blockTimeMs: options.blockTime * 1_000,
    ports: { trade: options.tradePort, finance: options.financePort },
    directory,
    logLevel: "info",
    progress: (text) => console.log(`  ${text} …`),
  });
  const { trade, finance, deployment } = network;
  const { documentRegistry, participants } = deployment.trade;
  writeLocalState(
    {
      pid: process.pid,
      tradeRpcUrl: trade.rpcUrl,
      financeRpcUrl: finance.rpcUrl,
      centralLedger: reached(network).centralLedger,
      deployment,
    },
    {
      chains: chainConfig(trade, finance, deployment),
      documents: { registry: documentRegistry, participants },
    },
  );
  console.log(describe(network));

  const stop = async () => {
    forgetLocalState();
    await network.stop();
    process.exit(0);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function describe({ trade, finance, deployment }: LocalNetwork): string {
  const endpoints = formatTable([
    ["chain", "id", "JSON-RPC"],
    ["trade", String(deployment.trade.chainId), trade.rpcUrl],
    ["finance", String(deployment.finance.chainId), finance.rpcUrl],
  ]);
  const contracts = formatTable([
    ["contract", "chain", "address"],
    ...(["trade", "finance"] as const).flatMap((chain) =>
      contractsOn(deployment, chain).map(({ name, address }) => [name, chain, address]),
    ),
  ]);
  const accounts = formatTable([
    ["account", "acts for", "address"],
    ...demoEntities.flatMap(({ name, accounts }) =>
      accounts.map((account) => [account, name, developmentWallet(account).address]),
    ),
  ]);
  const next = [
    "In another terminal:",
    `  npm run scenario -- ${Object.keys(scenarios).join(" | ")}`,
    "  npx hardhat console --network trade",
    "",
    "The keys are of the public development mnemonic, with 10,000 ether each: for these two chains only.",
    "Ctrl+C stops everything. The roles' logs follow.",
    "",
  ].join("\n");
  return `\n${endpoints}\n${contracts}\n${accounts}\n${next}`;
}
