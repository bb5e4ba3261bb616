import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { diag } from "libxml2-wasm";
import { parseMessage } from "../../../src/iso20022/business-message.ts";
import { Schemas } from "../../../src/iso20022/schemas.ts";
import { paymentMessage, paymentXml } from "../../support/fakes/iso-messages.ts";
import { schemasOrSkip } from "../../support/fakes/schemas.ts";
import { scratchFolder } from "../../support/fakes/scratch.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { vectorFileOrSkip } from "../../support/fakes/vectors.ts";

describe("genuine schemas", () => {
  const scratch = scratchFolder();

  it("find what our own rules let pass, and say where", async function () {
    const schemas = schemasOrSkip(this);
    try {
      // Our rules skip the inside of an element that says nothing here; the schema does not.
      const xml = paymentXml().replace("</EndToEndId>", "</EndToEndId><TxId></TxId>");
      expect(parseMessage(xml)).to.deep.equal(paymentMessage());
      const error = await thrown("ISO_SCHEMA", () => parseMessage(xml, schemas));
      expect(error.message).to.include("TxId").and.to.include("pacs.009.001.08");
    } finally {
      schemas.dispose();
    }
  });

  it("are not found in a folder without them", async () => {
    const error = await thrown("CONFIG_INVALID", () => Schemas.load(scratch("nowhere")));
    expect(error.message).to.include("head.001.001.02.xsd");
  });

  it("are refused when one is another's, or none", async function () {
    const folder = scratch("schemas");
    const genuine = vectorFileOrSkip(this, "iso20022");
    const file = `${folder}/pacs.002.001.10.xsd`;
    mkdirSync(folder);
    for (const name of readdirSync(genuine).filter((each) => each.endsWith(".xsd"))) {
      if (join(folder, name) !== file) copyFileSync(join(genuine, name), join(folder, name));
    }
    const copy = (text: string) => writeFileSync(file, text);
    const head = 'targetNamespace="urn:iso:std:iso:20022:tech:xsd:pacs.002.001.10"';
    diag.configure({ enabled: true });
    try {
      for (const text of ["", "<schema/>", `<schema ${head}/>`, `<schema ${head}`]) {
        copy(text);
        const error = await thrown("CONFIG_INVALID", () => Schemas.load(folder));
        expect(error.fields["file"]).to.equal(file);
      }
      expect(diag.report()).to.deep.equal({});
    } finally {
      diag.configure({ enabled: false });
    }
  });
});
