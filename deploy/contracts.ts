import { Contract } from "ethers/contract";
import type { ContractRunner } from "ethers/providers";
import { loadAbi } from "../src/chains/abis.ts";
import type { Participants } from "../types/ethers-contracts/contracts/access/Participants.ts";
import type { Gateway } from "../types/ethers-contracts/contracts/bridge/Gateway.ts";
import type { LightClient } from "../types/ethers-contracts/contracts/bridge/LightClient.ts";
import type { ClearingHouse } from "../types/ethers-contracts/contracts/finance/clearing/ClearingHouse.ts";
import type { SubAccounts } from "../types/ethers-contracts/contracts/finance/clearing/SubAccounts.ts";
import type { BusinessCalendar } from "../types/ethers-contracts/contracts/finance/coin/BusinessCalendar.ts";
import type { Stablecoin } from "../types/ethers-contracts/contracts/finance/coin/Stablecoin.ts";
import type { Corridors } from "../types/ethers-contracts/contracts/finance/evidence/Corridors.ts";
import type { EvidenceLedger } from "../types/ethers-contracts/contracts/finance/evidence/EvidenceLedger.ts";
import type { FxDesk } from "../types/ethers-contracts/contracts/finance/fx/FxDesk.ts";
import type { RateFeed } from "../types/ethers-contracts/contracts/finance/fx/RateFeed.ts";
import type { Payments } from "../types/ethers-contracts/contracts/finance/payments/Payments.ts";
import type { Settlement } from "../types/ethers-contracts/contracts/finance/payments/Settlement.ts";
import type { TitleFacts } from "../types/ethers-contracts/contracts/finance/titles/TitleFacts.ts";
import type { TitlePayments } from "../types/ethers-contracts/contracts/finance/titles/TitlePayments.ts";
import type { ClaimRegistry } from "../types/ethers-contracts/contracts/trade/claims/ClaimRegistry.ts";
import type { DeviceRegistry } from "../types/ethers-contracts/contracts/trade/devices/DeviceRegistry.ts";
import type { DocumentRegistry } from "../types/ethers-contracts/contracts/trade/documents/DocumentRegistry.ts";
import type { EvidenceNotary } from "../types/ethers-contracts/contracts/trade/documents/EvidenceNotary.ts";
import type { TradeBook } from "../types/ethers-contracts/contracts/trade/sales/TradeBook.ts";
import type { TitleOffers } from "../types/ethers-contracts/contracts/trade/titles/TitleOffers.ts";
import type { TitleRegistry } from "../types/ethers-contracts/contracts/trade/titles/TitleRegistry.ts";
import { coinAt, type Deployment } from "./deployment.ts";

export interface TradeContracts {
  participants: Participants;
  gateway: Gateway;
  lightClient: LightClient;
  documentRegistry: DocumentRegistry;
  tradeBook: TradeBook;
  evidenceNotary: EvidenceNotary;
  claimRegistry: ClaimRegistry;
  titleRegistry: TitleRegistry;
  titleOffers: TitleOffers;
  deviceRegistry: DeviceRegistry;
}

export interface FinanceContracts {
  participants: Participants;
  gateway: Gateway;
  lightClient: LightClient;
  businessCalendar: BusinessCalendar;
  rateFeed: RateFeed;
  corridors: Corridors;
  evidenceLedger: EvidenceLedger;
  subAccounts: SubAccounts;
  clearingHouse: ClearingHouse;
  fxDesk: FxDesk;
  payments: Payments;
  settlement: Settlement;
  titleFacts: TitleFacts;
  titlePayments: TitlePayments;
  /** The coin of a currency, ISO 4217. Throws when there is none. */
  coin(currency: string): Stablecoin;
}

/** The trade chain's contracts, typed, to be called through `runner`. */
export function tradeContracts(at: Deployment["trade"], runner: ContractRunner): TradeContracts {
  return {
    ...bridgeContracts(at, runner),
    documentRegistry: open<DocumentRegistry>("trade/documents/DocumentRegistry", at.documentRegistry, runner),
    tradeBook: open<TradeBook>("trade/sales/TradeBook", at.tradeBook, runner),
    evidenceNotary: open<EvidenceNotary>("trade/documents/EvidenceNotary", at.evidenceNotary, runner),
    claimRegistry: open<ClaimRegistry>("trade/claims/ClaimRegistry", at.claimRegistry, runner),
    titleRegistry: open<TitleRegistry>("trade/titles/TitleRegistry", at.titleRegistry, runner),
    titleOffers: open<TitleOffers>("trade/titles/TitleOffers", at.titleOffers, runner),
    deviceRegistry: open<DeviceRegistry>("trade/devices/DeviceRegistry", at.deviceRegistry, runner),
  };
}

/** The finance chain's contracts, typed, to be called through `runner`. */
export function financeContracts(at: Deployment["finance"], runner: ContractRunner): FinanceContracts {
  return {
    ...bridgeContracts(at, runner),
    businessCalendar: open<BusinessCalendar>("finance/coin/BusinessCalendar", at.businessCalendar, runner),
    rateFeed: open<RateFeed>("finance/fx/RateFeed", at.rateFeed, runner),
    corridors: open<Corridors>("finance/evidence/Corridors", at.corridors, runner),
    evidenceLedger: open<EvidenceLedger>("finance/evidence/EvidenceLedger", at.evidenceLedger, runner),
    subAccounts: open<SubAccounts>("finance/clearing/SubAccounts", at.subAccounts, runner),
    clearingHouse: open<ClearingHouse>("finance/clearing/ClearingHouse", at.clearingHouse, runner),
    fxDesk: open<FxDesk>("finance/fx/FxDesk", at.fxDesk, runner),
    payments: open<Payments>("finance/payments/Payments", at.payments, runner),
    settlement: open<Settlement>("finance/payments/Settlement", at.settlement, runner),
    titleFacts: open<TitleFacts>("finance/titles/TitleFacts", at.titleFacts, runner),
    titlePayments: open<TitlePayments>("finance/titles/TitlePayments", at.titlePayments, runner),
    coin: (currency) => open<Stablecoin>("finance/coin/Stablecoin", coinAt({ finance: at }, currency), runner),
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
