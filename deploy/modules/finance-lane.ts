import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { forEachKind, headerVerifiers } from "./bridge-end.ts";
import { financeChain } from "./finance-chain.ts";
import { grantRoles } from "./grant-roles.ts";

/** Links the finance chain to the trade chain, lists its coin, and puts its roles in force. */
export const financeLane = forEachKind((kind) =>
  buildModule("FinanceLane", (m) => {
    const { authority, participants, gateway, headers, lightClient, settlement, stablecoin } = m.useModule(
      financeChain[kind],
    );
    const links = [
      m.call(gateway, "link", [m.getParameter<string>("remoteGateway"), lightClient]),
      m.call(gateway, "openLog", [settlement]),
      m.call(settlement, "linkCounterpart", [gateway, m.getParameter<string>("remoteCounterpart")]),
      m.call(settlement, "listCoin", [stablecoin, true]),
    ];
    grantRoles(
      m,
      authority,
      {
        Gateway: gateway,
        [headerVerifiers[kind]]: headers,
        Participants: participants,
        Settlement: settlement,
        Stablecoin: stablecoin,
      },
      links,
    );
    return { authority, participants, gateway, headers, lightClient, settlement, stablecoin };
  }),
);
