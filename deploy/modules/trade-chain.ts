import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { HeaderKind } from "../parameters.ts";
import { bridgeEnd } from "./bridge-end.ts";

/** The contracts of the trade chain, not yet linked to the other one. */
export function tradeChain(kind: HeaderKind) {
  return buildModule("TradeChain", (m) => {
    const { remoteChainId, ...bridge } = bridgeEnd(m, kind);
    const { authority, participants } = bridge;
    const documentRegistry = m.contract("DocumentRegistry", [authority, participants]);
    const claimRegistry = m.contract("ClaimRegistry", [authority, participants]);
    const ofSales = [authority, participants, documentRegistry, claimRegistry, remoteChainId];
    const tradeBook = m.contract("TradeBook", ofSales);
    const evidenceNotary = m.contract("EvidenceNotary", [authority, participants, documentRegistry, remoteChainId]);
    const titleRegistry = m.contract("TitleRegistry", [authority, participants, documentRegistry, claimRegistry]);
    const titleOffers = m.contract("TitleOffers", [authority, participants, titleRegistry, remoteChainId]);
    const deviceRegistry = m.contract("DeviceRegistry", [authority, participants]);
    const titles = { claimRegistry, titleRegistry, titleOffers };
    return { ...bridge, documentRegistry, tradeBook, evidenceNotary, ...titles, deviceRegistry };
  });
}
