import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { DevelopmentAccount } from "../../src/config/development.ts";
import type { Hex } from "../../src/core/hex.ts";
import type { AnchoredFolder } from "../../src/documents/anchor-folder.ts";
import { anchor, type RevokeOptions, revoke, supersede } from "../../src/documents/commands/register.ts";
import { type VerifyCommandOptions, verifyFiles } from "../../src/documents/commands/verify.ts";
import { jsonText } from "../../src/documents/document-file.ts";
import type { KindName } from "../../src/documents/kinds.ts";
import { applySetting, exampleOf } from "../../src/documents/template.ts";
import { type WrappedDocument, wrap } from "../../src/documents/wrapped-document.ts";
import type { Verification } from "../../src/verification/fragment.ts";
import { serve } from "../support/fakes/http-server.ts";
import { thrown } from "../support/fakes/thrown.ts";
import { mined } from "../support/world/actor.ts";
import { runScript } from "../support/world/process.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const TRADE: Hex = `0x${"7a".repeat(32)}`;

describe("huangpu document, against the chain", function () {
  this.timeout(START_TIMEOUT);
  let world: World;
  let config: string;
  let made = 0;

  before(async () => {
    world = await startWorld();
    const { documentRegistry: registry, participants } = world.deployment.trade;
    config = join(world.directory, "config.json");
    const documents = { registry, participants, pollMs: 10, receiptTimeoutMs: 5_000 };
    writeFileSync(config, JSON.stringify({ chains: world.chains, documents }));
  });
  after(async () => await world?.stop());

  const path = (name: string) => join(world.directory, name);

  /** A wrapped document in a file of its own. */
  function make(
    kind: KindName = "commercial-invoice",
    file = `document-${++made}.json`,
    ...settings: string[]
  ): string {
    const data = exampleOf(kind);
    for (const setting of settings) applySetting(data, setting);
    writeFileSync(path(file), jsonText(wrap(data, kind)));
    return path(file);
  }
  const folder = (count: number, kind: KindName = "commercial-invoice") => {
    const name = `batch-${++made}`;
    mkdirSync(path(name));
    for (let index = 0; index < count; index++) make(kind, join(name, `${index}.json`), `remarks=["${index}"]`);
    return path(name);
  };
  const read = (file: string): WrappedDocument => JSON.parse(readFileSync(file, "utf8"));
  const inFolder = (name: string) =>
    readdirSync(name)
      .sort()
      .map((file) => join(name, file));

  const anchoring = (source: string, as: DevelopmentAccount = "seller", trade?: string) =>
    anchor(source, { config, as, ...(trade === undefined ? {} : { trade }) }, {}, () => undefined);
  const revoking = (files: string[], options: RevokeOptions = {}) =>
    revoke(files, { config, as: "seller", ...options }, {});
  const superseding = (file: string, other: string, as: DevelopmentAccount = "seller") =>
    supersede(file, other, { config, as }, {});

  /** The codes of a file's fragments, in their order, and whether it is valid. */
  async function verified(file: string, options: VerifyCommandOptions = {}): Promise<string> {
    const { data, fails } = await verifyFiles([file], { config, ...options }, {});
    const [{ valid, fragments }] = data as [Verification];
    expect(fails).to.equal(!valid);
    return [valid ? "valid" : "not valid", ...fragments.map(({ code }) => code)].join(" ");
  }

  it("anchors a document of each kind that its issuer is accredited for", async () => {
    const issuers: Partial<Record<KindName, DevelopmentAccount>> = {
      "commercial-invoice": "seller",
      "purchase-order": "buyer",
      "packing-list": "seller",
      "bill-of-lading": "carrier",
      "customs-declaration": "broker",
      "certificate-of-origin": "chamber",
      "insurance-certificate": "insurer",
      "inspection-certificate": "inspector",
      "warehouse-receipt": "warehouse",
    };
    for (const [kind, account] of Object.entries(issuers)) {
      const file = make(kind as KindName);
      expect(await verified(file)).to.equal("not valid INTACT NOT_REGISTERED NO_REGISTRATION ACCEPTED");
      await anchoring(file, account);
      expect(await verified(file), kind).to.equal("valid INTACT ACTIVE ISSUER_CONFIRMED ACCEPTED");
    }
  });

  it("anchors a document for a trade", async () => {
    const file = make();
    await anchoring(file, "seller", TRADE);
    expect(await world.as("buyer").trade.documentRegistry.tradeOf(read(file).hash)).to.equal(TRADE);
    await thrown("REGISTRY_DOCUMENT_EXISTS", anchoring(make(), "seller", TRADE));
    await thrown("CONFIG_INVALID", anchoring(make(), "seller", "0x12"));
  });

  it("refuses what is anchored already, an account that is not accredited, and one of nobody", async () => {
    const file = make();
    await anchoring(file);
    await thrown("REGISTRY_ALREADY_ANCHORED", anchoring(file));
    await thrown("REGISTRY_NOT_ACCREDITED", anchoring(make(), "carrier"));
    await thrown("REGISTRY_NOT_PARTICIPANT", anchoring(make(), "stranger"));
    await thrown("KEY_REFUSED", anchoring(make(), "nobody" as DevelopmentAccount));
  });

  it("refuses a document that names another issuer than the account's entity", async () => {
    const lei = exampleOf("commercial-invoice")["buyer"] as { lei: string };
    const file = make("commercial-invoice", "foreign.json", `seller.lei=${lei.lei}`);
    const error = await thrown("DOCUMENT_NOT_OWN", anchoring(file));
    expect(error.message).to.include("seller").and.include(lei.lei);
  });

  it("supersedes a document by another one, and names it", async () => {
    const [file, other] = [make(), make()];
    await anchoring(file);
    await superseding(file, other);
    expect(await verified(file)).to.match(/^not valid INTACT SUPERSEDED/);
    expect(await verified(other)).to.match(/^valid/);
    await thrown("REGISTRY_NOT_ACTIVE", superseding(file, make()));
    await thrown("REGISTRY_NOT_ISSUER", superseding(other, make(), "buyer"));
    await thrown("REGISTRY_NOT_ACTIVE", superseding(make(), make()));
    await thrown("DOCUMENT_KIND", superseding(other, make("packing-list")));
  });

  it("revokes documents, all of which it reads before", async () => {
    const [first, second] = [make(), make()];
    for (const file of [first, second]) await anchoring(file);
    await thrown("FILE_UNREADABLE", revoking([first, path("nowhere.json")]));
    expect(await verified(first)).to.match(/^valid/);
    await revoking([first, second]);
    for (const file of [first, second]) expect(await verified(file)).to.match(/^not valid INTACT REVOKED/);
    await thrown("REGISTRY_NOT_ACTIVE", revoking([first]));
    await thrown("BATCH_PROOF_FORM", revoking([first], { batch: true }));
  });

  it("tells a suspended issuer and one that lost its accreditation", async () => {
    const file = make("inspection-certificate");
    await anchoring(file, "inspector");
    const { documentRegistry } = world.as("accreditor").trade;
    await mined(documentRegistry.setAccreditation(world.as("inspector").address, 856, false));
    expect(await verified(file)).to.match(/^not valid INTACT ACTIVE ISSUER_NOT_ACCREDITED/);
    await mined(documentRegistry.setAccreditation(world.as("inspector").address, 856, true));
    expect(await verified(file)).to.match(/^valid/);
  });

  it("takes what the verifier wants: kinds, issuers, age", async () => {
    const file = make();
    await anchoring(file);
    const lei = (exampleOf("commercial-invoice")["seller"] as { lei: string }).lei;
    expect(await verified(file, { kind: ["commercial-invoice"], issuer: [lei], maxAge: 3_600 })).to.match(/^valid/);
    expect(await verified(file, { kind: ["packing-list"] })).to.match(/^not valid .*KIND_NOT_ACCEPTED$/);
    expect(await verified(file, { issuer: ["8945HPUIMPORTER00000"] })).to.match(/^not valid .*ISSUER_NOT_ACCEPTED$/);
    expect(await verified(file, { offline: true })).to.equal("valid INTACT NO_CHAIN NO_CHAIN ACCEPTED");
    expect(await verified(path("nowhere.json"))).to.match(/^not valid FILE_UNREADABLE/);
  });

  describe("batches", () => {
    it("anchors a folder with one transaction, and revokes one document of it, then all", async () => {
      const source = folder(5);
      const { data } = await anchoring(source);
      expect(data).to.deep.include({ size: 5, kind: "commercial-invoice", written: 5 });
      const [first = "", second = ""] = inFolder(source);
      for (const file of inFolder(source)) expect(await verified(file)).to.match(/^valid/);

      await revoking([first]);
      expect(await verified(first)).to.match(/^not valid INTACT REVOKED/);
      expect(await verified(second)).to.match(/^valid/);
      await thrown("REGISTRY_NOT_ACTIVE", revoking([first]));
      await thrown("DOCUMENT_IN_BATCH", superseding(second, make()));
      await revoking([second], { batch: true });
      expect(await verified(second)).to.match(/^not valid INTACT REVOKED/);
    });

    it("goes on where it was interrupted, with the same root and no second transaction", async () => {
      const source = folder(4);
      const [first = "", second = ""] = inFolder(source);
      const before = read(first);
      const { root } = (await anchoring(source)).data as AnchoredFolder;
      writeFileSync(first, jsonText(before));
      const again = (await anchoring(source)).data as AnchoredFolder;
      expect(again).to.deep.include({ root, transaction: undefined, written: 1 });
      expect(read(first).batch?.root).to.equal(root);
      expect(await verified(second)).to.match(/^valid/);
      expect(((await anchoring(source)).data as AnchoredFolder).written).to.equal(0);
    });

    it("registers nothing while a file has a fault, and lists the faults of all files", async () => {
      const source = folder(3);
      const texts = () => inFolder(source).map((file) => readFileSync(file, "utf8"));
      make("packing-list", join(source.slice(world.directory.length + 1), "3.json"));
      writeFileSync(join(source, "4.json"), "{");
      writeFileSync(join(source, "5.json"), readFileSync(join(source, "0.json")));
      writeFileSync(join(source, "6.json"), jsonText(exampleOf("commercial-invoice")));
      writeFileSync(join(source, "7.json"), readFileSync(join(source, "1.json"), "utf8").replace("5000.00", "9000.00"));
      mkdirSync(join(source, "8.json"));
      const before = inFolder(source)
        .filter((file) => !file.endsWith("8.json"))
        .map((file) => readFileSync(file, "utf8"));

      const error = await thrown("FOLDER_FAULTY", anchoring(source));
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
      expect(texts()).to.deep.equal(before);
      expect(await verified(join(source, "0.json"))).to.match(/^not valid INTACT NOT_REGISTERED/);
    });

    it("refuses documents that are in another batch, folders without documents, and a trade", async () => {
      const source = folder(2);
      await anchoring(source);
      make("commercial-invoice", join(source.slice(world.directory.length + 1), "9.json"));
      const error = await thrown("FOLDER_FAULTY", anchoring(source));
      expect(error.fields["faults"]).to.have.length(2);
      expect(error.message).to.include("DOCUMENT_IN_BATCH");
      mkdirSync(path("empty"));
      await thrown("BATCH_SIZE", anchoring(path("empty")));
      await thrown("DOCUMENT_IN_BATCH", anchoring(source, "seller", TRADE));
      await thrown("FILE_UNREADABLE", anchoring(path("nowhere")));
      await thrown("REGISTRY_NOT_ACCREDITED", anchoring(folder(2), "carrier"));
    });

    it("does not take a batch that somebody else registered for its own", async () => {
      const source = folder(2);
      const { root, size } = (await anchoring(source)).data as AnchoredFolder;
      await revoking([join(source, "0.json")], { batch: true });
      await thrown("REGISTRY_ALREADY_ANCHORED", anchoring(source));
      expect(size).to.equal(2);
      expect(read(join(source, "0.json")).batch?.root).to.equal(root);
    });

    it("refuses a proof of another batch, and one of another place", async () => {
      const [one, other] = [folder(2), folder(2)];
      for (const source of [one, other]) await anchoring(source);
      const [mine, theirs] = [read(join(one, "0.json")), read(join(other, "0.json"))];
      for (const batch of [theirs.batch, { ...mine.batch, index: 1 }, { ...mine.batch, size: 3 }]) {
        writeFileSync(path("mixed.json"), jsonText({ ...mine, batch }));
        expect(await verified(path("mixed.json"))).to.match(/^not valid BATCH_PROOF_(MISMATCH|FORM)/);
      }
    });
  });

  describe("a chain that does not answer", () => {
    it("leaves files as they were, and verification without an answer", async () => {
      const server = await serve(() => ({ status: 503, body: "busy" }));
      try {
        const { chains, documents } = JSON.parse(readFileSync(config, "utf8"));
        const trade = { ...chains.trade, rpcUrls: [server.url], timeoutMs: 500 };
        const elsewhere = path("elsewhere.json");
        writeFileSync(elsewhere, JSON.stringify({ chains: { ...chains, trade }, documents }));
        const source = folder(2);
        const before = readFileSync(join(source, "0.json"), "utf8");
        await thrown(
          "RPC_UNAVAILABLE",
          anchor(source, { config: elsewhere, as: "seller" }, {}, () => undefined),
        );
        expect(readFileSync(join(source, "0.json"), "utf8")).to.equal(before);
        const verification = await verified(join(source, "0.json"), { config: elsewhere });
        expect(verification).to.equal("not valid INTACT CHAIN_UNREACHABLE NO_REGISTRATION ACCEPTED");
      } finally {
        await server.close();
      }
    });

    it("is told from a chain that is another one, and from a contract that is none", async () => {
      const { chains, documents } = JSON.parse(readFileSync(config, "utf8"));
      const wrong = path("wrong.json");
      writeFileSync(
        wrong,
        JSON.stringify({ chains: { ...chains, trade: { ...chains.trade, chainId: 7_199 } }, documents }),
      );
      expect(await verified(make(), { config: wrong })).to.match(/^not valid INTACT CHAIN_UNREACHABLE/);
      await thrown(
        "RPC_WRONG_CHAIN",
        anchor(make(), { config: wrong, as: "seller" }, {}, () => undefined),
      );
      writeFileSync(wrong, JSON.stringify({ chains, documents: { ...documents, registry: `0x${"11".repeat(20)}` } }));
      expect(await verified(make(), { config: wrong })).to.match(/^not valid INTACT CHAIN_UNREACHABLE/);
    });
  });

  it("ends with exit code 0 only when all is valid, and says the four answers", async () => {
    const [good, bad] = [make(), make()];
    await anchoring(good);
    const run = async (...args: string[]) => {
      const child = runScript("src/main.ts", ["document", ...args, "--config", config]);
      return { code: (await child.ended).code, output: child.output };
    };
    const valid = await run("verify", good);
    expect(valid.code, valid.output).to.equal(0);
    for (const name of ["integrity", "status", "issuer", "policy"]) {
      expect(valid.output).to.match(new RegExp(`^  ${name} +VALID +[A-Z_]+$`, "m"));
    }
    const both = await run("verify", good, bad, "--json");
    expect(both.code).to.equal(1);
    expect(JSON.parse(both.output).map(({ valid }: Verification) => valid)).to.deep.equal([true, false]);
    const refused = await run("anchor", good, "--as", "seller");
    expect(refused.code).to.equal(1);
    expect(refused.output).to.match(/^REGISTRY_ALREADY_ANCHORED: The document 0x[0-9a-f]{64} is registered already$/m);
  });
});
