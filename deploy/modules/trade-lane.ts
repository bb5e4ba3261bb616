import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { HeaderKind } from "../parameters.ts";
import { admitProducts, headerVerifiers } from "./bridge-end.ts";
import { grantRoles } from "./grant-roles.ts";
import { tradeChain } from "./trade-chain.ts";

/** Links the trade chain to the finance chain and puts its roles in force. */
export function tradeLane(kind: HeaderKind) {
  return buildModule("TradeLane", (m) => {
    const contracts = m.useModule(tradeChain(kind));
    const { authority, participants, gateway, headers, lightClient, documentRegistry } = contracts;
    const { tradeBook, evidenceNotary, claimRegistry, titleRegistry, titleOffers, deviceRegistry } = contracts;
    const observed = m.call(documentRegistry, "addObserver", [tradeBook], { id: "TradeBook_observes" });
    const links = [
      m.call(gateway, "link", [m.getParameter<string>("remoteGateway"), lightClient]),
      m.call(gateway, "openLog", [tradeBook], { id: "TradeBook_log" }),
      m.call(gateway, "openLog", [evidenceNotary], { id: "EvidenceNotary_log" }),
      m.call(tradeBook, "linkCounterpart", [gateway, m.getParameter<string>("settlement")]),
      m.call(evidenceNotary, "linkCounterpart", [gateway, m.getParameter<string>("evidenceLedger")]),
      m.call(gateway, "openLog", [titleOffers], { id: "TitleOffers_log" }),
      m.call(titleOffers, "linkCounterpart", [gateway, m.getParameter<string>("titlePayments")]),
      ...admitProducts(m, claimRegistry, { titleRegistry, tradeBook }),
      ...admitProducts(m, titleRegistry, { titleOffers }),
      observed,
      m.call(documentRegistry, "addObserver", [evidenceNotary], { id: "EvidenceNotary_observes", after: [observed] }),
    ];
    const managed = {
      Gateway: gateway,
      [headerVerifiers[kind]]: headers,
      Participants: participants,
      DocumentRegistry: documentRegistry,
      TradeBook: tradeBook,
      EvidenceNotary: evidenceNotary,
      ClaimRegistry: claimRegistry,
      TitleRegistry: titleRegistry,
      TitleOffers: titleOffers,
      DeviceRegistry: deviceRegistry,
    };
    grantRoles(m, authority, managed, [], links);
    return contracts;
  });
}
