import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { JsonPath } from "../../../src/core/json-path.ts";
import { present, requirePresented } from "../../../src/documents/presentation.ts";
import { requireIntact, type WrappedDocument } from "../../../src/documents/wrapped-document.ts";

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../vectors/golden/documents/${name}.json`, import.meta.url), "utf8")) as T;
}

const documents = read<{ name: string; wrapped: WrappedDocument }[]>("documents");
const presentations = read<{ document: string; hide: JsonPath[]; presentation: unknown }[]>("presentations");

describe("vectors of documents and presentations", () => {
  for (const { name, wrapped } of documents) {
    it(`have the document intact: ${name}`, () => {
      expect(requireIntact(wrapped).hash).to.equal(wrapped.hash);
    });
  }

  for (const { document, hide, presentation } of presentations) {
    it(`hide ${JSON.stringify(hide)} of: ${document}`, () => {
      const found = documents.find(({ name }) => name === document);
      if (found === undefined) throw new Error(`There is no document ${document}`);
      expect(present(found.wrapped, hide)).to.deep.equal(presentation);
      expect(requirePresented(presentation).hash).to.equal(found.wrapped.hash);
    });
  }
});
