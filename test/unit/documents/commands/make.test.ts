import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { create, redact, validate, wrapFiles } from "../../../../src/documents/commands/make.ts";
import { requirePresented } from "../../../../src/documents/presentation.ts";
import { requireIntact } from "../../../../src/documents/wrapped-document.ts";
import { exampleDocument } from "../../../support/fakes/example-documents.ts";
import { scratchFolder } from "../../../support/fakes/scratch.ts";
import { thrown } from "../../../support/fakes/thrown.ts";

describe("commands that make documents", () => {
  const path = scratchFolder();
  const read = (name: string) => JSON.parse(readFileSync(path(name), "utf8"));

  const wrapped = async (name = "w.json") => {
    await create("commercial-invoice", { set: [], out: path("d.json") });
    await wrapFiles(path("d.json"), { kind: "commercial-invoice", out: path(name) });
    return path(name);
  };

  it("create a document from the example of its kind, or from a template", async () => {
    await create("commercial-invoice", { set: ["invoiceNumber=A-1"], out: path("a.json") });
    expect(read("a.json")).to.deep.equal({ ...exampleDocument("commercial-invoice"), invoiceNumber: "A-1" });
    await create("commercial-invoice", { from: path("a.json"), set: ["remarks="], out: path("b.json") });
    const { remarks, ...rest } = read("a.json");
    expect(read("b.json")).to.deep.equal(rest);
    expect((await create("packing-list", { set: [] })).data).to.deep.equal(exampleDocument("packing-list"));
  });

  it("create nothing that has a fault, of no kind, or where something is", async () => {
    const error = await thrown(
      "DOCUMENT_FAULTY",
      create("commercial-invoice", { set: ["currency=RMB"], out: path("a.json") }),
    );
    expect(error.fields["faults"]).to.have.length(1);
    await thrown("DOCUMENT_KIND", create("invoice", { set: [], out: path("a.json") }));
    expect(existsSync(path("a.json"))).to.equal(false);
    writeFileSync(path("a.json"), "mine");
    await thrown("FILE_EXISTS", create("commercial-invoice", { set: [], out: path("a.json") }));
    expect(readFileSync(path("a.json"), "utf8")).to.equal("mine");
    writeFileSync(path("list.json"), "[]");
    await thrown("DOCUMENT_FORM", create("commercial-invoice", { from: path("list.json"), set: [] }));
  });

  it("validate, and say every fault", async () => {
    await create("commercial-invoice", { set: [], out: path("a.json") });
    const sound = await validate(path("a.json"), { kind: "commercial-invoice" });
    expect(sound).to.deep.include({ fails: false });
    const { fails, text, data } = await validate(path("a.json"), { kind: "purchase-order" });
    expect(fails).to.equal(true);
    expect(text).to.include("$.orderNumber  REQUIRED\n  is required: add a text\n");
    expect((data as { faults: unknown[] }).faults.length).to.be.greaterThan(5);
  });

  it("let nothing in a document steer the terminal", async () => {
    writeFileSync(path("a.json"), JSON.stringify({ "\u009b31m": 1 }));
    const { text } = await validate(path("a.json"), { kind: "commercial-invoice" });
    expect(text).to.include('$["\\u009b31m"]').and.not.include("\u009b");
    expect((await create("packing-list", { set: ["remarks[0]=\u009b31m"] })).text).not.to.include("\u009b");
  });

  it("wrap a sound document only", async () => {
    expect(requireIntact(JSON.parse(readFileSync(await wrapped(), "utf8"))).kind).to.equal("commercial-invoice");
    await thrown("DOCUMENT_FAULTY", wrapFiles(path("d.json"), { kind: "purchase-order", out: path("x.json") }));
    await thrown("FILE_UNREADABLE", wrapFiles(path("nowhere.json"), { kind: "purchase-order", out: path("x.json") }));
    expect(existsSync(path("x.json"))).to.equal(false);
  });

  it("wrap a folder whole, or not at all", async () => {
    mkdirSync(path("in"));
    for (const name of ["a", "b"])
      await create("packing-list", { set: [`packingListNumber=${name}`], out: path(`in/${name}.json`) });
    writeFileSync(path("in/readme.txt"), "no document");
    await wrapFiles(path("in"), { kind: "packing-list", out: path("out") });
    expect(readdirSync(path("out"))).to.deep.equal(["a.json", "b.json"]);
    expect(requireIntact(read("out/b.json")).data["packingListNumber"]).to.equal("b");
    await thrown("FILE_EXISTS", wrapFiles(path("in"), { kind: "packing-list", out: path("out") }));

    writeFileSync(path("in/c.json"), "{}");
    writeFileSync(path("in/d.json"), "{");
    const error = await thrown("FOLDER_FAULTY", wrapFiles(path("in"), { kind: "packing-list", out: path("second") }));
    expect(error.message).to.include("c.json: DOCUMENT_FAULTY").and.include("d.json: JSON_SYNTAX");
    expect(readdirSync(path(".")).sort()).to.deep.equal(["in", "out"]);
  });

  it("wrap no folder that has no documents, and into none that cannot be", async () => {
    mkdirSync(path("in"));
    await thrown("BATCH_SIZE", wrapFiles(path("in"), { kind: "packing-list", out: path("out") }));
    await create("packing-list", { set: [], out: path("in/a.json") });
    await thrown("FILE_UNWRITABLE", wrapFiles(path("in"), { kind: "packing-list", out: path("in/a.json/out") }));
    expect(readdirSync(path("."))).to.deep.equal(["in"]);
  });

  it("leave nothing of a folder when they are interrupted", async function () {
    this.timeout(60_000);
    mkdirSync(path("in"));
    await create("packing-list", { set: [], out: path("in/0.json") });
    for (let copy = 1; copy < 2_000; copy++) copyFileSync(path("in/0.json"), path(`in/${copy}.json`));
    const main = join(import.meta.dirname, "../../../../src/main.ts");
    const wrapping = ["document", "wrap", path("in"), "--kind", "packing-list", "--out", path("out")];
    const child = spawn(process.execPath, [main, ...wrapping], { stdio: "ignore" });
    const ended = once(child, "exit");
    for (let wait = 0; wait < 500 && readdirSync(path(".")).length === 1; wait++) await sleep(20);
    expect(child.kill("SIGINT")).to.equal(true);
    expect(await ended).to.deep.equal([130, null]);
    expect(readdirSync(path("."))).to.deep.equal(["in"]);
  });

  it("redact fields, and more of them later", async () => {
    await redact(await wrapped(), { hide: ["payeeAccount", "lines[0].unitPrice"], out: path("r.json") });
    const first = requirePresented(read("r.json"));
    expect(first.hash).to.equal(read("w.json").hash);
    expect(JSON.stringify(first)).not.to.include("310066771018000000001").and.not.include("31.25");
    await redact(path("r.json"), { hide: ["$.totals"], out: path("s.json") });
    expect(requirePresented(read("s.json")).shown.length).to.equal(first.shown.length - 5);
  });

  it("refuse to redact what is not there, everything, and what was altered", async () => {
    const file = await wrapped();
    await thrown("DOCUMENT_NOT_WRAPPED", redact(path("d.json"), { hide: ["totals"], out: path("r.json") }));
    await thrown("PATH_UNKNOWN", redact(file, { hide: ["payee"], out: path("r.json") }));
    await thrown("PATH_INVALID", redact(file, { hide: ["a..b"], out: path("r.json") }));
    await thrown("PRESENTATION_EMPTY", redact(file, { hide: ["$"], out: path("r.json") }));
    writeFileSync(file, readFileSync(file, "utf8").replace("5000.00", "6000.00"));
    await thrown("DOCUMENT_HASH_MISMATCH", redact(file, { hide: ["totals"], out: path("r.json") }));
    expect(existsSync(path("r.json"))).to.equal(false);
  });
});
