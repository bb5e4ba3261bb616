import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import { encodeBytes32String } from "ethers/abi";
import type { Coin, HeaderKind } from "../parameters.ts";
import { bridgeEnd, type Managed } from "./bridge-end.ts";

/** Of a coin in the results of the finance chain's modules. */
export const coinKey = (currency: string) => `coin_${currency}`;

/** The contracts of the finance chain, not yet linked to the other one. */
export function financeChain(kind: HeaderKind, coins: readonly Coin[]) {
  return buildModule("FinanceChain", (m) => {
    const { remoteChainId, ...bridge } = bridgeEnd(m, kind);
    const { authority, participants } = bridge;
    // After the bridge's end, which then has the same addresses on both chains.
    const after = [bridge.lightClient];
    const businessCalendar = m.contract("BusinessCalendar", [authority], { after });
    const rateFeed = m.contract("RateFeed", [authority], { after });
    const corridors = m.contract("Corridors", [authority], { after });
    const evidenceLedger = m.contract("EvidenceLedger", [authority, participants, corridors, remoteChainId]);
    const subAccounts = m.contract("SubAccounts", [authority, participants], { after });
    const clearingHouse = m.contract("ClearingHouse", [authority, subAccounts]);
    const fxDesk = m.contract("FxDesk", [authority, rateFeed, subAccounts]);
    const ledgers = [evidenceLedger, fxDesk, subAccounts, clearingHouse];
    const payments = m.contract("Payments", [authority, ...ledgers]);
    const titleFacts = m.contract("TitleFacts", [authority, bridge.gateway]);
    const settlement = m.contract("Settlement", [authority, remoteChainId, ...ledgers, titleFacts]);
    const books = [evidenceLedger, subAccounts, clearingHouse];
    const titlePayments = m.contract("TitlePayments", [authority, remoteChainId, ...books]);
    const issued = Object.fromEntries(
      coins.map((coin) => [coinKey(coin.currency), deployCoin(m, coin, [authority, participants, businessCalendar])]),
    );
    const rooms = {
      evidenceLedger,
      subAccounts,
      clearingHouse,
      fxDesk,
      payments,
      settlement,
      titleFacts,
      titlePayments,
    };
    return { ...bridge, businessCalendar, rateFeed, corridors, ...rooms, ...issued };
  });
}

function deployCoin(m: IgnitionModuleBuilder, { name, symbol, currency }: Coin, before: Managed[]) {
  return m.contract("Stablecoin", [...before, name, symbol, currencyCode(currency)], { id: `Stablecoin_${currency}` });
}

/** ISO 4217, as the contracts keep it. */
export function currencyCode(currency: string): string {
  return encodeBytes32String(currency).slice(0, 8);
}
