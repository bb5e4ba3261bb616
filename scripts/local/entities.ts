import type { DevelopmentAccount } from "../../src/config/development.ts";
import { completeLei } from "../../src/core/codes/lei.ts";

/** UN/EDIFACT code list 1001, as far as the scenarios use it. */
export const documentTypes = {
  purchaseOrder: 105,
  packingList: 271,
  commercialInvoice: 380,
  insuranceCertificate: 520,
  warehouseReceipt: 635,
  billOfLading: 705,
  customsDeclaration: 830,
  inspectionCertificate: 856,
  certificateOfOrigin: 861,
} as const;

export interface DemoEntity {
  name: string;
  /** 18 characters; the check digits are computed. Invented: no such entity is registered. */
  leiBody: string;
  country: string;
  accounts: readonly DevelopmentAccount[];
  /** Document types it may issue. */
  issues: readonly number[];
}

const { purchaseOrder, packingList, commercialInvoice, insuranceCertificate, warehouseReceipt } = documentTypes;
const { billOfLading, customsDeclaration, inspectionCertificate, certificateOfOrigin } = documentTypes;

function entity(
  name: string,
  leiBody: string,
  country: string,
  accounts: readonly DevelopmentAccount[],
  issues: readonly number[] = [],
): DemoEntity {
  return { name, leiBody, country, accounts, issues };
}

/** The consortium's operator, whose member stands between escrows and banks. */
export const operatorEntity = entity("Huangpu Consortium Services", "8945HPUOPERATOR000", "CN", [
  "operator",
  "settlementAgent",
]);

export const demoEntities: readonly DemoEntity[] = [
  operatorEntity,
  entity("Huangpu Dollar Issuance", "8945HPUISSUERUSD00", "HK", ["issuerUsd"]),
  entity("Huangpu Yuan Issuance", "8945HPUISSUERCNH00", "HK", ["issuerCnh"]),
  entity("Bund Commercial Bank", "8945HPUBANKBUND000", "CN", ["bank1"]),
  entity("Hanse Handelsbank", "8945HPUBANKHANSE00", "DE", ["bank2"]),
  entity("Merlion Trade Bank", "8945HPUBANKMERL000", "SG", ["bank3"]),
  entity("Suzhou Creek Bank", "8945HPUBANKSUZHOU0", "CN", ["bank4"]),
  entity("Rhein Handelsbank", "8945HPUBANKRHEIN00", "DE", ["bank5"]),
  entity("Straits Merchant Bank", "8945HPUBANKSTRAITS", "SG", ["bank6"]),
  entity("Victoria Harbour FX", "8945HPUBANKHARBOUR", "HK", ["fxProvider"]),
  entity("Pudong Precision Instruments", "8945HPUEXPORTER000", "CN", ["seller"], [commercialInvoice, packingList]),
  entity("Elbe Medical Supply", "8945HPUIMPORTER000", "DE", ["buyer", "buyerElsewhere"], [purchaseOrder]),
  entity("Yangtze Ocean Line", "8945HPUCARRIER0000", "CN", ["carrier"], [billOfLading]),
  entity("Waigaoqiao Customs Brokers", "8945HPUBROKER00000", "CN", ["broker"], [customsDeclaration]),
  entity("Pudong Chamber of Commerce", "8945HPUCHAMBER0000", "CN", ["chamber"], [certificateOfOrigin]),
  entity("East Sea Marine Insurance", "8945HPUINSURER0000", "CN", ["insurer"], [insuranceCertificate]),
  entity("Yangshan Inspection", "8945HPUINSPECTOR00", "CN", ["inspector"], [inspectionCertificate]),
  entity("Lingang Bonded Warehouse", "8945HPUWAREHOUSE00", "CN", ["warehouse"], [warehouseReceipt]),
  entity("Chongming Shipping", "8945HPUSHIPOWNER00", "CN", ["shipOwner"]),
  entity("Hongkou Devices", "8945HPUCUSTOMER100", "CN", ["customer1"], [commercialInvoice]),
  entity("Alster Orthopädie", "8945HPUCUSTOMER200", "DE", ["customer2"], [commercialInvoice]),
  entity("Jurong Instruments", "8945HPUCUSTOMER300", "SG", ["customer3"], [commercialInvoice]),
  entity("Kunshan Optics", "8945HPUCUSTOMER400", "CN", ["customer4"], [commercialInvoice]),
  entity("Rhein Labortechnik", "8945HPUCUSTOMER500", "DE", ["customer5"], [commercialInvoice]),
  entity("Tanjong Diagnostics", "8945HPUCUSTOMER600", "SG", ["customer6"], [commercialInvoice]),
];

/** Owners of the members' sub-accounts, in the order in which they are admitted: the first one is member 1. */
export const demoMembers = [
  "settlementAgent",
  "bank1",
  "bank2",
  "bank3",
  "bank4",
  "bank5",
  "bank6",
  "fxProvider",
] as const satisfies readonly DevelopmentAccount[];

export type DemoMember = (typeof demoMembers)[number];

/** Which bank serves whom. The importer has a second account, at another bank than the first. */
export const demoCustomers = {
  seller: "bank1",
  buyer: "bank2",
  buyerElsewhere: "bank3",
  customer1: "bank1",
  customer2: "bank2",
  customer3: "bank3",
  customer4: "bank4",
  customer5: "bank5",
  customer6: "bank6",
} as const satisfies Partial<Record<DevelopmentAccount, DemoMember>>;

/** Id of a member in the sub-accounts. */
export function memberId(owner: DemoMember): number {
  return demoMembers.indexOf(owner) + 1;
}

/** The entity that an account acts for. @throws Error when it acts for none. */
export function entityOf(account: DevelopmentAccount): DemoEntity {
  const found = demoEntities.find(({ accounts }) => accounts.includes(account));
  if (found === undefined) throw new Error(`${account} acts for nobody`);
  return found;
}

/** Who keeps the central ledger: no participant of the chains. */
export const centralLedgerLei = completeLei("8945HPUCENTRALBANK");

/** An account's LEI as the contracts keep it: 20 bytes of ASCII, in hexadecimal. */
export function leiOf(account: DevelopmentAccount): string {
  return asciiHex(completeLei(entityOf(account).leiBody));
}

export function asciiHex(text: string): string {
  return `0x${Buffer.from(text, "ascii").toString("hex")}`;
}
