import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { caps } from "../../scripts/local/onboarding/clearing.ts";
import { ClearingWorld } from "../support/clearing/clearing-world.ts";
import { HostileLedger } from "../support/clearing/hostile-ledger.ts";
import { MerkleProof } from "../support/clearing/merkle-proof.ts";
import { runScript } from "../support/world/process.ts";
import { START_TIMEOUT } from "../support/world/world.ts";

describe("huangpu clearing", function () {
  this.timeout(START_TIMEOUT);
  let clearing: ClearingWorld;
  let between: HostileLedger;
  let file: string;
  beforeEach(async () => {
    clearing = await ClearingWorld.start();
    between = await HostileLedger.start(() => clearing.ledgerUrl);
    await clearing.owe("bank1", "bank2", "CNY", 5_000_005_000n);
    await clearing.owe("bank2", "bank1", "CNY", 1_000_000_000n);
    await clearing.owe("bank2", "bank3", "CNY", 2_000_000_000n);
    await clearing.owe("settlementAgent", "bank3", "USD", 7_000_000n);
    await clearing.passCycle();
    file = join(clearing.directory, "huangpu.json");
    writeFileSync(file, JSON.stringify(clearing.configInput({ ledgerUrl: between.url })));
  });
  afterEach(async () => {
    await between.stop();
    await clearing.stop();
  });

  async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
    const child = runScript("src/main.ts", ["clearing", ...args, "--config", file]);
    const { code } = await child.ended;
    return { code, output: child.output };
  }

  function expectNarrow(output: string): void {
    for (const line of output.split("\n")) expect(line.length, line).to.be.at.most(80);
  }

  async function settle(): Promise<void> {
    const agent = await clearing.startAgent({ ledgerUrl: between.url });
    await clearing.finished(1, agent);
    await agent.stop();
  }

  it("states a cycle with debts that sum up and proofs that lead to the root", async () => {
    await settle();
    const { code, output } = await run("statement", "1");
    expect(code).to.equal(0);
    expectNarrow(output);
    expect(output).to.include("The positions are what the root stands for.").and.include("The debts sum up");
    expect(output).to.match(/^2 +CNY +-4,000\.005 +0\.00 +-4,000\.01 +Cleared$/m);

    const data = JSON.parse((await run("statement", "1", "--json")).output);
    expect(data.debts).to.deep.include({ currency: "CNY", debtor: 2, creditor: 3, amount: "4000005000" });
    expect(data.positions.length).to.equal(5);
    for (const { leaf, proof } of data.positions) {
      expect(MerkleProof.verify(proof, data.root, leaf)).to.equal(true);
    }
  });

  it("counts what settled from the queue among the debts", async () => {
    const large = caps.CNY + 3_000_000_000n;
    await clearing.submit("bank1", "bank2", "CNY", large);
    await clearing.submit("bank2", "bank3", "CNY", large);
    await clearing.submit("bank3", "bank1", "CNY", large);
    await settle();
    const { output } = await run("statement", "1");
    expect(output).to.include("The debts sum up");
    const { debts } = JSON.parse((await run("statement", "1", "--json")).output);
    expect(debts).to.deep.include({ currency: "CNY", debtor: 2, creditor: 3, amount: `${4_000_005_000n + large}` });
    expect(debts).to.deep.include({ currency: "CNY", debtor: 4, creditor: 2, amount: `${large}` });
  });

  it("fails for a cycle that is open", async () => {
    const { code, output } = await run("statement", "1");
    expect(code).to.equal(1);
    expect(output).to.include("Cycle 1 is not closed");
  });

  it("finds a day in order, and says so by its exit code when it is not", async () => {
    await settle();
    const today = new Date().toISOString().slice(0, 10);
    const right = await run("reconcile", today);
    expect(right.output).to.match(/^CNY .* 3 +yes$/m);
    expect(right.code).to.equal(0);
    expectNarrow(right.output);

    between.mischief = { statement: (text) => text.replace("<AcctSvcrRef>BC-", "<AcctSvcrRef>BX-") };
    const wrong = await run("reconcile", today);
    expect(wrong.code).to.equal(1);
    expect(wrong.output).to.match(/^CNY .* NO$/m);
    expectNarrow(wrong.output);
  });

  it("lists exceptions with their reasons", async () => {
    between.mischief = { alter: (messages) => (messages.length === 0 ? [] : [...messages, "PAID"]) };
    await settle();
    const { code, output } = await run("exceptions");
    expect(code).to.equal(0);
    expectNarrow(output);
    expect(output).to.include("MALFORMED").and.include("0 of them alarms");
    const [first] = JSON.parse((await run("exceptions", "--json")).output);
    expect(first).to.include({ code: "MALFORMED", alarm: false });
  });

  it("lists redemptions that are overdue, and the agent tells of them", async () => {
    const agent = await clearing.startAgent();
    const { finance } = clearing.world.as("customer1");
    await (await finance.coin("CNY").requestRedemption(123_000_000n)).wait();
    expect((await run("redemptions")).output).to.include("No redemption is overdue");
    await clearing.world.passTime(14 * 86_400);
    const { code, output } = await run("redemptions");
    expect(code).to.equal(1);
    expect(output).to.match(/^CNY +1 .* 123\.00$/m);
    expectNarrow(output);
    await agent.stop();
    const later = await clearing.startAgent();
    await clearing.told(later, "redemptionsOverdue");
    expect(later.told("redemptionsOverdue")[0]).to.include({ currency: "CNY", count: 1, amount: 123_000_000n });
  });
});
