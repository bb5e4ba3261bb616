import { expect } from "chai";
import { fieldsOf } from "../../../src/core/field-tree.ts";
import { kindRules } from "../../../src/documents/kind-rules.ts";
import { documentKinds, type KindName, kindNames } from "../../../src/documents/kinds.ts";
import { changed, exampleDocument, valueAt } from "../../support/fakes/example-documents.ts";

const issuerOf = (kind: KindName, document: unknown = exampleDocument(kind)) =>
  kindRules(kind)?.issuerLei(fieldsOf(document as object));

describe("kindRules", () => {
  it("knows the kinds and no other", () => {
    expect(kindRules("love-letter")).to.equal(undefined);
    expect(kindRules("__proto__")).to.equal(undefined);
    expect(kindNames.map((kind) => kindRules(kind)?.type)).to.deep.equal(
      kindNames.map((kind) => documentKinds[kind].type),
    );
  });

  for (const kind of kindNames.filter((name) => name !== "bill-of-lading")) {
    it(`finds whom a ${kind} names as its issuer`, () => {
      const example: unknown = exampleDocument(kind);
      const path = [...documentKinds[kind].issuer, "lei"];
      expect(issuerOf(kind))
        .to.equal(valueAt(example, path))
        .and.to.match(/^8945HPU/);
      expect(issuerOf(kind, changed(example, path, undefined))).to.equal(undefined);
    });
  }

  it("finds the issuing party of a bill of lading among its identifying codes, whatever their order", () => {
    const codes = ["documentParties", "issuingParty", "identifyingCodes"];
    const example: unknown = exampleDocument("bill-of-lading");
    const lei = issuerOf("bill-of-lading");
    expect(lei).to.equal(valueAt(example, [...codes, 0, "partyCode"]));
    const did = { codeListProvider: "W3C", partyCode: "did:example:carrier", codeListName: "DID" };
    const other = { codeListProvider: "GLEIF", partyCode: "branch", codeListName: "BRANCH" };
    const several = changed(example, codes, [did, other, { codeListProvider: "GLEIF", partyCode: lei }]);
    expect(issuerOf("bill-of-lading", several)).to.equal(lei);
    expect(issuerOf("bill-of-lading", changed(example, codes, [did, other]))).to.equal(undefined);
  });

  it("takes nobody else's identifier for the issuer's", () => {
    const invoice = changed(exampleDocument("commercial-invoice"), ["seller", "lei"], undefined);
    expect(issuerOf("commercial-invoice", changed(invoice, ["lei"], "8945HPUEXPORTER00000"))).to.equal(undefined);
  });

  it("says what is wrong with a document, with paths", () => {
    const faults = kindRules("packing-list")?.faultsOf({ packingListNumber: "" });
    expect(faults?.map(({ path }) => path))
      .to.include("$.packingListNumber")
      .and.include("$.items");
  });
});
