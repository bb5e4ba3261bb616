import { expect } from "chai";
import type { ErrorCode } from "../../../src/core/errors.ts";
import { fieldsOf } from "../../../src/core/field-tree.ts";
import type { JsonPath } from "../../../src/core/json-path.ts";
import { parseStrictJson } from "../../../src/core/strict-json.ts";
import { batchOf } from "../../../src/documents/batch.ts";
import { type Presentation, present, requirePresented, type ShownField } from "../../../src/documents/presentation.ts";
import { wrap } from "../../../src/documents/wrapped-document.ts";
import { BILL_FIELDS, bill, seededBytes, wrappedBill } from "../../support/documents/bill.ts";
import { codeOf, errorOf } from "../../support/fakes/error-of.ts";
import { randomDocument } from "../../support/fakes/random-json.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { spoil } from "../../support/fakes/spoilt.ts";

/** Fields of {@link bill} in the order of its leaves. */
const PATHS: readonly JsonPath[] = fieldsOf(bill).map(({ path }) => path);

/** Shows the fields 0, 3, 4 and 7 to 9, and hides 1 and 2, 5, and 6. */
function shownBill(): Presentation {
  const hidden = [
    ["goods", 0, "code"],
    ["goods", 0, "kg"],
    ["goods", 1, "kg"],
    ["goods", 1, "marks", 0],
  ];
  return present(wrappedBill(), hidden);
}

function reread<T>(value: T): T {
  return parseStrictJson(JSON.stringify(value)) as T;
}

function textsOf(presentation: Presentation): string[] {
  return presentation.shown.map(({ path, value }) => JSON.stringify([path, value]));
}

/** Of something in a document. */
function randomPath(random: SeededRandom, paths: readonly JsonPath[]): JsonPath {
  const path = paths[random.below(paths.length)] ?? [];
  return path.slice(0, random.between(1, path.length));
}

function isIn(path: JsonPath, hidden: readonly JsonPath[]): boolean {
  return hidden.some((prefix) => prefix.every((step, depth) => step === path[depth]));
}

function withChanges(changes: Record<string, unknown>): ErrorCode {
  return codeOf(() => requirePresented({ ...shownBill(), ...changes }));
}

function withShown(change: (shown: ShownField[]) => unknown): ErrorCode {
  return withChanges({ shown: change([...shownBill().shown]) });
}

function withField(at: number, changes: Record<string, unknown>): ErrorCode {
  return withShown((shown) => shown.map((field, index) => (index === at ? { ...field, ...changes } : field)));
}

const HASH = `0x${"1".repeat(64)}`;

