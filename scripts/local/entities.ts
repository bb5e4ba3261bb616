import type { DevelopmentAccount } from "../../src/config/development.ts";

/** UN/EDIFACT code list 1001, as far as the scenarios use it. */
export const documentTypes = {
  commercialInvoice: 380,
  billOfLading: 705,
  customsDeclaration: 830,
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

export const demoEntities: readonly DemoEntity[] = [
  {
    name: "Huangpu Consortium Services",
    leiBody: "8945HPUOPERATOR000",
    country: "CN",
    accounts: ["operator", "issuer"],
    issues: [],
  },
  {
    name: "Pudong Precision Instruments",
    leiBody: "8945HPUEXPORTER000",
    country: "CN",
    accounts: ["seller"],
    issues: [documentTypes.commercialInvoice],
  },
  {
    name: "Elbe Medical Supply",
    leiBody: "8945HPUIMPORTER000",
    country: "DE",
    accounts: ["buyer"],
    issues: [],
  },
  {
    name: "Yangtze Ocean Line",
    leiBody: "8945HPUCARRIER0000",
    country: "CN",
    accounts: ["carrier"],
    issues: [documentTypes.billOfLading],
  },
  {
    name: "Waigaoqiao Customs Brokers",
    leiBody: "8945HPUBROKER00000",
    country: "CN",
    accounts: ["broker"],
    issues: [documentTypes.customsDeclaration],
  },
];

/** The 20 characters of a Legal Entity Identifier (ISO 17442): check digits by ISO 7064 MOD 97-10. */
export function completeLei(body: string): string {
  const digits = [...`${body}00`].map((char) => Number.parseInt(char, 36)).join("");
  const check = 98n - (BigInt(digits) % 97n);
  return `${body}${check.toString().padStart(2, "0")}`;
}
