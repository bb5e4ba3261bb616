import type { ContractTransactionReceipt, ContractTransactionResponse } from "ethers";
import type { HDNodeWallet } from "ethers/wallet";
import {
  type FinanceContracts,
  financeContracts,
  type TradeContracts,
  tradeContracts,
} from "../../../deploy/contracts.ts";
import { type DevelopmentAccount, developmentWallet } from "../../../src/config/development.ts";
import type { Chains } from "./stage.ts";

/** Somebody with a name, and both chains' contracts as they call them. */
export interface Actor {
  address: string;
  wallet: HDNodeWallet;
  trade: TradeContracts;
  finance: FinanceContracts;
}

export function createActor(account: DevelopmentAccount, { deployment, trade, finance }: Chains): Actor {
  const wallet = developmentWallet(account);
  return {
    address: wallet.address,
    wallet,
    trade: tradeContracts(deployment.trade, wallet.connect(trade.provider)),
    finance: financeContracts(deployment.finance, wallet.connect(finance.provider)),
  };
}

export async function mined(sending: Promise<ContractTransactionResponse>): Promise<ContractTransactionReceipt> {
  const receipt = await (await sending).wait();
  if (receipt === null) throw new Error("The transaction has no receipt");
  return receipt;
}
