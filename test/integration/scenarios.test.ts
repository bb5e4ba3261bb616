import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { financeContracts, tradeContracts } from "../../deploy/contracts.ts";
import { demoEntities, demoMembers, entityOf, memberId } from "../../scripts/local/entities.ts";
import { type LocalNetwork, reached, startLocalNetwork } from "../../scripts/local/network.ts";
import { clearingDay } from "../../scripts/scenarios/clearing-day.ts";
import type { ScenarioContext } from "../../scripts/scenarios/context.ts";
import { crossBorder } from "../../scripts/scenarios/cross-border.ts";
import { doubleUse } from "../../scripts/scenarios/double-use.ts";
import { duplicateInvoice } from "../../scripts/scenarios/duplicate-invoice.ts";
import { issuerStress } from "../../scripts/scenarios/issuer-stress.ts";
import { scenarios } from "../../scripts/scenarios/registry.ts";
import { shipData } from "../../scripts/scenarios/ship-data.ts";
import { titleDvp } from "../../scripts/scenarios/title-dvp.ts";
import { tradeTrust } from "../../scripts/scenarios/tradetrust.ts";
import { Timeline } from "../../scripts/terminal/timeline.ts";
import { developmentWallet } from "../../src/config/development.ts";
import { parseAmount } from "../../src/core/amount.ts";
import { completeLei } from "../../src/core/codes/lei.ts";

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
  const titles = () => tradeContracts(network.deployment.trade, network.trade.provider).titleRegistry;
  const addressOf = (name?: string) => {
    const account = demoEntities.find((entity) => entity.name === name)?.accounts[0];
    return account === undefined ? "nobody" : developmentWallet(account).address;
  };
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
      expect(scenarios[result.scenario]).to.equal(duplicateInvoice);
      expect(result.documents[0]).not.to.equal(result.documents[1]);
      expect(result.second).to.include({ refusedWith: "ClaimRegistry_AlreadyClaimed", ...result.first });
      expect(result.second.typed).not.to.equal(result.invoice);
      expect(result.altered).to.deep.include({ nearDuplicates: 1, of: result.first });
      expect(result.after.bank).to.equal("Merlion Trade Bank");

      const { claimRegistry } = tradeContracts(network.deployment.trade, network.trade.provider);
      const claims = await claimRegistry.queryFilter(claimRegistry.filters.ClaimRegistered(result.fingerprint));
      const claimants = claims.map(({ args }) => args.claimant);
      expect(claimants).to.deep.equal([developmentWallet("bank1").address, developmentWallet("bank3").address]);
      expect((await claimRegistry.claimOn(result.fingerprint)).since).to.equal(0n);
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

  it("title-dvp: gives titles and money to where they belong, never both and never neither", async () => {
    for (const width of [80, 120]) {
      const { result, report } = await titleDvp(context(width));
      expect(result).to.include({ scenario: "title-dvp", ok: true });
      expect(result.refusedWith).to.deep.equal({
        movingIt: "TitleRegistry_WrongStatus",
        payingLate: "TitlePayments_WrongState",
        payingWithdrawn: "TitlePayments_WrongState",
      });
      const [exporter, importer, third] = [entityOf("seller").name, entityOf("buyer").name, entityOf("customer5").name];
      expect(result.outcomes.map(({ ended, holder, received }) => [ended, holder, received])).to.deep.equal([
        ["paid", importer, "5000.000000"],
        ["paid", third, "5400.000000"],
        ["expired", exporter, "0.000000"],
        ["withdrawn", exporter, "0.000000"],
      ]);
      const [paid, soldOn] = result.outcomes;
      expect(soldOn?.titleId).to.equal(paid?.titleId);
      for (const { titleId } of result.outcomes.slice(1)) {
        const { holder, status } = await titles().title(titleId);
        const last = result.outcomes.findLast((outcome) => outcome.titleId === titleId);
        expect([holder, status]).to.deep.equal([addressOf(last?.holder), 1n]);
      }
      expectWidth(printed + report, width);
    }
  });

  it("tradetrust: pays for a title in TradeTrust's contracts once it is the importer's for good", async () => {
    for (const width of [80, 120]) {
      const { result, report } = await tradeTrust(context(width));
      expect(result).to.include({ scenario: "tradetrust", ok: true, paid: "5000.000000", currency: "USD" });
      expect(result.refusals.map(({ refusedWith }) => refusedWith)).to.deep.equal([
        "TitleFacts_WrongBeneficiary",
        "TitleFacts_StillRejectable",
        "TitleFacts_NotInEscrow",
      ]);
      expect(result.proofBytes).to.be.within(2_000, 20_000);
      expectWidth(printed + report, width);
    }
  });

  it("ship-data: anchors what devices sign, flags a gap, refuses forgeries, and proves one reading", async () => {
    const { result, report } = await shipData(context());
    expect(result).to.deep.include({ scenario: "ship-data", ok: true });
    expect(result.devices.map(({ name, counter, batches }) => [name, counter, batches])).to.deep.equal([
      ["ship", "111", 3],
      ["warehouse", "48", 1],
      ["machine", "24", 1],
    ]);
    expect(result.batches.map(({ flags, missing }) => [flags.join(), missing])).to.deep.equal([
      ["", "0"],
      ["LIMIT", "0"],
      ["GAP", "3"],
      ["", "0"],
      ["", "0"],
    ]);
    expect(result.findings.map((finding) => finding.split(":")[0])).to.deep.equal([
      "LIMIT at reading 61",
      "STEP at reading 61",
      "STEP at reading 62",
      "GAP at reading 100",
    ]);
    expect(result.proven).to.include({ counter: "61", temperature: -12.5, shownHashes: 6 });
    expect(result.refused.map(({ refusedWith }) => refusedWith)).to.deep.equal([
      "DeviceRegistry_InvalidSignature",
      "DeviceRegistry_OldCounter",
      "DeviceRegistry_NotCalibrated",
    ]);
    const { deviceRegistry } = tradeContracts(network.deployment.trade, network.trade.provider);
    for (const { deviceId, counter } of result.devices) {
      expect((await deviceRegistry.device(deviceId)).counter.toString()).to.equal(counter);
    }
    expectWidth(printed + report, 80);
  });

  it("can be played again after one another", async () => {
    expect((await doubleUse(context())).result.ok).to.equal(true);
    expect((await crossBorder(context())).result.ok).to.equal(true);
    expect((await shipData(context(120))).result.ok).to.equal(true);
    expectWidth(printed, 120);
    expect(Object.keys(scenarios)).to.have.members([
      "cross-border",
      "clearing-day",
      "double-use",
      "issuer-stress",
      "documents",
      "title-dvp",
      "tradetrust",
      "duplicate-invoice",
      "ship-data",
    ]);
  });

  it("give every member its own entity, account and number", () => {
    const leis = demoMembers.map((member) => completeLei(entityOf(member).leiBody));
    expect(new Set(leis)).to.have.length(demoMembers.length);
    expect(demoMembers.map(memberId)).to.deep.equal(demoMembers.map((_, index) => index + 1));
  });
});
