import { expect } from "chai";
import { type Change, faultsAfter } from "../../support/fakes/changed-documents.ts";

describe("rules between the members of a bill of lading", () => {
  const cases: readonly [string, readonly Change[], readonly string[]][] = [
    [
      "an issued bill is dated",
      [
        [["issueDate"], undefined],
        [["shippedOnBoardDate"], undefined],
      ],
      ["issueDate is required once the bill is issued", "shippedOnBoardDate is required once the bill is issued"],
    ],
    [
      "a bill is shipped or received",
      [[["receivedForShipmentDate"], "2026-11-17"]],
      ["receivedForShipmentDate must be left out when isShippedOnBoardType is true"],
    ],
    [
      "a received bill has its date",
      [[["isShippedOnBoardType"], false]],
      [
        "shippedOnBoardDate must be left out when isShippedOnBoardType is false",
        "receivedForShipmentDate is required once the bill is issued",
      ],
    ],
    [
      "a declared value has a currency",
      [[["declaredValue"], 5000]],
      ["declaredValueCurrency is stated with a declaredValue, and only then"],
    ],
    [
      "an electronic bill is one original",
      [[["numberOfOriginalsWithCharges"], 1]],
      ["numberOfOriginalsWithoutCharges must make one original at most: the bill is electronic"],
    ],
    [
      "a straight bill names a consignee and no endorsee",
      [[["isToOrder"], false]],
      [
        "documentParties.consignee is required when isToOrder is false: a straight bill names who gets the goods",
        "documentParties.endorsee must be left out when isToOrder is false",
      ],
    ],
    [
      "a bill to order says who is notified",
      [[["documentParties", "notifyParties"], undefined]],
      ["documentParties.notifyParties is required when isToOrder is true: name who is told of the arrival"],
    ],
    [
      "a bill has a consignee or an endorsee",
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
      [[["consignmentItems", 0, "cargoItems", 0, "equipmentReference"], "CSQU3054383"]],
      [
        "consignmentItems[0].cargoItems[0].equipmentReference must be the number of a container in utilizedTransportEquipments",
        "utilizedTransportEquipments[0].equipment.equipmentReference is the number of a container that no cargo item is in",
      ],
    ],
    [
      "pre-carriage begins somewhere",
      [[["transports", "placeOfReceipt"], undefined]],
      ["transports.placeOfReceipt is required with preCarriageBy"],
    ],
    [
      "a contact can be reached",
      [[["partyContactDetails", 0], { name: "Lin Yue" }]],
      ["partyContactDetails[0] must have a phone or an email"],
    ],
    [
      "a place is either a code or a text",
      [[["invoicePayableAt", "freeText"], "Shanghai"]],
      ["invoicePayableAt must have either a UNLocationCode or a freeText"],
    ],
  ];
  for (const [rule, changes, faults] of cases) {
    it(rule, () => {
      expect(faultsAfter("bill-of-lading", ...changes)).to.deep.equal(faults);
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

  it("refuse an address that is far too long at once", function () {
    this.timeout(2_000);
    const email = `${"@".repeat(200_000)} `;
    expect(faultsAfter("bill-of-lading", [["partyContactDetails", 0, "email"], email])).to.deep.equal([
      "partyContactDetails[0].email must be 100 characters at most",
    ]);
  });
});
