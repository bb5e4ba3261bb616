import { expect } from "chai";
import type { KindName } from "../../../src/documents/kinds.ts";
import { type Change, faultsAfter } from "../../support/fakes/changed-documents.ts";

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
  ];
  for (const [rule, kind, changes, faults] of cases) {
    it(`${kind}: ${rule}`, () => {
      expect(faultsAfter(kind, ...changes)).to.deep.equal(faults);
    });
  }

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
