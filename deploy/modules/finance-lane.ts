import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { Coin, HeaderKind } from "../parameters.ts";
import { admitProducts, headerVerifiers, type Managed } from "./bridge-end.ts";
import { coinKey, currencyCode, financeChain } from "./finance-chain.ts";
import { grantRoles } from "./grant-roles.ts";

/**
 * Links the finance chain to the trade chain, lists its coins, says which contract may act on which ledger, and puts the
 * roles in force.
 */
export function financeLane(kind: HeaderKind, coins: readonly Coin[]) {
  return buildModule("FinanceLane", (m) => {
    const contracts = m.useModule(financeChain(kind, coins));
    const { authority, participants, gateway, headers, lightClient, settlement, evidenceLedger } = contracts;
    const { businessCalendar, rateFeed, corridors, subAccounts, clearingHouse, fxDesk, payments } = contracts;
    const { titleFacts, titlePayments } = contracts;
    const issued = coins.map((coin) => ({ ...coin, contract: contractOf(contracts, coin) }));
    const links = [
      m.call(gateway, "link", [m.getParameter<string>("remoteGateway"), lightClient]),
      m.call(gateway, "openLog", [settlement], { id: "Settlement_log" }),
      m.call(gateway, "openLog", [titlePayments], { id: "TitlePayments_log" }),
      m.call(settlement, "linkCounterpart", [gateway, m.getParameter<string>("tradeBook")]),
      m.call(evidenceLedger, "linkCounterpart", [gateway, m.getParameter<string>("evidenceNotary")]),
      m.call(titlePayments, "linkCounterpart", [gateway, m.getParameter<string>("titleOffers")]),
      m.call(titleFacts, "linkTitleRegistry", [m.getParameter<string>("titleRegistry")]),
      m.call(titleFacts, "linkClaimRegistry", [m.getParameter<string>("claimRegistry")]),
      m.call(titleFacts, "linkTradeBook", [m.getParameter<string>("tradeBook")]),
      m.call(subAccounts, "setClearingHouse", [clearingHouse]),
      ...admitProducts(m, corridors, { evidenceLedger }),
      ...admitProducts(m, evidenceLedger, { payments, settlement, titlePayments }),
      ...admitProducts(m, subAccounts, { payments, settlement, clearingHouse }),
      ...admitProducts(m, fxDesk, { payments, settlement }),
      ...admitProducts(m, clearingHouse, { payments, settlement, titlePayments }),
      ...issued.flatMap(({ currency, contract }) => [
        m.call(settlement, "listCoin", [contract, true], { id: `Settlement_lists_${currency}` }),
        m.call(payments, "listCoin", [contract, true], { id: `Payments_lists_${currency}` }),
        m.call(titlePayments, "listCoin", [contract, true], { id: `TitlePayments_lists_${currency}` }),
        m.call(clearingHouse, "listCurrency", [currencyCode(currency), contract], { id: `Clearing_lists_${currency}` }),
        m.call(contract, "setBanks", [subAccounts], { id: `${currency}_banked_by_subAccounts` }),
        ...Object.entries({ subAccounts, payments, settlement, titlePayments }).map(([name, account]) =>
          m.call(contract, "setSystemAccount", [account, true], { id: `${currency}_held_by_${name}` }),
        ),
      ]),
    ];
    const managed = {
      Gateway: gateway,
      [headerVerifiers[kind]]: headers,
      Participants: participants,
      BusinessCalendar: businessCalendar,
      RateFeed: rateFeed,
      Corridors: corridors,
      EvidenceLedger: evidenceLedger,
      SubAccounts: subAccounts,
      ClearingHouse: clearingHouse,
      FxDesk: fxDesk,
      Payments: payments,
      Settlement: settlement,
      TitleFacts: titleFacts,
      TitlePayments: titlePayments,
    };
    grantRoles(m, authority, managed, issued, links);
    return contracts;
  });
}

function contractOf(contracts: Record<string, Managed>, { currency }: Coin): Managed {
  const contract = contracts[coinKey(currency)];
  if (contract === undefined) throw new Error(`The module has no coin of ${currency}`);
  return contract;
}
