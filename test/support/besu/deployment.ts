import type { Network } from "../../../deploy/besu/network-schema.ts";
import type { Deployment } from "../../../deploy/deployment.ts";
import type { Hex } from "../../../src/core/hex.ts";

/** A deployment all of whose contracts are at one address. */
export function exampleDeployment({ chains }: Network, at: Hex): Deployment {
  const end = { authority: at, participants: at, gateway: at, headers: at, lightClient: at };
  return {
    trade: {
      chainId: chains.trade.chainId,
      ...end,
      documentRegistry: at,
      tradeBook: at,
      evidenceNotary: at,
      claimRegistry: at,
      titleRegistry: at,
      titleOffers: at,
      deviceRegistry: at,
    },
    finance: {
      chainId: chains.finance.chainId,
      ...end,
      businessCalendar: at,
      coins: { USD: at, CNY: at },
      rateFeed: at,
      corridors: at,
      evidenceLedger: at,
      subAccounts: at,
      clearingHouse: at,
      fxDesk: at,
      payments: at,
      settlement: at,
      titleFacts: at,
      titlePayments: at,
    },
  };
}
