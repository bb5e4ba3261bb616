import { Contract } from "ethers/contract";
import type { ContractRunner } from "ethers/providers";
import { loadAbi } from "../src/chains/abis.ts";
import type { Participants } from "../types/ethers-contracts/contracts/access/Participants.ts";
import type { Gateway } from "../types/ethers-contracts/contracts/bridge/Gateway.ts";
import type { LightClient } from "../types/ethers-contracts/contracts/bridge/LightClient.ts";
import type { Settlement } from "../types/ethers-contracts/contracts/finance/payments/Settlement.ts";
import type { Stablecoin } from "../types/ethers-contracts/contracts/finance/coin/Stablecoin.ts";
import type { DocumentRegistry } from "../types/ethers-contracts/contracts/trade/DocumentRegistry.ts";
import type { TradeBook } from "../types/ethers-contracts/contracts/trade/TradeBook.ts";
import type { Deployment } from "./deployment.ts";

export interface TradeContracts {
  participants: Participants;
  gateway: Gateway;
  lightClient: LightClient;
  documentRegistry: DocumentRegistry;
  tradeBook: TradeBook;
}

export interface FinanceContracts {
  participants: Participants;
  gateway: Gateway;
  lightClient: LightClient;
  settlement: Settlement;
  stablecoin: Stablecoin;
}

/** The trade chain's contracts, typed, to be called through `runner`. */
export function tradeContracts(at: Deployment["trade"], runner: ContractRunner): TradeContracts {
  return {
    ...bridgeContracts(at, runner),
    documentRegistry: open<DocumentRegistry>("trade/DocumentRegistry", at.documentRegistry, runner),
    tradeBook: open<TradeBook>("trade/TradeBook", at.tradeBook, runner),
  };
}

/** The finance chain's contracts, typed, to be called through `runner`. */
export function financeContracts(at: Deployment["finance"], runner: ContractRunner): FinanceContracts {
  return {
    ...bridgeContracts(at, runner),
    settlement: open<Settlement>("finance/payments/Settlement", at.settlement, runner),
    stablecoin: open<Stablecoin>("finance/coin/Stablecoin", at.stablecoin, runner),
  };
}

function bridgeContracts(at: Deployment["trade"] | Deployment["finance"], runner: ContractRunner) {
  return {
    participants: open<Participants>("access/Participants", at.participants, runner),
    gateway: open<Gateway>("bridge/Gateway", at.gateway, runner),
    lightClient: open<LightClient>("bridge/LightClient", at.lightClient, runner),
  };
}

function open<T>(path: string, address: string, runner: ContractRunner): T {
  return new Contract(address, loadAbi(path), runner) as unknown as T;
}
