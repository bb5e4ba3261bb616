import type { JsonObject } from "../src/core/strict-json.ts";

/** 34 values, with what OpenAttestation wants of every document: template, issuer and network. */
export const billOfLading: JsonObject = {
  id: "BL-2026-0001",
  $template: { name: "BILL_OF_LADING", type: "EMBEDDED_RENDERER", url: "https://templates.example" },
  issuers: [
    {
      name: "Demo Carrier",
      tokenRegistry: "0x71d28767662cb233f887ad2bb65d048d760ba694",
      identityProof: { type: "DNS-TXT", location: "carrier.example" },
      revocation: { type: "NONE" },
    },
  ],
  network: { chain: "HUANGPU", chainId: "31337" },
  transportDocumentReference: "HLCU2026050600001",
  carrierCode: "HLCU",
  carrierName: "Demo Carrier Lines",
  shipper: { partyName: "Ever Export Pte Ltd", address: { street: "1 Raffles Place", countryCode: "SG" } },
  consignee: { toOrderOfText: "TO ORDER OF BANK OF EXAMPLE" },
  notifyParty: { partyName: "Import GmbH" },
  vesselName: "MV EXAMPLE",
  carrierExportVoyageNumber: "012E",
  portOfLoading: "SGSIN",
  portOfDischarge: "DEHAM",
  consignmentItems: [
    { descriptionOfGoods: "Green coffee, 60 kg bags", weight: 18000.5, volume: "33.2 MTQ", numberOfPackages: 300 },
    { descriptionOfGoods: "Crates: spare parts", weight: 1200, volume: "4 MTQ", numberOfPackages: 4 },
  ],
  isFreightPrepaid: true,
  shippedOnBoardDate: "2026-05-06",
  remarks: null,
};
