import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Json, JsonObject } from "../../../src/core/strict-json.ts";
import { isOpenAttestation, type WrappedOpenAttestation } from "../../../src/open-attestation/format.ts";
import { redactOpenAttestation } from "../../../src/open-attestation/redact-open-attestation.ts";
import { verifyOpenAttestation } from "../../../src/open-attestation/verify-open-attestation.ts";
import { wrapOpenAttestation } from "../../../src/open-attestation/wrap-open-attestation.ts";
import { seededSalts } from "../../support/fakes/open-attestation.ts";
import { vectorOrSkip } from "../../support/fakes/vectors.ts";

const GOLDEN = new URL("../../vectors/golden/open-attestation/", import.meta.url);
const SALT = "a39a8a63-fd12-4344-a3d6-79d670852593";

/** Anything in a document may be replaced by anything. */
type Loose = { [name: string]: Loose } & Loose[] & string;

function golden<T = WrappedOpenAttestation>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, GOLDEN), "utf8")) as T;
}

/** The first document of a batch of three, changed. */
function changed(change: (document: Loose) => void): unknown {
  const [document] = golden<WrappedOpenAttestation[]>("batch");
  change(document as unknown as Loose);
  return document;
}

const set = (object: Loose | undefined, name: string | number, value: unknown): void => {
  Object.assign(object ?? {}, { [name]: value });
};
const findingOf = (document: unknown) => verifyOpenAttestation(document).finding.code;
const warningsOf = (document: unknown) => verifyOpenAttestation(document).warnings.map(({ code }) => code);
const wrapOne = (data: JsonObject) => wrapOpenAttestation([data], seededSalts(3))[0];

