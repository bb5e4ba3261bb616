import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { bridgeEnd, forEachKind } from "./bridge-end.ts";

/** The contracts of the trade chain, not yet linked to the other one. */
export const tradeChain = forEachKind((kind) =>
  buildModule("TradeChain", (m) => {
    const { remoteChainId, authority, participants, gateway, headers, lightClient } = bridgeEnd(m, kind);
    const documentRegistry = m.contract("DocumentRegistry", [authority, participants]);
    const tradeBook = m.contract("TradeBook", [authority, participants, documentRegistry, remoteChainId]);
    return { authority, participants, gateway, headers, lightClient, documentRegistry, tradeBook };
  }),
);
