import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { DevelopmentAccount } from "../../src/config/development.ts";
import type { Hex } from "../../src/core/hex.ts";
import { anchor } from "../../src/documents/commands/register.ts";
import type { KindName } from "../../src/documents/kinds.ts";
import { exampleOf } from "../../src/documents/template.ts";
import type { Verification } from "../../src/verification/fragment.ts";
import { serve } from "../support/fakes/http-server.ts";
import { thrown } from "../support/fakes/thrown.ts";
import { mined } from "../support/world/actor.ts";
import { DocumentsDesk } from "../support/world/documents-desk.ts";
import { runScript } from "../support/world/process.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const TRADE: Hex = `0x${"7a".repeat(32)}`;

describe("huangpu document, against the chain", function () {
  this.timeout(START_TIMEOUT);
  let world: World;
  let desk: DocumentsDesk;

  before(async () => {
    world = await startWorld();
    desk = new DocumentsDesk(world);
  });
  after(async () => await world?.stop());

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
      const file = desk.make(kind as KindName);
      expect(await desk.verify(file)).to.equal("not valid INTACT NOT_REGISTERED NO_REGISTRATION ACCEPTED");
      await desk.anchor(file, account);
      expect(await desk.verify(file), kind).to.equal("valid INTACT ACTIVE ISSUER_CONFIRMED ACCEPTED");
    }
  });

  it("anchors a document for a trade", async () => {
    const file = desk.make();
    await desk.anchor(file, "seller", TRADE);
    expect(await world.as("buyer").trade.documentRegistry.tradeOf(desk.read(file).hash)).to.equal(TRADE);
    await thrown("REGISTRY_DOCUMENT_EXISTS", desk.anchor(desk.make(), "seller", TRADE));
    await thrown("CONFIG_INVALID", desk.anchor(desk.make(), "seller", "0x12"));
  });

  it("refuses what is anchored already, an account that is not accredited, and one of nobody", async () => {
    const file = desk.make();
    await desk.anchor(file);
    await thrown("REGISTRY_ALREADY_ANCHORED", desk.anchor(file));
    await thrown("REGISTRY_NOT_ACCREDITED", desk.anchor(desk.make(), "carrier"));
    await thrown("REGISTRY_NOT_PARTICIPANT", desk.anchor(desk.make(), "stranger"));
    await thrown("KEY_REFUSED", desk.anchor(desk.make(), "nobody" as DevelopmentAccount));
  });

  it("refuses a document that names another issuer than the account's entity", async () => {
    const lei = exampleOf("commercial-invoice")["buyer"] as { lei: string };
    const file = desk.make("commercial-invoice", "foreign.json", `seller.lei=${lei.lei}`);
    const error = await thrown("DOCUMENT_NOT_OWN", desk.anchor(file));
    expect(error.message).to.include("seller").and.include(lei.lei);
  });

  it("supersedes a document by another one, and names it", async () => {
    const [file, other] = [desk.make(), desk.make()];
    await desk.anchor(file);
    await desk.supersede(file, other);
    expect(await desk.verify(file)).to.match(/^not valid INTACT SUPERSEDED/);
    expect(await desk.verify(other)).to.match(/^valid/);
    await thrown("REGISTRY_NOT_ACTIVE", desk.supersede(file, desk.make()));
    await thrown("REGISTRY_NOT_ACCREDITED", desk.supersede(other, desk.make(), "buyer"));
    await thrown("REGISTRY_NOT_ISSUER", desk.revoke([other], { as: "buyer" }));
    await thrown("REGISTRY_NOT_ACTIVE", desk.supersede(desk.make(), desk.make()));
    await thrown("DOCUMENT_KIND", desk.supersede(other, desk.make("packing-list")));
  });

  it("supersedes nothing by a document that names another issuer: nobody could verify it", async () => {
    const lei = exampleOf("commercial-invoice")["buyer"] as { lei: string };
    const file = desk.make();
    await desk.anchor(file);
    const foreign = desk.make("commercial-invoice", "foreign-replacement.json", `seller.lei=${lei.lei}`);
    await thrown("DOCUMENT_NOT_OWN", desk.supersede(file, foreign));
    expect(await desk.verify(file)).to.match(/^valid/);
  });

  it("revokes documents, all of which it reads before", async () => {
    const [first, second] = [desk.make(), desk.make()];
    for (const file of [first, second]) await desk.anchor(file);
    await thrown("FILE_UNREADABLE", desk.revoke([first, desk.path("nowhere.json")]));
    expect(await desk.verify(first)).to.match(/^valid/);
    await desk.revoke([first, second]);
    for (const file of [first, second]) expect(await desk.verify(file)).to.match(/^not valid INTACT REVOKED/);
    await thrown("REGISTRY_NOT_ACTIVE", desk.revoke([first]));
    await thrown("BATCH_PROOF_FORM", desk.revoke([first], { batch: true }));
  });

  it("tells a suspended issuer and one that lost its accreditation", async () => {
    const file = desk.make("inspection-certificate");
    await desk.anchor(file, "inspector");
    const { documentRegistry } = world.as("accreditor").trade;
    await mined(documentRegistry.setAccreditation(world.as("inspector").address, 856, false));
    expect(await desk.verify(file)).to.match(/^not valid INTACT ACTIVE ISSUER_NOT_ACCREDITED/);
    await mined(documentRegistry.setAccreditation(world.as("inspector").address, 856, true));
    expect(await desk.verify(file)).to.match(/^valid/);
  });

  it("takes what the verifier wants: kinds, issuers, age", async () => {
    const file = desk.make();
    await desk.anchor(file);
    const lei = (exampleOf("commercial-invoice")["seller"] as { lei: string }).lei;
    expect(await desk.verify(file, { kind: ["commercial-invoice"], issuer: [lei], maxAge: 3_600 })).to.match(/^valid/);
    expect(await desk.verify(file, { kind: ["packing-list"] })).to.match(/^not valid .*KIND_NOT_ACCEPTED$/);
    expect(await desk.verify(file, { issuer: ["8945HPUIMPORTER00000"] })).to.match(/^not valid .*ISSUER_NOT_ACCEPTED$/);
    expect(await desk.verify(file, { offline: true })).to.equal("valid INTACT NO_CHAIN NO_CHAIN ACCEPTED");
    expect(await desk.verify(desk.path("nowhere.json"))).to.match(/^not valid FILE_UNREADABLE/);
  });

  describe("a chain that does not answer", () => {
    it("leaves files as they were, and verification without an answer", async () => {
      const server = await serve(() => ({ status: 503, body: "busy" }));
      try {
        const { chains, documents } = JSON.parse(readFileSync(desk.config, "utf8"));
        const trade = { ...chains.trade, rpcUrls: [server.url], timeoutMs: 500 };
        const elsewhere = desk.path("elsewhere.json");
        writeFileSync(elsewhere, JSON.stringify({ chains: { ...chains, trade }, documents }));
        const source = desk.folder(2);
        const before = readFileSync(join(source, "0.json"), "utf8");
        await thrown(
          "RPC_UNAVAILABLE",
          anchor(source, { config: elsewhere, as: "seller" }, {}, () => undefined),
        );
        expect(readFileSync(join(source, "0.json"), "utf8")).to.equal(before);
        const verification = await desk.verify(join(source, "0.json"), { config: elsewhere });
        expect(verification).to.equal("not valid INTACT CHAIN_UNREACHABLE NO_REGISTRATION ACCEPTED");
      } finally {
        await server.close();
      }
    });

    it("is told from a chain that is another one, and from a contract that is none", async () => {
      const { chains, documents } = JSON.parse(readFileSync(desk.config, "utf8"));
      const wrong = desk.path("wrong.json");
      writeFileSync(
        wrong,
        JSON.stringify({
          chains: { ...chains, trade: { ...chains.trade, chainId: 7_199 } },
          documents: { ...documents, key: { env: "ISSUER" } },
        }),
      );
      expect(await desk.verify(desk.make(), { config: wrong })).to.match(/^not valid INTACT CHAIN_UNREACHABLE/);
      await thrown(
        "RPC_WRONG_CHAIN",
        anchor(desk.make(), { config: wrong }, { ISSUER: `0x${"12".repeat(32)}` }, () => undefined),
      );
      writeFileSync(wrong, JSON.stringify({ chains, documents: { ...documents, registry: `0x${"11".repeat(20)}` } }));
      expect(await desk.verify(desk.make(), { config: wrong })).to.match(/^not valid INTACT CHAIN_UNREACHABLE/);
    });
  });

  it("ends with exit code 0 only when all is valid, and says the four answers", async () => {
    const [good, bad] = [desk.make(), desk.make()];
    await desk.anchor(good);
    const run = async (...args: string[]) => {
      const child = runScript("src/main.ts", ["document", ...args, "--config", desk.config]);
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
