import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { jsonText, readText, readWrapped, writeWhole } from "../../../src/documents/document-file.ts";
import { wrap } from "../../../src/documents/wrapped-document.ts";
import { exampleDocument } from "../../support/fakes/example-documents.ts";
import { scratchFolder } from "../../support/fakes/scratch.ts";
import { thrown } from "../../support/fakes/thrown.ts";

describe("files of documents", () => {
  const path = scratchFolder();

  const put = (name: string, text: string | Uint8Array) => {
    writeFileSync(path(name), text);
    return path(name);
  };

  describe("readText", () => {
    it("refuses a file that is not there, a folder, and what is no UTF-8", async () => {
      await thrown("FILE_UNREADABLE", readText(path("nowhere.json")));
      mkdirSync(path("folder.json"));
      await thrown("FILE_UNREADABLE", readText(path("folder.json")));
      await thrown("FILE_UNREADABLE", readText(put("latin1.json", Uint8Array.of(0x22, 0xe9, 0x22))));
    });

    it("never reads a file beyond 10 MiB", async () => {
      const most = 10 * 2 ** 20;
      expect((await readText(put("large.json", " ".repeat(most)))).length).to.equal(most);
      const error = await thrown("FILE_TOO_LARGE", readText(put("huge.json", " ".repeat(most + 1))));
      expect(error.message).to.include(`${most + 1} bytes`);
    });

    it("keeps a byte order mark, so that the parser can refuse it", async () => {
      expect(await readText(put("bom.json", "\ufeff{}"))).to.equal("\ufeff{}");
      await thrown("JSON_BYTE_ORDER_MARK", readWrapped(path("bom.json")));
    });
  });

  describe("readWrapped", () => {
    const invoice = () => wrap(exampleDocument("commercial-invoice"), "commercial-invoice");

    it("reads what is intact, of a known kind and sound", async () => {
      const wrapped = invoice();
      expect((await readWrapped(put("w.json", jsonText(wrapped)))).hash).to.equal(wrapped.hash);
    });

    it("says that a bare document must be wrapped first", async () => {
      await thrown("DOCUMENT_NOT_WRAPPED", readWrapped(put("d.json", jsonText(exampleDocument("commercial-invoice")))));
      await thrown("DOCUMENT_NOT_WRAPPED", readWrapped(put("null.json", "null")));
    });

    it("refuses a document that was altered, is of no known kind, or has a fault", async () => {
      const altered = jsonText(invoice()).replace("5000.00", "9000.00");
      await thrown("DOCUMENT_HASH_MISMATCH", readWrapped(put("altered.json", altered)));
      await thrown("DOCUMENT_KIND", readWrapped(put("kind.json", jsonText(wrap({ a: 1 }, "love-letter")))));
      const faulty = jsonText(wrap({ invoiceNumber: "1" }, "commercial-invoice"));
      const error = await thrown("DOCUMENT_FAULTY", readWrapped(put("faulty.json", faulty)));
      expect(error.message).to.include("$.issueDate is required");
    });

    it("refuses what two readers could read differently", async () => {
      const twice = jsonText(invoice()).replace('"kind":', '"kind": "packing-list", "kind":');
      await thrown("JSON_DUPLICATE_NAME", readWrapped(put("twice.json", twice)));
      await thrown("JSON_FORBIDDEN_NAME", readWrapped(put("proto.json", '{"__proto__": {"huangpu": "document/1"}}')));
      await thrown("JSON_LONE_SURROGATE", readWrapped(put("surrogate.json", '{"a": "\\ud800"}')));
      await thrown("JSON_NUMBER", readWrapped(put("number.json", '{"a": 9007199254740993}')));
      await thrown("JSON_TOO_DEEP", readWrapped(put("deep.json", `${"[".repeat(65)}${"]".repeat(65)}`)));
    });
  });

  describe("writeWhole", () => {
    it("writes a file that is not there, and replaces one only when told", async () => {
      const file = path("out.json");
      await writeWhole(file, "one", { replace: false });
      await thrown("FILE_EXISTS", writeWhole(file, "two", { replace: false }));
      expect(readFileSync(file, "utf8")).to.equal("one");
      await writeWhole(file, "two", { replace: true });
      expect(readFileSync(file, "utf8")).to.equal("two");
    });

    it("leaves nothing behind when it fails", async () => {
      await thrown("FILE_UNWRITABLE", writeWhole(path("no/where.json"), "text", { replace: false }));
      mkdirSync(path("taken"));
      writeFileSync(path("taken/file"), "");
      await thrown("FILE_UNWRITABLE", writeWhole(path("taken"), "text", { replace: true }));
      expect(readdirSync(path("."))).to.deep.equal(["taken"]);
    });
  });
});
