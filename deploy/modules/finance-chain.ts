import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { bridgeEnd, forEachKind } from "./bridge-end.ts";

/** The contracts of the finance chain, not yet linked to the other one. */
export const financeChain = forEachKind((kind) =>
  buildModule("FinanceChain", (m) => {
    const { remoteChainId, authority, participants, gateway, headers, lightClient } = bridgeEnd(m, kind);
    const settlement = m.contract("Settlement", [authority, remoteChainId]);
    const stablecoin = m.contract("Stablecoin", [
      authority,
      participants,
      m.getParameter<string>("coinName"),
      m.getParameter<string>("coinSymbol"),
      m.getParameter<string>("coinCurrency"),
    ]);
    return { authority, participants, gateway, headers, lightClient, settlement, stablecoin };
  }),
);
