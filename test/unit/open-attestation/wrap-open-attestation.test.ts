import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { JsonObject } from "../../../src/core/strict-json.ts";
import { exportDocuments } from "../../../src/open-attestation/export-document.ts";
import type { WrappedOpenAttestation } from "../../../src/open-attestation/format.ts";
import { redactOpenAttestation } from "../../../src/open-attestation/redact-open-attestation.ts";
import { verifyOpenAttestation } from "../../../src/open-attestation/verify-open-attestation.ts";
import { wrapOpenAttestation } from "../../../src/open-attestation/wrap-open-attestation.ts";
import { exportOptions, invoice, packingList, randomData, seededSalts } from "../../support/fakes/open-attestation.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/golden/open-attestation/${name}.json`, import.meta.url), "utf8"));

const contentOf = (document: unknown) => verifyOpenAttestation(document).content;
const exportOne = (data: JsonObject, salt?: () => string) =>
  exportDocuments([{ ...invoice, data }], exportOptions, salt)[0];

function only(documents: readonly WrappedOpenAttestation[]): WrappedOpenAttestation {
  const [document] = documents;
  if (document === undefined || documents.length > 1) throw new Error(`${documents.length} documents`);
  return document;
}

describe("exportDocuments", () => {
  it("writes what it has always written, given the same salts", () => {
    const batch = exportDocuments([invoice, packingList, invoice], exportOptions, seededSalts(2));
    expect(exportDocuments([invoice], exportOptions, seededSalts(1))).to.deep.equal([golden("single")]);
    expect(batch).to.deep.equal(golden("batch"));
    expect(redactOpenAttestation(only(batch.slice(0, 1)), ["seller.address", "lines", "total"])).to.deep.equal(
      golden("redacted"),
    );
  });

  it("keeps every value, and says which document of ours it is", () => {
    const data = contentOf(exportOne(invoice.data))?.data;
    expect(data).to.deep.include(invoice.data);
    expect(data?.["huangpu"]).to.deep.equal({ kind: invoice.kind, hash: invoice.hash });
    expect(data?.["network"]).to.deep.equal({ chain: "HUANGPU", chainId: "31337" });
  });

  it("salts each field anew, so that equal documents have different hashes", () => {
    const [first, second] = exportDocuments([invoice, invoice], exportOptions);
    expect(first?.signature.targetHash).to.not.equal(second?.signature.targetHash);
    expect(first?.signature.merkleRoot).to.equal(second?.signature.merkleRoot);
  });

  it("names the store of each kind, and how it is revoked", () => {
    const address = "0x49b2969bf0e4aa822023a9ea2293b24e4518c1dd";
    for (const kind of ["documentStore", "tokenRegistry", "certificateStore"] as const) {
      const issuer = { name: "Demo Carrier", domain: "carrier.example", store: { kind, address } } as const;
      const [document] = exportDocuments([invoice], { issuer, network: exportOptions.network });
      const revocation = kind === "tokenRegistry" ? { type: "NONE" } : { type: "REVOCATION_STORE", location: address };
      expect(contentOf(document)?.data["issuers"]).to.deep.equal([
        {
          name: "Demo Carrier",
          [kind]: address,
          identityProof: { type: "DNS-TXT", location: "carrier.example" },
          revocation,
        },
      ]);
    }
  });

  it("throws OPEN_ATTESTATION_REFUSED when a member has a name that the format uses", async () => {
    for (const name of ["issuers", "network", "$template", "huangpu", "attachments"]) {
      await thrown("OPEN_ATTESTATION_REFUSED", () => exportOne({ [name]: "x" }));
    }
  });

  for (const [fault, data] of Object.entries<JsonObject>({
    NAME_WITH_DOT: { "a.b": "x" },
    NAME_EMPTY: { a: { "": "x" } },
    TOO_DEEP: JSON.parse(`{"a":${"[".repeat(70)}${"]".repeat(70)}}`) as JsonObject,
    SALT_MALFORMED: { a: Number.NaN },
  })) {
    it(`throws OPEN_ATTESTATION_REFUSED with ${fault}, and wraps nothing of the batch`, async () => {
      const error = await thrown("OPEN_ATTESTATION_REFUSED", () =>
        exportDocuments([invoice, { ...invoice, data }], exportOptions),
      );
      expect(error.fields).to.deep.equal({ fault });
    });
  }
});

