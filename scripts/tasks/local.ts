import type { JsonRpcProvider } from "ethers";
import {
  type FinanceContracts,
  financeContracts,
  type TradeContracts,
  tradeContracts,
} from "../../deploy/contracts.ts";
import { LOCAL_CHAIN_IDS } from "../../src/config/development.ts";
import { openProvider } from "../local/chains.ts";
import { requireLocalState } from "../local/state.ts";

export interface BothChains {
  providers: { trade: JsonRpcProvider; finance: JsonRpcProvider };
  trade: TradeContracts;
  finance: FinanceContracts;
}

/** Gives `work` the contracts of the running local network, to be read, and closes the connections after it. */
export async function onBothChains<T>(work: (chains: BothChains) => Promise<T>): Promise<T> {
  const { tradeRpcUrl, financeRpcUrl, deployment } = requireLocalState();
  const providers = {
    trade: openProvider(tradeRpcUrl, LOCAL_CHAIN_IDS.trade),
    finance: openProvider(financeRpcUrl, LOCAL_CHAIN_IDS.finance),
  };
  try {
    return await work({
      providers,
      trade: tradeContracts(deployment.trade, providers.trade),
      finance: financeContracts(deployment.finance, providers.finance),
    });
  } finally {
    providers.trade.destroy();
    providers.finance.destroy();
  }
}
