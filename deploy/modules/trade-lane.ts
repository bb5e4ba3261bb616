import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { forEachKind, headerVerifiers } from "./bridge-end.ts";
import { grantRoles } from "./grant-roles.ts";
import { tradeChain } from "./trade-chain.ts";

/** Links the trade chain to the finance chain and puts its roles in force. */
export const tradeLane = forEachKind((kind) =>
  buildModule("TradeLane", (m) => {
    const { authority, participants, gateway, headers, lightClient, documentRegistry, tradeBook } = m.useModule(
      tradeChain[kind],
    );
    const links = [
      m.call(gateway, "link", [m.getParameter<string>("remoteGateway"), lightClient]),
      m.call(gateway, "openLog", [tradeBook]),
      m.call(tradeBook, "linkCounterpart", [gateway, m.getParameter<string>("remoteCounterpart")]),
      m.call(documentRegistry, "addObserver", [tradeBook]),
    ];
    grantRoles(
      m,
      authority,
      {
        Gateway: gateway,
        [headerVerifiers[kind]]: headers,
        Participants: participants,
        DocumentRegistry: documentRegistry,
        TradeBook: tradeBook,
      },
      links,
    );
    return { authority, participants, gateway, headers, lightClient, documentRegistry, tradeBook };
  }),
);
