import process from "node:process";
import { startDeployedChains } from "./chains.ts";

/**
 * Keeps two deployed chains up as a process of its own, and says in one line of JSON where they are. Takes the milliseconds
 * between blocks; none or 0 for a block with every transaction.
 */
const { trade, finance, deployment, stop } = await startDeployedChains();
for (const chain of [trade, finance]) await chain.setBlockTime(Number(process.argv[2] ?? 0));
process.once("SIGTERM", async () => {
  await stop();
  process.exit(0);
});
console.log(JSON.stringify({ tradeRpcUrl: trade.rpcUrl, financeRpcUrl: finance.rpcUrl, deployment }));
