import { readFileSync } from "node:fs";
import { expect } from "chai";
import { documentHash, fieldLeaves, fieldRoot, fieldsOf, fieldText } from "../../../src/core/field-tree.ts";
import type { JsonObject } from "../../../src/core/strict-json.ts";
import { wrap } from "../../../src/documents/wrapped-document.ts";
import {
  hex,
  referenceDocumentHash,
  referenceFields,
  referenceLeaves,
  sha256,
} from "../../support/documents/reference-trees.ts";
import { errorOf } from "../../support/fakes/error-of.ts";
import { randomDocument } from "../../support/fakes/random-json.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

interface Golden {
  name: string;
  fields: string[];
  leaves: string[];
  wrapped: { kind: string; data: JsonObject; salts: string[]; hash: string };
}

const golden = JSON.parse(
  readFileSync(new URL("../../vectors/golden/documents/documents.json", import.meta.url), "utf8"),
) as Golden[];

describe("the tree of a document's fields", () => {
  for (const { name, fields, leaves, wrapped } of golden) {
    it(`is that of the vector: ${name}`, () => {
      const texts = fieldsOf(wrapped.data).map(({ text }) => text);
      const salts = wrapped.salts.map((salt) => Buffer.from(salt, "base64url"));
      const bytes = fieldLeaves(texts, Buffer.concat(salts));
      expect(texts).to.deep.equal(fields);
      expect(leaves.map((_, at) => hex(bytes.subarray(32 * at, 32 * at + 32)))).to.deep.equal(leaves);
      expect(documentHash(wrapped.kind, texts.length, fieldRoot(bytes))).to.equal(wrapped.hash);
      expect(referenceDocumentHash(wrapped.data, wrapped.kind, salts)).to.equal(wrapped.hash);
    });
  }

  it("is that of the second implementation for any document", () => {
    const random = new SeededRandom(4);
    for (let round = 0; round < 200; round++) {
      const data = randomDocument(random, random.between(1, 12));
      const salts = Buffer.from(random.hex(16 * referenceFields(data).length).slice(2), "hex");
      const split = referenceFields(data).map((_, at) => salts.subarray(16 * at, 16 * at + 16));
      expect(wrap(data, "packing-list", () => salts).hash).to.equal(referenceDocumentHash(data, "packing-list", split));
    }
  });

  it("has the same text for a field alone as in its document", () => {
    const random = new SeededRandom(5);
    for (let round = 0; round < 50; round++) {
      for (const { path, value, text } of fieldsOf(randomDocument(random, 4)))
        expect(fieldText(path, value)).to.equal(text);
    }
  });

  it("tells values apart by type, and arrays from objects with numbers for names", () => {
    const values: unknown[] = [
      1,
      "1",
      true,
      "true",
      null,
      "null",
      [],
      {},
      "",
      0,
      false,
      [1],
      { 0: 1 },
      { a: 1 },
      ["a", 1],
    ];
    const leaves = values.map((value) => referenceLeaves({ value }, [sha256([7])]).join());
    const ours = values.map((value) =>
      fieldsOf({ value })
        .map(({ text }) => text)
        .join(),
    );
    expect(new Set(ours)).to.have.length(values.length);
    expect(new Set(leaves)).to.have.length(values.length);
  });

  it("commits to the kind and the number of fields", () => {
    const root = sha256([1]);
    const hashes = [documentHash("a", 1, root), documentHash("b", 1, root), documentHash("a", 2, root)];
    expect(new Set(hashes)).to.have.length(3);
  });

  const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, at]));
  const deep = (levels: number): JsonObject => (levels === 0 ? {} : { a: deep(levels - 1) });
  const repeated = "x".repeat(2_100);

  it("has 4,096 fields at most", () => {
    expect(fieldsOf(wide(4096))).to.have.length(4096);
    expect(errorOf(() => fieldsOf(wide(4097))).code).to.equal("DOCUMENT_TOO_LARGE");
  });

  it("is 32 steps deep at most", () => {
    expect(fieldsOf(deep(32))[0]?.path).to.have.length(32);
    const error = errorOf(() => fieldsOf(deep(33)));
    expect(error.code).to.equal("JSON_TOO_DEEP");
    expect(error.fields["path"]).to.have.length(33);
  });

  it("does not multiply a long name by the fields below it", () => {
    expect(fieldsOf({ [repeated]: Array(1000).fill(0) })).to.have.length(1000);
    const error = errorOf(() => fieldsOf({ [repeated]: Array(4096).fill(0) }));
    expect(error.code).to.equal("DOCUMENT_TOO_LARGE");
  });

  it("refuses a value with parts as a field", () => {
    for (const value of [[1], { a: 1 }, [[]], [{}]]) {
      expect(errorOf(() => fieldText(["a"], value)).code).to.equal("JSON_VALUE");
    }
  });
});
