import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { Future, IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import type { Coin, HeaderKind } from "../parameters.ts";
import { headerVerifiers, type Managed } from "./bridge-end.ts";
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
    const issued = coins.map((coin) => ({ ...coin, contract: contractOf(contracts, coin) }));
    const links = [
      m.call(gateway, "link", [m.getParameter<string>("remoteGateway"), lightClient]),
      m.call(gateway, "openLog", [settlement]),
      m.call(settlement, "linkCounterpart", [gateway, m.getParameter<string>("tradeBook")]),
      m.call(evidenceLedger, "linkCounterpart", [gateway, m.getParameter<string>("evidenceNotary")]),
      m.call(subAccounts, "setClearingHouse", [clearingHouse]),
      ...admitProducts(m, corridors, { evidenceLedger }),
      ...admitProducts(m, evidenceLedger, { payments, settlement }),
      ...admitProducts(m, subAccounts, { payments, settlement, clearingHouse }),
      ...admitProducts(m, fxDesk, { payments, settlement }),
      ...admitProducts(m, clearingHouse, { payments, settlement }),
      ...issued.flatMap(({ currency, contract }) => [
        m.call(settlement, "listCoin", [contract, true], { id: `Settlement_lists_${currency}` }),
        m.call(payments, "listCoin", [contract, true], { id: `Payments_lists_${currency}` }),
        m.call(clearingHouse, "listCurrency", [currencyCode(currency), contract], { id: `Clearing_lists_${currency}` }),
        m.call(contract, "setBanks", [subAccounts], { id: `${currency}_banked_by_subAccounts` }),
        ...Object.entries({ subAccounts, payments, settlement }).map(([name, account]) =>
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

/** Lets products act on a ledger. */
function admitProducts(m: IgnitionModuleBuilder, ledger: Managed, products: Record<string, Managed>): Future[] {
  return Object.entries(products).map(([name, product]) =>
    m.call(ledger, "setProduct", [product, true], { id: `${ledger.contractName}_for_${name}` }),
  );
}
