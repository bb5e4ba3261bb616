import { expect } from "chai";
import type { KindName } from "../../../src/documents/kinds.ts";
import { type Change, faultsAfter } from "../../support/fakes/changed-documents.ts";

describe("codes in documents", () => {
  const cases: readonly [string, KindName, Change, RegExp][] = [
    [
      "an LEI with wrong check digits",
      "commercial-invoice",
      [["seller", "lei"], "8945HPUEXPORTER00001"],
      /^seller\.lei .*check digits/,
    ],
    [
      "an LEI of a wrong form",
      "commercial-invoice",
      [["seller", "lei"], "8945HPU"],
      /^seller\.lei must be a Legal Entity/,
    ],
    [
      "a country that there is not",
      "commercial-invoice",
      [["buyer", "address", "country"], "UK"],
      /^buyer\.address\.country .*GB and not UK/,
    ],
    ["a currency that there is not", "commercial-invoice", [["currency"], "RMB"], /^currency .*CNY and not RMB/],
    [
      "a rule that is none of Incoterms 2020",
      "purchase-order",
      [["deliveryTerms", "incoterm"], "DAT"],
      /^deliveryTerms\.incoterm must be one of "EXW"/,
    ],
    ["an HS code with dots", "packing-list", [["items", 0, "hsCode"], "8204.20"], /^items\[0\]\.hsCode .*without dots/],
    [
      "a container with a wrong check digit",
      "bill-of-lading",
      [["utilizedTransportEquipments", 0, "equipment", "equipmentReference"], "CSQU3054384"],
      /equipment\.equipmentReference .*check digit/,
    ],
    [
      "a ship with a wrong check digit",
      "insurance-certificate",
      [["route", "vessel", "imoNumber"], "9074728"],
      /^route\.vessel\.imoNumber .*check digit/,
    ],
    [
      "a place that is no UN/LOCODE",
      "bill-of-lading",
      [["transports", "portOfLoading", "UNLocationCode"], "CN SHA"],
      /UNLocationCode must be a UN\/LOCODE/,
    ],
    [
      "a time without a zone",
      "customs-declaration",
      [["acceptanceTime"], "2026-11-16T10:42:00"],
      /^acceptanceTime must be a time with its zone/,
    ],
    [
      "a day that the calendar does not have",
      "warehouse-receipt",
      [["issueDate"], "2026-02-30"],
      /^issueDate must be a day/,
    ],
    [
      "an amount as a number",
      "commercial-invoice",
      [["totals", "payableAmount"], 5000],
      /^totals\.payableAmount must be a text, not a number/,
    ],
    [
      "an amount with seven decimals",
      "commercial-invoice",
      [["lines", 0, "unitPrice"], "31.2500001"],
      /^lines\[0\]\.unitPrice must be a decimal number/,
    ],
    [
      "an identifying code of GLEIF that is no LEI",
      "bill-of-lading",
      [["documentParties", "shipper", "identifyingCodes", 0, "partyCode"], "8945HPUEXPORTER00001"],
      /identifyingCodes\[0\]\.partyCode is no Legal Entity/,
    ],
  ];
  for (const [what, kind, change, fault] of cases) {
    it(`refuse ${what}, and say where`, () => {
      const faults = faultsAfter(kind, change);
      expect(faults).to.have.length(1);
      expect(faults[0]).to.match(fault);
    });
  }
});
