import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { fieldsOf } from "../../../src/core/field-tree.ts";
import { wrap } from "../../../src/documents/wrapped-document.ts";
import { hex, sha256 } from "../../support/documents/reference-trees.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const text = read("docs/document-format.md");

const SOURCES = [
  ...["strict-json", "canonical-json", "json-path", "field-order", "field-tree", "batch-tree"].map(
    (name) => `src/core/${name}.ts`,
  ),
  ...["envelope", "wrapped-document", "presentation", "batch"].map((name) => `src/documents/${name}.ts`),
];
const CODE = /"((?:JSON|PATH|DOCUMENT|BATCH|PRESENTATION)_[A-Z_]+)"/g;

/** Between backticks, alone or among others. */
function isNamed(code: string): boolean {
  return text.includes(`\`${code}\``);
}

describe("docs/document-format.md", () => {
  it("has the figures of its example", () => {
    const salt = Buffer.from(/salt `([0-9a-f]{32})`/.exec(text)?.[1] ?? "", "hex");
    const data = { number: "INV-1" };
    const canonical = fieldsOf(data)[0]?.text ?? "";
    for (const figure of [
      canonical,
      hex(sha256([0], salt, Buffer.from(canonical))),
      wrap(data, "commercial-invoice", () => salt).hash,
    ]) {
      expect(text).to.include(`\`${figure}\``);
    }
  });

  it("has every code of the errors that it is about, and no code that there is not", () => {
    const codes = SOURCES.flatMap((source) => [...read(source).matchAll(CODE)].map(([, code = ""]) => code));
    expect(codes.filter((code) => !isNamed(code))).to.deep.equal([]);
    expect(new Set(codes).size).to.be.greaterThan(25);
    const table = read("src/core/errors.ts");
    const named = [...text.matchAll(/`((?:JSON|PATH|DOCUMENT|BATCH|PRESENTATION)_\w+)`/g)].map(([, code = ""]) => code);
    expect(named.filter((code) => !table.includes(`  ${code}: {`))).to.deep.equal([]);
  });

  it("has every code of a fragment", () => {
    const sources = readdirSync(new URL("../../../src/verification", import.meta.url)).map((file) =>
      read(`src/verification/${file}`),
    );
    const codes = sources.flatMap((source) =>
      [...source.matchAll(/"([A-Z]+(?:_[A-Z]+)*)"/g)].map(([, code = ""]) => code),
    );
    const results = ["VALID", "INVALID", "SKIPPED", "ERROR"];
    const missing = new Set(codes.filter((code) => !results.includes(code) && !isNamed(code)));
    expect([...missing]).to.deep.equal([]);
    expect(new Set(codes).size).to.be.greaterThan(25);
  });
});