describe("wrapOpenAttestation", () => {
  it("makes batches of every size up to 33 in which each document has its proof, and no other's", () => {
    for (let size = 1; size <= 33; size++) {
      const batch = wrapOpenAttestation(
        Array.from({ length: size }, (_, index) => ({ number: index })),
        seededSalts(size),
      );
      for (const [index, document] of batch.entries()) {
        expect(contentOf(document)?.data).to.deep.equal({ number: index });
        const { proof } = batch[(index + 1) % size]?.signature ?? {};
        const mixed = { ...document, signature: { ...document.signature, proof } };
        expect(verifyOpenAttestation(mixed).valid, `${index} of ${size}`).to.equal(size === 1);
      }
    }
  });

  it("wraps no documents into no batch", () => {
    expect(wrapOpenAttestation([])).to.deep.equal([]);
  });

  it("gives back the values of random documents", () => {
    const random = new SeededRandom(20);
    for (let run = 0; run < 200; run++) {
      const data = randomData(random);
      expect(contentOf(only(wrapOpenAttestation([data])))?.data).to.deep.equal(data);
    }
  });
});

describe("redactOpenAttestation", () => {
  const wrapped = only(exportDocuments([invoice], exportOptions, seededSalts(5)));

  it("hides values from whoever reads the text, and leaves the document that it was given as it was", () => {
    const before = structuredClone(wrapped);
    const redacted = redactOpenAttestation(wrapped, ["seller.name", "total"]);
    expect(JSON.stringify(redacted)).to.not.include("上海").and.not.include("1200.5");
    expect(wrapped).to.deep.equal(before);
    expect(contentOf(redacted)?.hiddenFields).to.equal(2);
  });

  it("hides what would be left empty, too", () => {
    const redacted = redactOpenAttestation(wrapped, ["buyer.name", "seller.address.street", "seller.address.country"]);
    expect(redacted.data).to.not.have.property("buyer");
    expect(contentOf(redacted)?.data["seller"]).to.deep.equal({ name: "上海出口有限公司" });
  });

  it("hides more of what is hidden in part, in any order, to the same document", () => {
    const [one, other] = [
      ["paid", "lines", "seller.name"],
      ["seller.name", "paid", "lines"],
    ].map((paths) => paths.reduce((document, path) => redactOpenAttestation(document, [path]), wrapped));
    expect(one).to.deep.equal(other);
    expect(contentOf(one)?.hiddenFields).to.equal(6);
  });

  it("hides members of an item of a list", () => {
    const redacted = redactOpenAttestation(wrapped, ["lines.0.quantity"]);
    expect(contentOf(redacted)?.data["lines"]).to.deep.equal([
      { description: "Green coffee" },
      { description: "Spare parts", quantity: 4 },
    ]);
  });

  it("throws OPEN_ATTESTATION_REFUSED for a path to nothing", async () => {
    for (const path of ["", "nothing", "paid.x", "lines.2", "seller.toString", "__proto__", "lines.length", "total."]) {
      await thrown("OPEN_ATTESTATION_REFUSED", () => redactOpenAttestation(wrapped, [path]));
    }
  });

  it("throws OPEN_ATTESTATION_REFUSED for one item of a list, whole or member by member", async () => {
    await thrown("OPEN_ATTESTATION_REFUSED", () => redactOpenAttestation(wrapped, ["lines.0"]));
    await thrown("OPEN_ATTESTATION_REFUSED", () =>
      redactOpenAttestation(wrapped, ["lines.0.quantity", "lines.0.description"]),
    );
  });
});