describe("a presentation", () => {
  it("shows just what is not hidden", () => {
    const presentation = shownBill();
    expect(requirePresented(presentation)).to.equal(presentation);
    expect(presentation.shown.map(({ index }) => index)).to.deep.equal([0, 3, 4, 7, 8, 9]);
    expect(presentation.shown.map(({ path }) => path)).to.deep.equal([0, 3, 4, 7, 8, 9].map((index) => PATHS[index]));
    expect(presentation.hash).to.equal(wrappedBill().hash);
    expect(presentation.fields).to.equal(BILL_FIELDS);
  });

  it("tells of the hidden fields nothing but hashes", () => {
    const text = JSON.stringify(shownBill());
    const { salts } = wrappedBill();
    for (const secret of ["090111", "12.5", '"A"', ...[1, 2, 5, 6].map((index) => salts[index] ?? "")]) {
      expect(text).not.to.include(secret);
    }
  });

  it("has a single hash for all that is hidden side by side", () => {
    expect(present(wrappedBill(), [["goods"], ["remarks"]]).shown).to.have.length(2);
    const one = present(wrappedBill(), PATHS.slice(0, -1));
    expect(one.shown).to.have.length(1);
    expect(one.hidden).to.have.length(2);
  });

  it("can show everything", () => {
    const presentation = present(wrappedBill(), []);
    expect(presentation.hidden).to.deep.equal([]);
    expect(requirePresented(reread(presentation)).shown).to.have.length(BILL_FIELDS);
  });

  it("stays in its batch", async () => {
    const { hash } = wrappedBill();
    const batch = await batchOf([wrap(bill, "packing-list").hash, hash]);
    const document = { ...wrappedBill(), batch: batch.proof(1) };
    const presentation = present(document, [["goods"]]);
    expect(requirePresented(reread(presentation)).batch).to.deep.equal(batch.proof(1));
    const moved = { ...presentation, batch: batch.proof(0) };
    expect(codeOf(() => requirePresented(moved))).to.equal("BATCH_PROOF_MISMATCH");
    for (const { change, value } of spoil(reread(presentation) as never)) {
      if (change !== "$.batch gone")
        expect(
          codeOf(() => requirePresented(value)),
          change,
        ).to.be.a("string");
    }
  });

  it("verifies to the document's hash after any hiding and any more of it, and shows just what is left", () => {
    const random = new SeededRandom(7);
    for (let round = 0; round < 150; round++) {
      const data = randomDocument(random, random.between(2, 12));
      const document = wrap(data, "packing-list");
      const paths = fieldsOf(data).map(({ path }) => path);
      const hidden: JsonPath[] = [];
      let presentation = present(document, []);
      for (let step = 0; step < 4; step++) {
        const left = paths.filter((path) => !isIn(path, hidden));
        const more = Array.from({ length: random.between(1, 3) }, () => randomPath(random, left));
        if (left.every((path) => isIn(path, more))) break;
        hidden.push(...more);
        presentation = present(reread(presentation), more);
        const expected = fieldsOf(data).filter(({ path }) => !isIn(path, hidden));
        expect(textsOf(requirePresented(reread(presentation)))).to.deep.equal(expected.map(({ text }) => text));
        expect(presentation.hash).to.equal(document.hash);
        expect(presentation).to.deep.equal(present(document, hidden));
      }
    }
  });

  it("is refused after any single change of any part", () => {
    let count = 0;
    for (const { change, value } of spoil(reread(shownBill()) as never)) {
      expect(
        codeOf(() => requirePresented(value)),
        change,
      ).to.match(/^(DOCUMENT|JSON|PRESENTATION)_/);
      count++;
    }
    expect(count).to.be.greaterThan(1_000);
  });

  it("hides nothing that is not there, or not shown any more", () => {
    const error = errorOf(() => present(wrappedBill(), [["goods", 2]]));
    expect(error.code).to.equal("PATH_UNKNOWN");
    expect(error.fields).to.deep.equal({ path: ["goods", 2] });
    for (const path of [
      ["goods", "0"],
      ["toOrder", "x"],
      ["goods", 0, "code"],
    ]) {
      expect(codeOf(() => present(shownBill(), [path]))).to.equal("PATH_UNKNOWN");
    }
  });

  it("is not made when nothing would be left, nor of what is not intact", () => {
    expect(codeOf(() => present(wrappedBill(), PATHS))).to.equal("PRESENTATION_EMPTY");
    expect(codeOf(() => present(wrappedBill(), [[]]))).to.equal("PRESENTATION_EMPTY");
    const changed = { ...wrappedBill(), data: { ...bill, toOrder: false } };
    expect(codeOf(() => present(changed, [["goods"]]))).to.equal("DOCUMENT_HASH_MISMATCH");
    const moved = { ...shownBill(), hidden: [...shownBill().hidden].reverse() };
    expect(codeOf(() => present(moved, []))).to.equal("DOCUMENT_HASH_MISMATCH");
  });
});

