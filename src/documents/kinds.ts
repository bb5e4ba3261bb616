import type { z } from "zod";
import type { JsonPath } from "../core/json-path.ts";
import { billOfLading } from "./kinds/bill-of-lading.ts";
import { certificateOfOrigin } from "./kinds/certificate-of-origin.ts";
import { commercialInvoice } from "./kinds/commercial-invoice.ts";
import { customsDeclaration } from "./kinds/customs-declaration.ts";
import { inspectionCertificate } from "./kinds/inspection-certificate.ts";
import { insuranceCertificate } from "./kinds/insurance-certificate.ts";
import { packingList } from "./kinds/packing-list.ts";
import { purchaseOrder } from "./kinds/purchase-order.ts";
import { warehouseReceipt } from "./kinds/warehouse-receipt.ts";

export interface DocumentKind {
  /** UN/EDIFACT code list 1001. */
  readonly type: number;
  /** As people call it. */
  readonly title: string;
  readonly schema: z.ZodType;
  /** Path of the party who issues it. */
  readonly issuer: JsonPath;
}

const kinds = {
  "commercial-invoice": { type: 380, title: "Commercial invoice", schema: commercialInvoice, issuer: ["seller"] },
  "purchase-order": { type: 105, title: "Purchase order", schema: purchaseOrder, issuer: ["buyer"] },
  "packing-list": { type: 271, title: "Packing list", schema: packingList, issuer: ["consignor"] },
  "bill-of-lading": {
    type: 705,
    title: "Bill of lading",
    schema: billOfLading,
    issuer: ["documentParties", "issuingParty"],
  },
  "customs-declaration": { type: 830, title: "Customs declaration", schema: customsDeclaration, issuer: ["declarant"] },
  "certificate-of-origin": {
    type: 861,
    title: "Certificate of origin",
    schema: certificateOfOrigin,
    issuer: ["issuingAuthority"],
  },
  "insurance-certificate": {
    type: 520,
    title: "Insurance certificate",
    schema: insuranceCertificate,
    issuer: ["insurer"],
  },
  "inspection-certificate": {
    type: 856,
    title: "Inspection certificate",
    schema: inspectionCertificate,
    issuer: ["inspector"],
  },
  "warehouse-receipt": { type: 635, title: "Warehouse receipt", schema: warehouseReceipt, issuer: ["warehouseKeeper"] },
} as const satisfies Record<string, DocumentKind>;

export type KindName = keyof typeof kinds;

/** The data of a document, by its kind. */
export type DocumentData<K extends KindName> = z.infer<(typeof kinds)[K]["schema"]>;

/** Every kind of document that is known, by its name. */
export const documentKinds: Readonly<Record<KindName, DocumentKind>> = kinds;

export const kindNames = Object.keys(kinds) as readonly KindName[];

export function isKindName(name: string): name is KindName {
  return Object.hasOwn(kinds, name);
}

/** The kind that a code of UNTDID 1001 stands for. */
export function kindOf(type: number): KindName | undefined {
  return kindNames.find((name) => kinds[name].type === type);
}