describe("verifyOpenAttestation", () => {
  describe("documents of other tools", () => {
    interface Expected {
      docs: Record<string, { targetHash: string; merkleRoot: string; verifySignature_tradetrust: boolean }>;
    }

    it("gives the verdict and the hashes that their makers gave", function () {
      const { docs } = vectorOrSkip<Expected>(this, "open-attestation/expected.json");
      for (const [name, expected] of Object.entries(docs)) {
        const [, file = "", index] = /^([^[]+)(?:\[(\d+)\])?$/.exec(name) ?? [];
        const found = vectorOrSkip<unknown>(this, `open-attestation/${file}`);
        const document = index === undefined ? found : (found as unknown[])[Number(index)];
        const { valid, content } = verifyOpenAttestation(document);
        expect(valid, name).to.equal(expected.verifySignature_tradetrust);
        if (!valid) continue;
        expect(content?.targetHash, name).to.equal(expected.targetHash);
        expect(content?.merkleRoot, name).to.equal(expected.merkleRoot);
        expect(warningsOf(document), name).to.deep.equal(content?.hiddenFields === 0 ? [] : ["FIELDS_HIDDEN"]);
      }
      expect(Object.keys(docs)).to.have.length(8);
    });

    it("says of the tampered one that its content was changed", function () {
      const document = vectorOrSkip<unknown>(this, "open-attestation/v2-tampered-negative.json");
      expect(verifyOpenAttestation(document)).to.have.nested.property("finding.code", "CONTENT_CHANGED");
    });
  });

  describe("documents of this project", () => {
    it("takes one alone, each of a batch, and a redacted one", () => {
      const redacted = golden("redacted");
      for (const document of [golden("single"), ...golden<unknown[]>("batch"), redacted]) {
        expect(findingOf(document)).to.equal("CONTENT_UNCHANGED");
        expect(warningsOf(document)).to.deep.equal(document === redacted ? ["FIELDS_HIDDEN"] : []);
      }
    });

    it("gives the same hashes to a document and to what is left of it, and counts what is hidden", () => {
      const [whole] = golden<unknown[]>("batch");
      const [before, after] = [whole, golden("redacted")].map((document) => verifyOpenAttestation(document).content);
      expect(after?.targetHash).to.equal(before?.targetHash);
      expect(after?.merkleRoot).to.equal(before?.merkleRoot);
      expect([before?.hiddenFields, after?.hiddenFields]).to.deep.equal([0, 7]);
    });
  });

  describe("what it refuses", () => {
    const cases: Record<string, [string, (document: Loose) => void]> = {
      "a changed value": ["CONTENT_CHANGED", ({ data }) => set(data, "paid", `${SALT}:boolean:true`)],
      "a changed salt": ["CONTENT_CHANGED", ({ data }) => set(data, "paid", `${SALT}:boolean:false`)],
      "a value of another type": [
        "CONTENT_CHANGED",
        ({ data }) => set(data, "total", data?.["total"]?.replace("number", "string")),
      ],
      "an added field": ["CONTENT_CHANGED", ({ data }) => set(data, "added", `${SALT}:string:x`)],
      "an added empty object": ["CONTENT_CHANGED", ({ data }) => set(data, "added", {})],
      "a removed field": ["CONTENT_CHANGED", ({ data }) => delete data?.["paid"]],
      "a renamed field": [
        "CONTENT_CHANGED",
        ({ data }) => {
          set(data, "Paid", data?.["paid"]);
          delete data?.["paid"];
        },
      ],
      "an empty list in place of an empty object": ["CONTENT_CHANGED", ({ data }) => set(data, "extensions", [])],
      "a list in another order": ["CONTENT_CHANGED", ({ data }) => data?.["lines"]?.reverse()],
      "a hidden field that was never there": [
        "CONTENT_CHANGED",
        (document) => set(document, "privacy", { obfuscatedData: ["ab".repeat(32)] }),
      ],
      "the hash of another document": [
        "HASH_CHANGED",
        ({ signature }) => set(signature, "targetHash", "ab".repeat(32)),
      ],
      "the root of another batch": ["OTHER_BATCH", ({ signature }) => set(signature, "merkleRoot", "ab".repeat(32))],
      "the proof of another document": [
        "OTHER_BATCH",
        ({ signature }) => set(signature, "proof", golden<WrappedOpenAttestation[]>("batch")[1]?.signature.proof),
      ],
      "a proof with one hash more": [
        "OTHER_BATCH",
        ({ signature }) => signature?.["proof"]?.push("ab".repeat(32) as Loose),
      ],
      "a proof with one hash less": ["OTHER_BATCH", ({ signature }) => signature?.["proof"]?.pop()],
      "a proof longer than any batch has": [
        "PROOF_TOO_LONG",
        ({ signature }) =>
          set(
            signature,
            "proof",
            Array.from({ length: 33 }, () => "ab".repeat(32)),
          ),
      ],
      "a proof that is no list": ["HASH_MALFORMED", ({ signature }) => set(signature, "proof", { length: 0 })],
      "a hash with 0x": ["HASH_MALFORMED", ({ signature }) => set(signature, "merkleRoot", `0x${"ab".repeat(32)}`)],
      "a hash with letters behind it": [
        "HASH_MALFORMED",
        ({ signature }) => set(signature, "merkleRoot", `${signature?.["merkleRoot"]}zz`),
      ],
      "an empty hash in the proof": ["HASH_MALFORMED", ({ signature }) => signature?.["proof"]?.push("" as Loose)],
      "a gap in the proof": ["HASH_MALFORMED", ({ signature }) => set(signature, "proof", [undefined])],
      "no hash": ["HASH_MALFORMED", ({ signature }) => delete signature?.["targetHash"]],
      "a number for a hidden field": [
        "HASH_MALFORMED",
        (document) => set(document, "privacy", { obfuscatedData: [7] }),
      ],
      "hidden fields that are no list": [
        "HASH_MALFORMED",
        (document) => set(document, "privacy", { obfuscatedData: null }),
      ],
      "a text for what is hidden": ["HASH_MALFORMED", (document) => set(document, "privacy", "x")],
      "a hash in capital letters": [
        "HASH_UPPER_CASE",
        ({ signature }) => set(signature, "merkleRoot", signature?.["merkleRoot"]?.toUpperCase()),
      ],
      "a field that is shown and hidden": [
        "FIELD_TWICE",
        (document) => {
          const hidden = redactOpenAttestation(document as unknown as WrappedOpenAttestation, ["paid"]).privacy;
          set(document, "privacy", hidden);
        },
      ],
      "a field that is hidden twice": [
        "FIELD_TWICE",
        (document) => {
          Object.assign(document, redactOpenAttestation(document as unknown as WrappedOpenAttestation, ["paid"]));
          document["privacy"]?.["obfuscatedData"]?.push(document["privacy"]?.["obfuscatedData"]?.[0] as Loose);
        },
      ],
      "a name with a dot": ["NAME_WITH_DOT", ({ data }) => set(data, "seller.name", `${SALT}:string:x`)],
      "an empty name, which would give its members the paths of others": [
        "NAME_EMPTY",
        ({ data }) => set(data, "", { paid: `${SALT}:boolean:true` }),
      ],
      "a member named __proto__": [
        "NAME_REFUSED",
        ({ data }) => Object.defineProperty(data, "__proto__", { value: `${SALT}:string:x`, enumerable: true }),
      ],
      "nesting without end": [
        "TOO_DEEP",
        ({ data }) => set(data, "deep", JSON.parse(`${"[".repeat(70)}${"]".repeat(70)}`)),
      ],
      "more fields than any document has": [
        "TOO_MANY_FIELDS",
        ({ data }) =>
          set(
            data,
            "many",
            Array.from({ length: 70_000 }, () => ({})),
          ),
      ],
      "few fields with so long a path that hashing them would take minutes": [
        "TOO_LARGE",
        ({ data }) =>
          set(
            data,
            "x".repeat(2 ** 22),
            Array.from({ length: 60_000 }, () => ({})),
          ),
      ],
      "no data": ["DATA_MISSING", (document) => delete document["data"]],
      "a list as data": ["DATA_MISSING", (document) => set(document, "data", [])],
      "no signature": ["SIGNATURE_MISSING", (document) => set(document, "signature", "x")],
    };

    for (const [what, [code, change]] of Object.entries(cases)) {
      it(`answers ${code} to ${what}`, () => {
        const verdict = verifyOpenAttestation(changed(change));
        expect(verdict.finding.code).to.equal(code);
        expect(verdict.finding.message).to.match(/^[A-Z][^\n]+[^.]\.$/);
        expect(verdict).to.include({ valid: false }).and.not.have.property("content");
      });
    }

    for (const text of [
      "x",
      "",
      "INV-77",
      `${SALT}:x`,
      `${SALT}:text:x`,
      `${SALT}:String:x`,
      `${SALT}:number:`,
      `${SALT}:number:07`,
      `${SALT}:number:0x7`,
      `${SALT}:number: 7`,
      `${SALT}:number:1e999`,
      `${SALT}:number:NaN`,
      `${SALT}:number:1.0`,
      `${SALT}:boolean:yes`,
      `${SALT}:null:0`,
      `${SALT} :string:x`,
      ` ${SALT}:string:x`,
      "a39a8a63-fd12-1344-a3d6-79d670852593:string:x",
      "a39a8a63-fd12-4344-c3d6-79d670852593:string:x",
    ]) {
      it(`answers SALT_MALFORMED to the value "${text}"`, () => {
        expect(findingOf(changed(({ data }) => set(data, "paid", text)))).to.equal("SALT_MALFORMED");
      });
    }

    it("answers SALT_MALFORMED to a value that is no text", () => {
      for (const value of [7, 7n, true, null]) {
        expect(findingOf(changed(({ data }) => set(data, "paid", value)))).to.equal("SALT_MALFORMED");
      }
    });

    it("answers DATA_MISSING to what is no document at all", () => {
      for (const value of [null, 7, "x", [], {}, undefined]) expect(findingOf(value)).to.equal("DATA_MISSING");
    });
  });

  describe("what it warns of in a valid document", () => {
    const cases: Record<string, [string, (document: Loose) => void]> = {
      "another version": ["VERSION_UNBOUND", (document) => set(document, "version", "3")],
      "a schema": ["SCHEMA_UNBOUND", (document) => set(document, "schema", "https://schema.example")],
      "another type of signature": ["SIGNATURE_TYPE_UNBOUND", ({ signature }) => set(signature, "type", "None")],
      "signatures by keys": ["SIGNATURE_NOT_CHECKED", (document) => set(document, "proof", [])],
      "a member beside the data": ["MEMBER_UNBOUND", (document) => set(document, "total", 9)],
      "a member beside the hash": ["MEMBER_UNBOUND", ({ signature }) => set(signature, "total", 9)],
      "a member beside what is hidden": ["MEMBER_UNBOUND", (document) => set(document, "privacy", { total: 9 })],
      "a list turned into an object": [
        "LIKE_ARRAY",
        ({ data }) => set(data, "lines", { ...(data?.["lines"] as unknown as Json[]) }),
      ],
    };
    for (const [what, [code, change]] of Object.entries(cases)) {
      it(`answers ${code} to ${what}`, () => {
        const document = changed(change);
        expect(findingOf(document)).to.equal("CONTENT_UNCHANGED");
        expect(warningsOf(document)).to.deep.equal([code]);
      });
    }

    it("answers LIKE_ARRAY to data that are themselves named by index", () => {
      expect(warningsOf(wrapOne({ 0: "x", 1: "y" }))).to.deep.equal(["ISSUERS_HIDDEN", "LIKE_ARRAY"]);
    });

    it("answers each code once, and how many there are", () => {
      const document = changed((found) => Object.assign(found, { more: 1, evenMore: 2, most: 3 }));
      const [warning, ...others] = verifyOpenAttestation(document).warnings;
      expect(others).to.deep.equal([]);
      expect(warning?.code).to.equal("MEMBER_UNBOUND");
      expect(warning?.message).to.match(/^The member "more" .*, and 2 more are like it\.$/);
    });

    it("answers TRAILING_SPACE to a value that others read without its last blank", () => {
      expect(warningsOf(wrapOne({ name: "x " }))).to.deep.equal(["ISSUERS_HIDDEN", "TRAILING_SPACE"]);
    });

    for (const [code, paths] of Object.entries({
      ISSUERS_HIDDEN: ["issuers"],
      ISSUER_PARTLY_HIDDEN: ["issuers.0.identityProof"],
    })) {
      it(`answers ${code} when ${paths} is hidden`, () => {
        expect(warningsOf(redactOpenAttestation(golden("single"), paths))).to.deep.equal(["FIELDS_HIDDEN", code]);
      });
    }

    it("answers ISSUER_PARTLY_HIDDEN when the name or the store is hidden", () => {
      for (const member of ["name", "documentStore"]) {
        const redacted = redactOpenAttestation(golden("single"), [`issuers.0.${member}`]);
        expect(warningsOf(redacted)).to.deep.equal(["FIELDS_HIDDEN", "ISSUER_PARTLY_HIDDEN"]);
      }
    });

    it("answers ALL_HIDDEN when nothing is shown", () => {
      const document = golden("single");
      const redacted = redactOpenAttestation(document, Object.keys(document.data));
      expect(findingOf(redacted)).to.equal("CONTENT_UNCHANGED");
      expect(warningsOf(redacted)).to.deep.equal(["FIELDS_HIDDEN", "ALL_HIDDEN"]);
    });
  });

  describe("isOpenAttestation", () => {
    it("knows a document of the format, right or wrong, from anything else", () => {
      expect(isOpenAttestation(golden("single"))).to.equal(true);
      expect(isOpenAttestation(changed(({ data }) => delete data?.["paid"]))).to.equal(true);
      for (const value of [
        null,
        [],
        {},
        { data: {} },
        { data: {}, signature: {} },
        { huangpu: "document/1", data: {} },
      ])
        expect(isOpenAttestation(value)).to.equal(false);
    });
  });
});
