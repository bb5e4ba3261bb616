import { expect } from "chai";
import type { ErrorCode } from "../../../src/core/errors.ts";
import { fieldsOf } from "../../../src/core/field-tree.ts";
import { type Json, type JsonObject, parseStrictJson } from "../../../src/core/strict-json.ts";
import { batchOf } from "../../../src/documents/batch.ts";
import { present } from "../../../src/documents/presentation.ts";
import { requireIntact, type WrappedDocument, wrap } from "../../../src/documents/wrapped-document.ts";
import { BILL_FIELDS, bill, seededBytes, wrappedBill } from "../../support/documents/bill.ts";
import { hex, referenceLeaves, referenceRoot } from "../../support/documents/reference-trees.ts";
import { codeOf } from "../../support/fakes/error-of.ts";
import { randomDocument, rewritten } from "../../support/fakes/random-json.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { spoil } from "../../support/fakes/spoilt.ts";

const SALT = "AAAAAAAAAAAAAAAAAAAAAA";

function codesOf(changes: Record<string, unknown>): ErrorCode {
  return codeOf(() => requireIntact({ ...wrappedBill(), ...changes }));
}

function saltsWith(at: number, salt: unknown): unknown[] {
  return (wrappedBill().salts as unknown[]).with(at, salt);
}

async function batched(): Promise<WrappedDocument> {
  const document = wrappedBill();
  const others = [2, 3, 4, 5].map((seed) => wrap(bill, "bill-of-lading", seededBytes(seed)).hash);
  const batch = await batchOf([...others, document.hash]);
  return { ...document, batch: batch.proof(4) };
}

