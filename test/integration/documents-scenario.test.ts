import { expect } from "chai";
import { documents } from "../../scripts/scenarios/documents.ts";
import { scenarios } from "../../scripts/scenarios/registry.ts";
import { Timeline } from "../../scripts/terminal/timeline.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

describe("the scenario of documents", function () {
  this.timeout(START_TIMEOUT);
  let world: World;
  let printed: string;

  before(async () => {
    world = await startWorld();
  });
  after(async () => await world?.stop());

  const play = async (width: number) => {
    printed = "";
    const timeline = new Timeline({ width, write: (text) => (printed += text), interactive: false });
    const { deployment, trade, finance, directory } = world;
    const chains = { trade: trade.provider, finance: finance.provider };
    const centralLedger = { url: "http://127.0.0.1:9", adminUrl: "http://127.0.0.1:9" };
    return await documents({ deployment, ...chains, centralLedger, timeline, directory });
  };

  for (const width of [80, 120]) {
    it(`tells a verifier the truth at every step, within ${width} columns`, async () => {
      const { result, report } = await play(width);
      expect(result.ok).to.equal(true);
      const told = result.sights.map(({ what, valid, codes }) => `${what}: ${valid} ${codes.join(" ")}`);
      const sound = "true INTACT ACTIVE ISSUER_CONFIRMED ACCEPTED";
      expect(told).to.deep.equal([
        `the invoice: ${sound}`,
        `${result.shownOfRedacted} fields of it, prices and bank account hidden: ${sound.replace("ACCEPTED", "SCHEMA_NOT_ASKED")}`,
        "a copy in another currency: false DOCUMENT_HASH_MISMATCH NOT_INTACT NOT_INTACT NOT_INTACT",
        "the first invoice: false INTACT SUPERSEDED ISSUER_CONFIRMED ACCEPTED",
        `the corrected one: ${sound}`,
        "the corrected one: false INTACT REVOKED ISSUER_CONFIRMED ACCEPTED",
        "list 17: false INTACT REVOKED ISSUER_CONFIRMED ACCEPTED",
        `list 18: ${sound}`,
      ]);
      expect(result.fault).to.have.property("path", "$.seller.lei");
      expect(result.fault.message).to.include("check digits do not hold");
      expect(result.shownOfRedacted).to.be.within(1, result.fields - 1);
      expect(result.batch.size).to.equal(64);
      expect(Number(result.gas.anchor)).to.be.below(60_000);
      expect(Number(result.gas.anchorBatch)).to.be.below(75_000);

      // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes of a terminal's styles take no room
      const plain = (printed + report).replaceAll(/\x1b\[\d*m/g, "");
      for (const line of plain.split("\n")) expect(line.length, line).to.be.at.most(width);
      expect(plain).to.include("SUPERSEDED").and.include("DOCUMENT_HASH_MISMATCH");
    });
  }

  it("is played by its name", () => {
    expect(scenarios["documents"]).to.equal(documents);
  });
});
