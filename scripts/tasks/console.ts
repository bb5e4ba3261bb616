import { ethers } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { TaskArguments } from "hardhat/types/tasks";
import { financeContracts, tradeContracts } from "../../deploy/contracts.ts";
import { developmentAccounts, developmentWallet, LOCAL_CHAIN_IDS } from "../../src/config/development.ts";
import { readWrapped } from "../../src/documents/document-file.ts";
import { openProvider } from "../local/chains.ts";
import { type LocalState, requireLocalState } from "../local/state.ts";

/** Puts the contracts of `--network trade` or `finance` and the demo's accounts at hand by name. */
export default async function (
  args: TaskArguments,
  hre: HardhatRuntimeEnvironment,
  runSuper: (args: TaskArguments) => Promise<unknown>,
): Promise<unknown> {
  const { network } = hre.globalOptions;
  if (network === "trade" || network === "finance") {
    const state = requireLocalState();
    const names = { ...atHand(network, state), ethers, readWrapped };
    // The console copies the global names that it finds when it starts.
    Object.assign(globalThis, names);
    console.log(`At hand on the ${network} chain: ${Object.keys(names).join(", ")}`);
  }
  return await runSuper({ ...args, noCompile: true });
}

function atHand(network: "trade" | "finance", { tradeRpcUrl, financeRpcUrl, deployment }: LocalState): object {
  const url = { trade: tradeRpcUrl, finance: financeRpcUrl }[network];
  const provider = openProvider(url, LOCAL_CHAIN_IDS[network]);
  const accounts = developmentAccounts.map((account) => [account, developmentWallet(account).connect(provider)]);
  const contracts =
    network === "trade" ? tradeContracts(deployment.trade, provider) : financeContracts(deployment.finance, provider);
  return { ...contracts, ...Object.fromEntries(accounts), provider };
}
