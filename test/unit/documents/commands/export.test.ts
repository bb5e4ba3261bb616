import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { type ExportCommandOptions, exportFiles } from "../../../../src/documents/commands/export.ts";
import { create, redact, wrapFiles } from "../../../../src/documents/commands/make.ts";
import { verifyFiles } from "../../../../src/documents/commands/verify.ts";
import type { WrappedOpenAttestation } from "../../../../src/open-attestation/format.ts";
import { verifyOpenAttestation } from "../../../../src/open-attestation/verify-open-attestation.ts";
import { scratchFolder } from "../../../support/fakes/scratch.ts";
import { thrown } from "../../../support/fakes/thrown.ts";

describe("commands for OpenAttestation", () => {
  const path = scratchFolder();
  const options = (out: string): ExportCommandOptions => ({
    issuer: "Demo Carrier",
    domain: "carrier.example",
    store: "tokenRegistry",
    address: "0x71d28767662cb233f887ad2bb65d048d760ba694",
    chain: "HUANGPU",
    chainId: 31_337,
    template: "https://templates.example",
    out: path(out),
  });
  const read = (name: string) => JSON.parse(readFileSync(path(name), "utf8")) as WrappedOpenAttestation;

  const wrapped = async (kind: string, name: string) => {
    await create(kind, { set: [], out: path(`plain-${name}`) });
    await wrapFiles(path(`plain-${name}`), { kind, out: path(name) });
    return path(name);
  };

  it("export one document to a file that verifies", async () => {
    const file = await wrapped("bill-of-lading", "bl.json");
    const { data } = await exportFiles([file], options("oa.json"));
    const { content, warnings } = verifyOpenAttestation(read("oa.json"));
    expect(data).to.deep.equal({ documents: 1, root: content?.merkleRoot, out: path("oa.json") });
    expect(warnings).to.deep.equal([]);
    expect(content?.data["$template"]).to.deep.equal({
      name: "bill-of-lading",
      type: "EMBEDDED_RENDERER",
      url: "https://templates.example",
    });
    const { hash } = JSON.parse(readFileSync(file, "utf8")) as { hash: string };
    expect(content?.data["huangpu"]).to.deep.equal({ kind: "bill-of-lading", hash });
    expect(await verifyFiles([path("oa.json")], { offline: true }, {})).to.include({ fails: false });
  });

  it("export several to a folder, under one root", async () => {
    const files = [await wrapped("bill-of-lading", "bl.json"), await wrapped("packing-list", "pl.json")];
    await exportFiles(files, options("batch"));
    expect(readdirSync(path("batch")).sort()).to.deep.equal(["bl.json", "pl.json"]);
    const [one, other] = [read("batch/bl.json"), read("batch/pl.json")].map(verifyOpenAttestation);
    expect(one?.content?.merkleRoot).to.equal(other?.content?.merkleRoot);
    expect(one?.content?.targetHash).to.not.equal(other?.content?.targetHash);
  });

  it("export nothing of a batch in which one is faulty, and nothing over what is there", async () => {
    const file = await wrapped("bill-of-lading", "bl.json");
    writeFileSync(path("faulty.json"), readFileSync(file, "utf8").replace('"isToOrder": true', '"isToOrder": false'));
    const fault = await thrown("DOCUMENT_HASH_MISMATCH", exportFiles([file, path("faulty.json")], options("batch")));
    expect(fault.message).to.include(`${path("faulty.json")}: `);
    await thrown("DOCUMENT_NOT_WRAPPED", exportFiles([file, path("plain-bl.json")], options("batch")));
    await thrown("FILE_EXISTS", exportFiles([file, file], options("batch")));
    expect(existsSync(path("batch"))).to.equal(false);
    await thrown("FILE_EXISTS", exportFiles([file], options("bl.json")));
    await thrown("FILE_EXISTS", exportFiles([file, await wrapped("packing-list", "pl.json")], options("bl.json")));
    expect(readdirSync(path("")).filter((name) => name.startsWith("."))).to.deep.equal([]);
  });

  it("refuse what is no address", async () => {
    const file = await wrapped("bill-of-lading", "bl.json");
    for (const address of ["", "0x", "0x71d2", "71d28767662cb233f887ad2bb65d048d760ba694", "0xzz"]) {
      await thrown("OPEN_ATTESTATION_REFUSED", exportFiles([file], { ...options("oa.json"), address }));
    }
  });

  it("redact what was exported, and nothing that is not valid", async () => {
    await exportFiles([await wrapped("bill-of-lading", "bl.json")], options("oa.json"));
    await redact(path("oa.json"), { hide: ["charges", "transports.portOfLoading"], out: path("redacted.json") });
    const { content } = verifyOpenAttestation(read("redacted.json"));
    expect(content?.targetHash).to.equal(verifyOpenAttestation(read("oa.json")).content?.targetHash);
    expect(content?.data).to.not.have.property("charges");
    writeFileSync(path("changed.json"), readFileSync(path("oa.json"), "utf8").replace(":string:NMFTA", ":string:SMDG"));
    await thrown("OPEN_ATTESTATION_REFUSED", redact(path("changed.json"), { hide: ["charges"] }));
  });
});
