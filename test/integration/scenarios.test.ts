import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { financeContracts, tradeContracts } from "../../deploy/contracts.ts";
import { completeLei, demoMembers, entityOf, memberId } from "../../scripts/local/entities.ts";
import { type LocalNetwork, reached, startLocalNetwork } from "../../scripts/local/network.ts";
import { clearingDay } from "../../scripts/scenarios/clearing-day.ts";
import type { ScenarioContext } from "../../scripts/scenarios/context.ts";
import { crossBorder } from "../../scripts/scenarios/cross-border.ts";
import { doubleUse } from "../../scripts/scenarios/double-use.ts";
import { duplicateInvoice } from "../../scripts/scenarios/duplicate-invoice.ts";
import { issuerStress } from "../../scripts/scenarios/issuer-stress.ts";
import { scenarios } from "../../scripts/scenarios/registry.ts";
import { Timeline } from "../../scripts/terminal/timeline.ts";
import { developmentWallet } from "../../src/config/development.ts";
import { parseAmount } from "../../src/core/amount.ts";

const millionths = (text: string) => (text.startsWith("-") ? -parseAmount(text.slice(1), 6) : parseAmount(text, 6));
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

describe("the scenarios", function () {
  this.timeout(180_000);
  const directory = mkdtempSync(join(tmpdir(), "huangpu-scenarios-"));
  let network: LocalNetwork;
  let printed: string;

  before(async () => {
    const ports = { trade: 0, finance: 0 };
    const quiet = { logLevel: "silent", progress: () => undefined } as const;
    network = await startLocalNetwork({ blockTimeMs: 0, ports, directory, ...quiet });
  });

  after(async () => {
    await network?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const context = (width = 80): ScenarioContext => {
    printed = "";
    const timeline = new Timeline({ width, write: (text) => (printed += text), interactive: false });
    return { ...reached(network), timeline, directory: join(directory, "documents") };
  };
  const chain = () => financeContracts(network.deployment.finance, network.finance.provider);
  const expectWidth = (text: string, width: number) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes of a terminal's styles take no room
    const plain = text.replaceAll(/\x1b\[\d*m/g, "");
    for (const line of plain.split("\n")) expect(line.length, line).to.be.at.most(width);
  };

  it("cross-border: turns yuan into dollars, pays on documents, and ends in central-bank money", async () => {
    const { result, report } = await crossBorder(context());
    expect(result).to.include({ scenario: "cross-border", ok: true, currency: "USD", amountPaid: "5000.000000" });
    expect(result.sold).to.deep.equal({ currency: "CNY", amount: "35628.480000" });
    expect(result.costBps).to.be.within(8, 100);

    const instructed = Object.fromEntries(
      result.positions.map((position) => [`${position.member} ${position.currency}`, position.instructed]),
    );
    expect(instructed).to.include({
      "bank2 CNY": "-35628.480000",
      "fxProvider CNY": "35628.480000",
      "fxProvider USD": "-5000.000000",
      "bank1 USD": "5000.000000",
    });
    expect((await chain().clearingHouse.cycle(result.cycle)).pending).to.equal(0n);
    for (const text of ["2 days", "5–7 %", "bps", "forex verdict: approved", "pacs.009", "camt.054"]) {
      expect(printed + report).to.include(text);
    }
    expectWidth(printed + report, 80);
  });

  it("double-use: pays on a declaration once, and names the first user to the second bank", async () => {
    const { result, report } = await doubleUse(context(120));
    const { evidenceLedger } = chain();
    expect(result).to.include({ scenario: "double-use", ok: true });
    expect(result.second.refusedWith).to.equal("EvidenceLedger_Exhausted");
    expect(result.second.firstUser).to.equal(result.first.paymentId.slice(0, 34)); // half of it
    expect(result.first.bank).not.to.equal(result.second.bank);
    expect((await evidenceLedger.evidence(result.document)).drawn).to.equal(millionths(result.amount));
    expectWidth(printed + report, 120);
  });

  for (const width of [80, 120]) {
    it(`duplicate-invoice: refuses the second bank, warns it, and lets it have the invoice later (${width} columns)`, async () => {
      const { result, report } = await duplicateInvoice(context(width));
      expect(result).to.include({ scenario: "duplicate-invoice", ok: true });
      expect(result.documents[0]).not.to.equal(result.documents[1]);
      expect(result.second).to.include({ refusedWith: "ClaimRegistry_AlreadyClaimed", ...result.first });
      expect(result.second.typed).not.to.equal(result.invoice);
      expect(result.altered).to.deep.include({ nearDuplicates: 1, of: result.first });
      expect(result.after.bank).to.equal("Merlion Trade Bank");

      const { claimRegistry } = tradeContracts(network.deployment.trade, network.trade.provider);
      expect((await claimRegistry.claimOn(result.fingerprint)).claimant).to.equal(developmentWallet("bank3").address);
      for (const text of ["refused", "warned", "releases", result.first.reference]) {
        expect(printed + report).to.include(text);
      }
      expectWidth(printed + report, width);
    });
  }

  it("issuer-stress: stops one issuer's coin, lists what is overdue, and lets the other coin settle", async () => {
    const { result, report } = await issuerStress(context());
    expect(result).to.include({
      scenario: "issuer-stress",
      ok: true,
      mintRefusedWith: "Stablecoin_ReserveStale",
      paymentRefusedWith: "EnforcedPause",
    });
    expect(result.redemptions).to.have.length(3);
    for (const { id, wasOverdue } of result.redemptions) {
      expect(wasOverdue).to.equal(true);
      expect((await chain().coin("USD").redemption(id)).state, "fulfilled").to.equal(2n);
    }
    expect(await chain().coin("USD").escrowed()).to.equal(0n);
    expectWidth(printed + report, 80);
  });

  it("clearing-day: nets 200 payments, and lets a rejected bank pay alone", async () => {
    const { result, report } = await clearingDay(context());
    expect(result).to.include({ scenario: "clearing-day", ok: true, payments: 200, othersChanged: false });
    expect(result.cycles.map(({ payments }) => payments)).to.deep.equal([67, 67, 66]);
    for (const { positions } of result.cycles) {
      for (const currency of ["USD", "CNY"]) {
        const nets = positions.filter((position) => position.currency === currency).map(({ net }) => millionths(net));
        expect(sum(nets), `net positions in ${currency}`).to.equal(0n);
      }
      for (const { state, instructed, booked, member } of positions) {
        expect(booked, member).to.equal(state === "Cleared" ? instructed : "0.000000");
      }
    }
    const rejected = result.cycles.map(({ positions }) => positions.filter(({ state }) => state === "Rejected"));
    expect(rejected.map(({ length }) => length > 0)).to.deep.equal([false, true, false]);
    expect(new Set(rejected.flat().map(({ member }) => member))).to.deep.equal(new Set([entityOf("bank3").name]));
    for (const { instructed, coveredByCollateral } of result.rejected) {
      expect(millionths(coveredByCollateral)).to.equal(-millionths(instructed));
    }
    expect(result.reconciled).to.equal(true);
    expectWidth(printed + report, 80);
  });

  it("can be played again after one another", async () => {
    expect((await doubleUse(context())).result.ok).to.equal(true);
    expect((await crossBorder(context())).result.ok).to.equal(true);
    expect(Object.keys(scenarios)).to.have.members([
      "cross-border",
      "clearing-day",
      "documents",
      "double-use",
      "duplicate-invoice",
      "issuer-stress",
    ]);
  });

  it("give every member its own entity, account and number", () => {
    const leis = demoMembers.map((member) => completeLei(entityOf(member).leiBody));
    expect(new Set(leis)).to.have.length(demoMembers.length);
    expect(demoMembers.map(memberId)).to.deep.equal(demoMembers.map((_, index) => index + 1));
  });
});