describe("a presentation is refused with", () => {
  const other = wrap(bill, "bill-of-lading", seededBytes(9));
  for (const [name, changes, code] of [
    ["the hash of another document", { hash: other.hash }, "DOCUMENT_HASH_MISMATCH"],
    ["another kind", { kind: "packing-list" }, "DOCUMENT_HASH_MISMATCH"],
    ["nothing shown", { shown: [], hidden: [HASH] }, "PRESENTATION_EMPTY"],
    ["a hidden part too many", { hidden: [...shownBill().hidden, HASH] }, "PRESENTATION_HIDDEN"],
    ["a hidden part too few", { hidden: shownBill().hidden.slice(1) }, "PRESENTATION_HIDDEN"],
    ["hidden parts in another order", { hidden: [...shownBill().hidden].reverse() }, "DOCUMENT_HASH_MISMATCH"],
    ["a hidden part that is no hash", { hidden: shownBill().hidden.with(0, "0x00" as never) }, "DOCUMENT_FORM"],
    ["fewer fields", { fields: BILL_FIELDS - 1 }, "DOCUMENT_FORM"],
    ["more fields", { fields: BILL_FIELDS + 1 }, "PRESENTATION_HIDDEN"],
    ["no fields", { fields: 0 }, "DOCUMENT_FORM"],
    ["more fields than a document has", { fields: 4097 }, "DOCUMENT_FORM"],
    ["the mark of a whole document", { huangpu: "document/1" }, "DOCUMENT_FORMAT_UNKNOWN"],
    ["data", { data: bill }, "DOCUMENT_FORM"],
  ] as [string, Record<string, unknown>, ErrorCode][]) {
    it(name, () => {
      expect(withChanges(changes)).to.equal(code);
    });
  }

  it("more fields than there are, and as many hidden parts", () => {
    const presentation = present(wrappedBill(), [["toOrder"]]);
    expect(presentation.hidden).to.have.length(1);
    const changed = { ...presentation, fields: BILL_FIELDS + 1, shown: presentation.shown.slice(0, 8) };
    const code = codeOf(() => requirePresented({ ...changed, hidden: [...presentation.hidden, HASH] }));
    expect(code).to.be.oneOf(["DOCUMENT_HASH_MISMATCH", "PRESENTATION_HIDDEN"]);
  });

  it("fields in another order, or twice", () => {
    expect(withShown(([first, second, ...rest]) => [second, first, ...rest])).to.equal("PRESENTATION_ORDER");
    expect(withShown(([first, ...rest]) => [first, first, ...rest])).to.equal("PRESENTATION_ORDER");
  });

  it("a field at the place of another one", () => {
    const [first, second] = shownBill().shown;
    expect(withField(0, { index: 1 })).to.equal("DOCUMENT_HASH_MISMATCH");
    expect(withField(5, { index: 6 })).to.equal("PRESENTATION_ORDER");
    expect(withField(0, { path: second?.path })).to.equal("PRESENTATION_PATHS");
    expect(withField(0, { value: second?.value })).to.equal("DOCUMENT_HASH_MISMATCH");
    expect(withField(1, { salt: first?.salt })).to.equal("DOCUMENT_SALT_REPEATED");
    expect(withField(0, { index: BILL_FIELDS })).to.equal("DOCUMENT_FORM");
    expect(withField(0, { index: -1 })).to.equal("DOCUMENT_FORM");
  });

  it("paths and values that are none", () => {
    expect(withField(0, { path: [] })).to.equal("DOCUMENT_FORM");
    expect(withField(0, { path: [0] })).to.equal("DOCUMENT_FORM");
    expect(withField(0, { path: "carrier" })).to.equal("DOCUMENT_FORM");
    expect(withField(0, { path: ["carrier", -1] })).to.equal("DOCUMENT_FORM");
    expect(withField(0, { path: ["carrier", null] })).to.equal("DOCUMENT_FORM");
    expect(withField(0, { path: Array(33).fill("a") })).to.equal("DOCUMENT_FORM");
    expect(withField(0, { path: ["carrier", "__proto__"] })).to.equal("JSON_FORBIDDEN_NAME");
    expect(withField(0, { path: ["carrier", "\ud800"] })).to.equal("JSON_LONE_SURROGATE");
    expect(withField(0, { value: { lei: 1 } })).to.equal("JSON_VALUE");
    expect(withField(0, { value: [1] })).to.equal("JSON_VALUE");
    expect(withField(0, { value: 2 ** 60 })).to.equal("JSON_NUMBER");
    expect(withField(0, { value: undefined })).to.equal("JSON_VALUE");
    expect(withField(0, { salt: "AAAA" })).to.equal("DOCUMENT_SALTS");
    expect(withField(0, { note: 1 })).to.equal("DOCUMENT_FORM");
  });
});
