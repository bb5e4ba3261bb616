import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Hex } from "../../src/core/hex.ts";
import { jsonText } from "../../src/documents/document-file.ts";
import { exampleOf } from "../../src/documents/template.ts";
import { thrown } from "../support/fakes/thrown.ts";
import { mined } from "../support/world/actor.ts";
import { DocumentsDesk } from "../support/world/documents-desk.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const INVOICE = 380;
const TRADE: Hex = `0x${"7a".repeat(32)}`;

describe("huangpu document, with folders", function () {
  this.timeout(START_TIMEOUT);
  let world: World;
  let desk: DocumentsDesk;

  before(async () => {
    world = await startWorld();
    desk = new DocumentsDesk(world);
  });
  after(async () => await world?.stop());

  it("anchors a folder with one transaction, and revokes one document of it, then all", async () => {
    const source = desk.folder(5);
    const { data } = await desk.anchor(source);
    expect(data).to.deep.include({ size: 5, kind: "commercial-invoice", written: 5 });
    const [first = "", second = ""] = desk.files(source);
    for (const file of desk.files(source)) expect(await desk.verify(file)).to.match(/^valid/);

    await desk.revoke([first]);
    expect(await desk.verify(first)).to.match(/^not valid INTACT REVOKED/);
    expect(await desk.verify(second)).to.match(/^valid/);
    await thrown("REGISTRY_NOT_ACTIVE", desk.revoke([first]));
    await thrown("DOCUMENT_IN_BATCH", desk.supersede(second, desk.make()));
    await desk.revoke([second], { batch: true });
    expect(await desk.verify(second)).to.match(/^not valid INTACT REVOKED/);
  });

  it("goes on where it was interrupted, with the same root and no second transaction", async () => {
    const source = desk.folder(4);
    const [first = "", second = ""] = desk.files(source);
    const before = desk.read(first);
    const { root } = await desk.anchorFolder(source);
    writeFileSync(first, jsonText(before));
    const again = await desk.anchorFolder(source);
    expect(again).to.deep.include({ root, transaction: undefined, written: 1 });
    expect(desk.read(first).batch?.root).to.equal(root);
    expect(await desk.verify(second)).to.match(/^valid/);
    expect((await desk.anchorFolder(source)).written).to.equal(0);
  });

  it("registers nothing while a file has a fault, and lists the faults of all files", async () => {
    const source = desk.folder(3);
    desk.make("packing-list", join(source.slice(world.directory.length + 1), "3.json"));
    writeFileSync(join(source, "4.json"), "{");
    writeFileSync(join(source, "5.json"), readFileSync(join(source, "0.json")));
    writeFileSync(join(source, "6.json"), jsonText(exampleOf("commercial-invoice")));
    writeFileSync(join(source, "7.json"), readFileSync(join(source, "1.json"), "utf8").replace("5000.00", "9000.00"));
    const before = desk.contents(source);
    mkdirSync(join(source, "8.json"));

    const error = await thrown("FOLDER_FAULTY", desk.anchor(source));
    const faults = error.fields["faults"] as { file: string; code: string }[];
    expect(faults.map(({ file, code }) => `${file.slice(source.length + 1)} ${code}`)).to.deep.equal([
      "3.json DOCUMENT_KIND",
      "4.json JSON_SYNTAX",
      "5.json DOCUMENT_IN_BATCH",
      "6.json DOCUMENT_NOT_WRAPPED",
      "7.json DOCUMENT_HASH_MISMATCH",
      "8.json FILE_UNREADABLE",
    ]);
    for (const { file } of faults) expect(error.message).to.include(file);
    rmSync(join(source, "8.json"), { recursive: true });
    expect(desk.contents(source)).to.deep.equal(before);
    expect(await desk.verify(join(source, "0.json"))).to.match(/^not valid INTACT NOT_REGISTERED/);
  });

  it("refuses documents that are in another batch, folders without documents, and a trade", async () => {
    const source = desk.folder(2);
    await desk.anchor(source);
    desk.make("commercial-invoice", join(source.slice(world.directory.length + 1), "9.json"));
    const error = await thrown("FOLDER_FAULTY", desk.anchor(source));
    expect(error.fields["faults"]).to.have.length(2);
    expect(error.message).to.include("DOCUMENT_IN_BATCH");
    mkdirSync(desk.path("empty"));
    await thrown("BATCH_SIZE", desk.anchor(desk.path("empty")));
    await thrown("DOCUMENT_IN_BATCH", desk.anchor(source, "seller", TRADE));
    await thrown("FILE_UNREADABLE", desk.anchor(desk.path("nowhere")));
    await thrown("REGISTRY_NOT_ACCREDITED", desk.anchor(desk.folder(2), "carrier"));
  });

  it("writes the proofs of a batch whose transaction it does not remember", async () => {
    const source = desk.folder(3);
    const { root, size } = await desk.batchOf(source);
    await mined(world.as("seller").trade.documentRegistry.anchorBatch(root, size, INVOICE));
    const { data } = await desk.anchor(source);
    expect(data).to.deep.include({ root, transaction: undefined, written: 3 });
  });

  it("does not take for its own what somebody else registered first, or what is revoked", async () => {
    const source = desk.folder(2);
    const before = desk.contents(source);
    const { root, size } = await desk.batchOf(source);
    await mined(world.as("customer1").trade.documentRegistry.anchorBatch(root, size, INVOICE));
    await thrown("REGISTRY_ALREADY_ANCHORED", desk.anchor(source));
    expect(desk.contents(source)).to.deep.equal(before);

    const withdrawn = desk.folder(2);
    await desk.anchor(withdrawn);
    await desk.revoke([join(withdrawn, "0.json")], { batch: true });
    await thrown("REGISTRY_ALREADY_ANCHORED", desk.anchor(withdrawn));
  });

  it("tells a document that somebody registered who is not named in it", async () => {
    const file = desk.make();
    await mined(
      world.as("customer1").trade.documentRegistry.anchor(desk.read(file).hash, INVOICE, `0x${"00".repeat(32)}`),
    );
    expect(await desk.verify(file)).to.equal("not valid INTACT ACTIVE ISSUER_MISMATCH ACCEPTED");
    const other = desk.make();
    await mined(world.as("seller").trade.documentRegistry.anchor(desk.read(other).hash, 271, `0x${"00".repeat(32)}`));
    expect(await desk.verify(other)).to.match(/^not valid INTACT ACTIVE ISSUER_CONFIRMED KIND_NOT_AS_REGISTERED/);
  });

  it("refuses a proof of another batch, and one of another place", async () => {
    const [one, other] = [desk.folder(2), desk.folder(2)];
    for (const source of [one, other]) await desk.anchor(source);
    const [mine, theirs] = [desk.read(join(one, "0.json")), desk.read(join(other, "0.json"))];
    for (const batch of [theirs.batch, { ...mine.batch, index: 1 }, { ...mine.batch, size: 3 }]) {
      writeFileSync(desk.path("mixed.json"), jsonText({ ...mine, batch }));
      expect(await desk.verify(desk.path("mixed.json"))).to.match(/^not valid BATCH_PROOF_(MISMATCH|FORM)/);
    }
  });
});