describe("a wrapped document", () => {
  it("is intact, and has a salt of its own for every field", () => {
    const document = wrap(bill, "bill-of-lading");
    expect(requireIntact(document)).to.equal(document);
    expect(document.salts).to.have.length(BILL_FIELDS);
    expect(new Set(document.salts)).to.have.length(BILL_FIELDS);
    expect(document.salts.join("")).to.match(/^[\w-]+$/);
  });

  it("has another hash each time it is wrapped", () => {
    expect(wrap(bill, "bill-of-lading").hash).not.to.equal(wrap(bill, "bill-of-lading").hash);
  });

  it("stays intact however it is written, and however its members are ordered", () => {
    const random = new SeededRandom(6);
    for (let round = 0; round < 100; round++) {
      const data = randomDocument(random, random.between(1, 10));
      const document = wrap(data, "packing-list");
      requireIntact(parseStrictJson(rewritten(random, document as unknown as Json)));
    }
  });

  it("has another hash for another kind", () => {
    const hashes = ["bill-of-lading", "packing-list"].map((kind) => wrap(bill, kind, seededBytes(1)).hash);
    expect(hashes[0]).not.to.equal(hashes[1]);
    expect(codesOf({ kind: "packing-list" })).to.equal("DOCUMENT_HASH_MISMATCH");
  });

  it("is refused after any single change of any part", async () => {
    const document = parseStrictJson(JSON.stringify(await batched()));
    let count = 0;
    for (const { change, value } of spoil(document)) {
      if (change === "$.batch gone") continue;
      expect(
        codeOf(() => requireIntact(value)),
        change,
      ).to.match(/^(DOCUMENT|JSON|BATCH)_/);
      count++;
    }
    expect(count).to.be.greaterThan(1_300);
  });

  it("stands for itself without its batch", async () => {
    const { batch: _, ...alone } = await batched();
    expect(requireIntact(alone).hash).to.equal(wrappedBill().hash);
  });

  describe("refuses leaves of another type", () => {
    for (const [name, data] of Object.entries<JsonObject>({
      "a text for a number": {
        ...bill,
        goods: [{ code: "090111", kg: "12.5", marks: [] }, bill["goods"]?.[1 as never] ?? null],
      },
      "a number for a text": { ...bill, carrier: { lei: 5493001 } },
      "false for true": { ...bill, toOrder: false },
      "a text for true": { ...bill, toOrder: "true" },
      "a text for null": { ...bill, remarks: "null" },
      "an object for an empty array": {
        ...bill,
        goods: [{ code: "090111", kg: 12.5, marks: {} }, bill["goods"]?.[1 as never] ?? null],
      },
      "an object for an array": {
        ...bill,
        goods: { 0: bill["goods"]?.[0 as never] ?? null, 1: bill["goods"]?.[1 as never] ?? null },
      },
      "an array for an object": { ...bill, carrier: ["5493001KJTIIGC8Y1R12"] },
    })) {
      it(name, () => {
        expect(fieldsOf(data)).to.have.length(BILL_FIELDS);
        expect(codesOf({ data })).to.equal("DOCUMENT_HASH_MISMATCH");
      });
    }
  });

  it("takes no node of its tree, with the salts of what is below, for a document", () => {
    const { salts, data, kind } = wrappedBill();
    const bytes = salts.map((salt) => Buffer.from(salt, "base64url"));
    const leaves = referenceLeaves(data, bytes);
    for (const hash of [referenceRoot(leaves, 1), ...leaves].map(hex)) {
      expect(codesOf({ hash })).to.equal("DOCUMENT_HASH_MISMATCH");
      const half: JsonObject = { carrier: bill["carrier"] ?? null };
      expect(
        codeOf(() => requireIntact({ huangpu: "document/1", kind, data: half, salts: salts.slice(0, 1), hash })),
      ).to.equal("DOCUMENT_HASH_MISMATCH");
    }
  });

  it("takes no batch for a document, and no document for a batch", async () => {
    const document = await batched();
    expect(codesOf({ hash: document.batch?.root })).to.equal("DOCUMENT_HASH_MISMATCH");
    expect(codesOf({ batch: { root: document.hash, size: 1, index: 0, path: [] } })).to.equal("BATCH_PROOF_MISMATCH");
  });

  for (const [name, changes, code] of [
    ["another format", { huangpu: "document/2" }, "DOCUMENT_FORMAT_UNKNOWN"],
    ["a presentation's mark", { huangpu: "presentation/1" }, "DOCUMENT_FORMAT_UNKNOWN"],
    ["a kind with capitals", { kind: "Bill-of-lading" }, "DOCUMENT_KIND"],
    ["a kind of no name", { kind: "" }, "DOCUMENT_KIND"],
    ["a kind that is too long", { kind: "a".repeat(65) }, "DOCUMENT_KIND"],
    ["a kind that is no text", { kind: 705 }, "DOCUMENT_KIND"],
    ["no data", { data: {} }, "DOCUMENT_FORM"],
    ["an array as data", { data: [1] }, "DOCUMENT_FORM"],
    ["a text as data", { data: "{}" }, "DOCUMENT_FORM"],
    ["a member more", { issuer: "me" }, "DOCUMENT_FORM"],
    ["a member that objects have", { constructor: 1 }, "DOCUMENT_FORM"],
    ["a hash in capitals", { hash: wrappedBill().hash.toUpperCase().replace("0X", "0x") }, "DOCUMENT_FORM"],
    ["a hash without 0x", { hash: wrappedBill().hash.slice(2) }, "DOCUMENT_FORM"],
    ["a hash that is too short", { hash: wrappedBill().hash.slice(0, -2) }, "DOCUMENT_FORM"],
    ["salts that are no array", { salts: {} }, "DOCUMENT_FORM"],
    ["too few salts", { salts: wrappedBill().salts.slice(1) }, "DOCUMENT_SALTS"],
    ["too many salts", { salts: [...wrappedBill().salts, SALT] }, "DOCUMENT_SALTS"],
    ["a short salt", { salts: saltsWith(3, SALT.slice(2)) }, "DOCUMENT_SALTS"],
    ["a long salt", { salts: saltsWith(3, `${SALT}AA`) }, "DOCUMENT_SALTS"],
    ["a salt with bits behind its end", { salts: saltsWith(3, `${SALT.slice(1)}B`) }, "DOCUMENT_SALTS"],
    ["a salt in plain base64", { salts: saltsWith(3, `+${SALT.slice(1)}`) }, "DOCUMENT_SALTS"],
    ["a salt that is no text", { salts: saltsWith(3, 7) }, "DOCUMENT_SALTS"],
    ["a repeated salt", { salts: saltsWith(3, wrappedBill().salts[4]) }, "DOCUMENT_SALT_REPEATED"],
    ["another salt", { salts: saltsWith(3, SALT) }, "DOCUMENT_HASH_MISMATCH"],
    ["no batch in its place", { batch: null }, "DOCUMENT_FORM"],
    ["a batch of nothing", { batch: {} }, "DOCUMENT_FORM"],
    ["a batch that is undefined", { batch: undefined }, "DOCUMENT_FORM"],
    ["__proto__ in its data", { data: JSON.parse('{"a":{"__proto__":1}}') as unknown }, "JSON_FORBIDDEN_NAME"],
    ["what JSON has not in its data", { data: { a: new Date(0) } }, "JSON_VALUE"],
  ] as [string, Record<string, unknown>, ErrorCode][]) {
    it(`is refused with ${name}`, () => {
      expect(codesOf(changes)).to.equal(code);
    });
  }

  for (const value of [null, 1, "document/1", [], undefined]) {
    it(`is not ${JSON.stringify(value)}`, () => {
      expect(codeOf(() => requireIntact(value))).to.equal("DOCUMENT_FORM");
    });
  }

  it("is not made of what could not be read back", () => {
    expect(codeOf(() => wrap({}, "packing-list"))).to.equal("DOCUMENT_FORM");
    expect(codeOf(() => wrap([1], "packing-list"))).to.equal("DOCUMENT_FORM");
    expect(codeOf(() => wrap({ a: undefined }, "packing-list"))).to.equal("JSON_VALUE");
    expect(codeOf(() => wrap({ a: 0.1 + 0.2 }, "packing-list"))).to.equal("JSON_NUMBER");
    expect(codeOf(() => wrap({ a: "\ud800" }, "packing-list"))).to.equal("JSON_LONE_SURROGATE");
    expect(codeOf(() => wrap(bill, "Packing list"))).to.equal("DOCUMENT_KIND");
  });

  it("is not made with salts that repeat", () => {
    expect(codeOf(() => wrap(bill, "packing-list", (bytes) => new Uint8Array(bytes)))).to.equal(
      "DOCUMENT_SALT_REPEATED",
    );
  });

  it("can be written and read back at its largest, whole and shown in part", () => {
    const name = "x".repeat(1_950);
    const document = wrap({ [name]: Array(4096).fill("y".repeat(60)) }, "packing-list");
    requireIntact(parseStrictJson(JSON.stringify(document)));
    const shown = present(document, [[name, 0]]);
    expect(() => parseStrictJson(JSON.stringify(shown))).not.to.throw();
  });
});
