import process from "node:process";
import { startDeployedChains } from "./chains.ts";

/** Keeps two deployed chains up as a process of its own, and says in one line of JSON where they are. */
const { trade, finance, deployment, stop } = await startDeployedChains();
process.once("SIGTERM", async () => {
  await stop();
  process.exit(0);
});
console.log(JSON.stringify({ tradeRpcUrl: trade.rpcUrl, financeRpcUrl: finance.rpcUrl, deployment }));
