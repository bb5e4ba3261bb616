import { expect } from "chai";
import type { KindName } from "../../../src/documents/kinds.ts";
import { validateDocument } from "../../../src/documents/validate.ts";
import { changed, exampleDocument } from "../../support/fakes/example-documents.ts";

type Change = readonly [path: readonly (string | number)[], value: unknown];

/** The faults of a kind's example after some changes, as `path message`. */
function faultsAfter(kind: KindName, ...changes: readonly Change[]): string[] {
  const example: unknown = exampleDocument(kind);
  const document = changes.reduce((current, [path, value]) => changed(current, path, value), example);
  return validateDocument(kind, document).map(({ path, message }) => `${path} ${message}`);
}

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

describe("rules between the members of a document", () => {
  const cases: readonly [string, KindName, readonly Change[], readonly string[]][] = [
    [
      "a line is quantity times price",
      "commercial-invoice",
      [
        [["lines", 0, "netAmount"], "3750.01"],
        [["totals", "linesAmount"], "4800.01"],
        [["totals", "payableAmount"], "5000.01"],
      ],
      ["lines[0].netAmount does not add up: it must be 120 times 31.25, rounded"],
    ],
    [
      "lines have numbers of their own",
      "purchase-order",
      [[["lines", 1, "lineNumber"], 1]],
      ["lines[1].lineNumber is there twice: number them differently"],
    ],
    [
      "lines make the total",
      "commercial-invoice",
      [[["totals", "linesAmount"], "4800.5"]],
      ["totals.linesAmount does not add up: the lines' net amounts come to 4800"],
    ],
    [
      "charges make their total",
      "commercial-invoice",
      [[["totals", "chargesAmount"], undefined]],
      ["totals.chargesAmount does not add up: the charges come to 320"],
    ],
    [
      "allowances make their total",
      "commercial-invoice",
      [[["allowances"], undefined]],
      [
        "totals.allowancesAmount does not add up: the allowances come to 0",
        "totals.payableAmount does not add up: lines, charges, allowances and taxes come to 5120",
      ],
    ],
    [
      "taxes make their total",
      "commercial-invoice",
      [[["totals", "taxAmount"], "1"]],
      ["totals.taxAmount does not add up: the taxes come to 0"],
    ],
    [
      "what is payable adds up",
      "commercial-invoice",
      [[["totals", "payableAmount"], "9999999"]],
      ["totals.payableAmount does not add up: lines, charges, allowances and taxes come to 5000"],
    ],
    [
      "an order adds up",
      "purchase-order",
      [[["totals", "orderAmount"], "1"]],
      ["totals.orderAmount does not add up: the lines' net amounts come to 4800"],
    ],
    [
      "an order is shipped after it is made",
      "purchase-order",
      [[["latestShipmentDate"], "2026-09-13"]],
      ["latestShipmentDate must not be before issueDate"],
    ],
    [
      "packages add up",
      "packing-list",
      [[["totals", "packageCount"], 41]],
      ["totals.packageCount does not add up: the items' packages come to 40"],
    ],
    [
      "weights add up",
      "packing-list",
      [[["totals", "netWeight", "value"], "97.1"]],
      ["totals.netWeight.value does not add up: the items' netWeight come to 97.2"],
    ],
    [
      "weights are in one unit",
      "packing-list",
      [[["items", 0, "grossWeight", "unit"], "LBR"]],
      ["totals.grossWeight.unit must be the unit of the items' grossWeight: state all of them in one unit"],
    ],
    [
      "declared items are counted",
      "customs-declaration",
      [[["totals", "itemCount"], 3]],
      ["totals.itemCount does not add up: there are 2 goods items"],
    ],
    [
      "declared amounts add up",
      "customs-declaration",
      [[["totals", "invoicedAmount"], "5000.000001"]],
      ["totals.invoicedAmount does not add up: the items' invoiced amounts come to 5000"],
    ],
    [
      "goods are released after they are declared",
      "customs-declaration",
      [[["releaseTime"], "2026-11-16T02:41:59Z"]],
      ["releaseTime must not be before acceptanceTime"],
    ],
    [
      "a certificate of origin is for one country",
      "certificate-of-origin",
      [[["items", 1, "countryOfOrigin"], "VN"]],
      ["items[1].countryOfOrigin must be CN, which the certificate is for"],
    ],
    [
      "a preference has criteria",
      "certificate-of-origin",
      [[["items", 0, "originCriterion"], undefined]],
      ["items[0].originCriterion is stated with a preferenceAgreement, and only then"],
    ],
    [
      "an insured amount is the percentage of the invoice",
      "insurance-certificate",
      [[["insuredAmount"], "5500.01"]],
      ["insuredAmount does not add up: it must be 110 % of 5000.00, rounded"],
    ],
    [
      "cover begins before the ship leaves",
      "insurance-certificate",
      [[["coverFrom"], "2026-11-19"]],
      ["coverFrom must not be after the departure"],
    ],
    [
      "what is accepted and rejected was presented",
      "inspection-certificate",
      [[["quantityAccepted", "value"], "119"]],
      ["quantityPresented.value does not add up: quantityAccepted and quantityRejected come to 119"],
    ],
    [
      "a failed finding is not conformity",
      "inspection-certificate",
      [[["findings", 0, "conforms"], false]],
      ["conforms must be false: it follows from the findings and the quantity rejected"],
    ],
    [
      "a rejected quantity is not conformity",
      "inspection-certificate",
      [
        [["quantityAccepted", "value"], "118"],
        [["quantityRejected", "value"], "2"],
      ],
      ["conforms must be false: it follows from the findings and the quantity rejected"],
    ],
    [
      "an inspection ends after it begins",
      "inspection-certificate",
      [[["inspectionEnd"], "2026-11-13T00:59:59Z"]],
      ["inspectionEnd must not be before inspectionStart"],
    ],
    [
      "a receipt that is not to order names somebody",
      "warehouse-receipt",
      [
        [["toOrder"], false],
        [["deliverTo"], undefined],
      ],
      ["deliverTo is required when toOrder is false: name who may take delivery"],
    ],
    [
      "goods are stored from the day of issue on",
      "warehouse-receipt",
      [[["storedUntil"], "2026-11-14"]],
      ["storedUntil must not be before issueDate"],
    ],
    [
      "an issued bill is dated",
      "bill-of-lading",
      [
        [["issueDate"], undefined],
        [["shippedOnBoardDate"], undefined],
      ],
      ["issueDate is required once the bill is issued", "shippedOnBoardDate is required once the bill is issued"],
    ],
    [
      "a bill is shipped or received",
      "bill-of-lading",
      [[["receivedForShipmentDate"], "2026-11-17"]],
      ["receivedForShipmentDate must be left out when isShippedOnBoardType is true"],
    ],
    [
      "a received bill has its date",
      "bill-of-lading",
      [[["isShippedOnBoardType"], false]],
      [
        "shippedOnBoardDate must be left out when isShippedOnBoardType is false",
        "receivedForShipmentDate is required once the bill is issued",
      ],
    ],
    [
      "a declared value has a currency",
      "bill-of-lading",
      [[["declaredValue"], 5000]],
      ["declaredValueCurrency is stated with a declaredValue, and only then"],
    ],
    [
      "an electronic bill is one original",
      "bill-of-lading",
      [[["numberOfOriginalsWithCharges"], 1]],
      ["numberOfOriginalsWithoutCharges must make one original at most: the bill is electronic"],
    ],
    [
      "a straight bill names a consignee and no endorsee",
      "bill-of-lading",
      [[["isToOrder"], false]],
      [
        "documentParties.consignee is required when isToOrder is false: a straight bill names who gets the goods",
        "documentParties.endorsee must be left out when isToOrder is false",
      ],
    ],
    [
      "a bill to order says who is notified",
      "bill-of-lading",
      [[["documentParties", "notifyParties"], undefined]],
      ["documentParties.notifyParties is required when isToOrder is true: name who is told of the arrival"],
    ],
    [
      "a bill has a consignee or an endorsee",
      "bill-of-lading",
      [
        [
          ["documentParties", "consignee"],
          {
            partyName: "Elbe Medical Supply GmbH",
            identifyingCodes: [{ codeListProvider: "W3C", partyCode: "did:example:1" }],
          },
        ],
      ],
      ["documentParties.endorsee must be left out when there is a consignee"],
    ],
    [
      "cargo is in a container of the bill",
      "bill-of-lading",
      [[["consignmentItems", 0, "cargoItems", 0, "equipmentReference"], "CSQU3054383"]],
      [
        "consignmentItems[0].cargoItems[0].equipmentReference must be the number of a container in utilizedTransportEquipments",
        "utilizedTransportEquipments[0].equipment.equipmentReference is the number of a container that no cargo item is in",
      ],
    ],
    [
      "pre-carriage begins somewhere",
      "bill-of-lading",
      [[["transports", "placeOfReceipt"], undefined]],
      ["transports.placeOfReceipt is required with preCarriageBy"],
    ],
    [
      "a contact can be reached",
      "bill-of-lading",
      [[["partyContactDetails", 0], { name: "Lin Yue" }]],
      ["partyContactDetails[0] must have a phone or an email"],
    ],
    [
      "a place is either a code or a text",
      "bill-of-lading",
      [[["invoicePayableAt", "freeText"], "Shanghai"]],
      ["invoicePayableAt must have either a UNLocationCode or a freeText"],
    ],
  ];
  for (const [rule, kind, changes, faults] of cases) {
    it(`${kind}: ${rule}`, () => {
      expect(faultsAfter(kind, ...changes)).to.deep.equal(faults);
    });
  }

  it("allow a draft of a bill without dates", () => {
    const draft = faultsAfter(
      "bill-of-lading",
      [["transportDocumentStatus"], "DRAFT"],
      [["issueDate"], undefined],
      [["shippedOnBoardDate"], undefined],
    );
    expect(draft).to.deep.equal([]);
  });

  it("refuse a sea waybill, which is another kind of document", () => {
    expect(faultsAfter("bill-of-lading", [["transportDocumentTypeCode"], "SWB"])).to.deep.equal([
      'transportDocumentTypeCode must be "BOL"',
    ]);
  });

  it("say all faults at once", () => {
    const faults = faultsAfter(
      "commercial-invoice",
      [["seller", "name"], undefined],
      [["currency"], "usd"],
      [["lines", 1, "quantity", "unit"], "pieces"],
      [["extra"], 1],
    );
    expect(faults).to.deep.equal([
      "seller.name is required: add a text",
      "currency must be a currency of three capital letters (ISO 4217), such as USD",
      "lines[1].quantity.unit must be a unit code of UNECE Recommendation 20, such as KGM for kilograms or C62 for pieces",
      "extra is unknown to the kind commercial-invoice: remove it, or correct its spelling",
    ]);
  });
});
