import { expect } from "chai";
import { coinAt } from "../../deploy/deployment.ts";
import { currencyCode } from "../../deploy/modules/finance-chain.ts";
import { memberId } from "../../scripts/local/entities.ts";
import { caps } from "../../scripts/local/onboarding/clearing.ts";
import type { ExceptionCode } from "../../src/clearing/exceptions.ts";
import { AGENT, ClearingWorld, leiOfMember, OPENING, type WatchedAgent } from "../support/clearing/clearing-world.ts";
import { HostileLedger } from "../support/clearing/hostile-ledger.ts";
import { eventuallyTrue } from "../support/world/eventually.ts";
import { START_TIMEOUT } from "../support/world/world.ts";

/** Hundredths that bank 1 pays in and bank 2 gets. */
const AMOUNT = 300_000n;

describe("the clearing role and a central ledger", function () {
  this.timeout(START_TIMEOUT);
  let clearing: ClearingWorld;
  let between: HostileLedger;
  beforeEach(async () => {
    clearing = await ClearingWorld.start();
    between = await HostileLedger.start(() => clearing.ledgerUrl);
    await clearing.owe("bank1", "bank2", "CNY", AMOUNT * 10_000n);
    await clearing.passCycle();
  });
  afterEach(async () => {
    await between.stop();
    await clearing.stop();
  });

  const state = async (member: "bank1" | "bank2") => (await clearing.position(1, member, "CNY")).state;
  const told = (agent: WatchedAgent, code: ExceptionCode) =>
    agent.told("exception").filter((event) => event.code === code);

  /** Of camt.054 alone, and of the member's side or the settlement account's. */
  const altering = (change: (message: string) => string) => (messages: string[]) =>
    messages.map((message) => (message.includes("camt.054") ? change(message) : message));

  const lies: [string, ExceptionCode, (message: string) => string][] = [
    ["is off by a cent", "AMOUNT_MISMATCH", (message) => message.replaceAll(">3000.00<", ">3000.01<")],
    [
      "names another currency",
      "CURRENCY_MISMATCH",
      (message) => message.replaceAll("CNY", "USD").replaceAll("-USD", "-CNY"),
    ],
    ["is about another cycle", "WRONG_CYCLE", (message) => message.replaceAll("HP1-", "HP9-")],
    [
      "turns credit and debit round",
      "DIRECTION_MISMATCH",
      (message) => message.replaceAll("DBIT", "SWAP").replaceAll("CRDT", "DBIT").replaceAll("SWAP", "CRDT"),
    ],
    ["only announces", "NOT_BOOKED", (message) => message.replaceAll(">BOOK<", ">PDNG<")],
    ["is cut off", "MALFORMED", (message) => message.slice(0, 700)],
    ["is far too long", "OVERSIZED", (message) => message + " ".repeat(1_100_000)],
  ];
  for (const [name, code, lie] of lies) {
    it(`moves nothing when what it books ${name}: ${code}`, async () => {
      between.mischief = { alter: altering(lie) };
      const agent = await clearing.startAgent({ ledgerUrl: between.url, answerTimeoutMs: 300 });
      await clearing.excepted(code);
      await clearing.excepted("NO_ANSWER");
      expect(await state("bank1")).to.equal("Instructed");
      expect(await state("bank2"), "what waits for the pay-in").to.equal("Netted");
      expect(agent.told("cleared")).to.deep.equal([]);
      expect(told(agent, "NO_ANSWER").length, "alarms").to.equal(1);
    });
  }

  it("settles once when everything is told three times", async () => {
    await clearing.behave({ copies: 3 });
    const agent = await clearing.startAgent({ ledgerUrl: between.url });
    await clearing.finished(1, agent);
    expect(agent.told("cleared").length).to.equal(2);
    await eventuallyTrue("the copies to be listed", () => told(agent, "DUPLICATE").length === 8);
    expect(await clearing.balance(leiOfMember("bank2"), "CNY")).to.equal(OPENING + AMOUNT);
  });

  it("alarms when what it booked is taken back, and unwinds nothing", async () => {
    const agent = await clearing.startAgent({ ledgerUrl: between.url });
    await clearing.finished(1, agent);
    await clearing.reverse(agent.told("cleared")[1]?.uetr ?? "");
    await clearing.excepted("REVERSED");
    await clearing.excepted("RETURNED");
    expect(told(agent, "REVERSED").every(({ alarm }) => alarm)).to.equal(true);
    expect([await state("bank1"), await state("bank2")]).to.deep.equal(["Cleared", "Cleared"]);
  });

  it("alarms when no answer comes", async () => {
    between.mischief = { swallow: true };
    const agent = await clearing.startAgent({ ledgerUrl: between.url, answerTimeoutMs: 200 });
    await clearing.excepted("NO_ANSWER");
    expect(told(agent, "NO_ANSWER")).to.have.length(1);
    expect(await state("bank1")).to.equal("Instructed");
  });

  it("takes no answer to what was never sent", async () => {
    const first = await clearing.startAgent({ ledgerUrl: between.url });
    await clearing.finished(1);
    await first.stop();
    // What was booked for cycle 1 is told of cycle 2, whose instructions differ in cycle, UETR and ids alone.
    await clearing.owe("bank1", "bank2", "CNY", AMOUNT * 10_000n);
    between.mischief = { alter: (messages) => messages.map((message) => message.replaceAll("HP1-", "HP2-")) };
    await clearing.startAgent({ ledgerUrl: between.url, journal: "clearing.sqlite" });
    await clearing.startAgent({ ledgerUrl: between.url, journal: "another.sqlite", cycleMs: 2_000_000_000 });
    await eventuallyTrue("the invented answers to be listed", () => clearing.exceptions("another.sqlite").length >= 4);
    expect(new Set(clearing.exceptions("another.sqlite"))).to.deep.equal(new Set(["WRONG_CYCLE"]));
  });

  it("rejects a bank that has no money: its own collateral pays, and nobody else's position changes", async () => {
    await clearing.behave({ rejections: [{ account: leiOfMember("bank1"), code: "AM04" }] });
    const agent = await clearing.startAgent({ ledgerUrl: between.url });
    await clearing.finished(1, agent);
    expect([await state("bank1"), await state("bank2")]).to.deep.equal(["Rejected", "Cleared"]);
    expect(agent.told("rejected").map(({ reason }) => reason)).to.deep.equal(["AM04"]);

    const { subAccounts } = clearing.world.as("stranger").finance;
    const coin = coinAt(clearing.world.deployment, "CNY");
    const covered = AMOUNT * 10_000n;
    expect((await subAccounts.balance(memberId("bank1"), coin)).collateral).to.equal(caps.CNY - covered);
    for (const other of ["bank2", "bank3", "fxProvider"] as const) {
      expect((await subAccounts.balance(memberId(other), coin)).collateral, other).to.equal(caps.CNY);
    }
    expect(await clearing.balance(leiOfMember("bank1"), "CNY")).to.equal(OPENING);
    expect(await clearing.balance(leiOfMember("bank2"), "CNY")).to.equal(OPENING + AMOUNT);
    expect(await clearing.balance(AGENT, "CNY"), "the agent's own money").to.equal(OPENING - AMOUNT);
  });

  it("carries a pay-out that is refused to the next cycle, and pays it then", async () => {
    await clearing.behave({ rejections: [{ account: leiOfMember("bank2"), code: "AC06" }] });
    await clearing.startAgent({ ledgerUrl: between.url });
    await clearing.finished(1);
    expect([await state("bank1"), await state("bank2")]).to.deep.equal(["Cleared", "Rejected"]);
    const { clearingHouse } = clearing.world.as("stranger").finance;
    const { carried } = await clearingHouse.position(2, memberId("bank2"), currencyCode("CNY"));
    expect(carried).to.equal(AMOUNT * 10_000n);

    await clearing.behave({});
    await clearing.passCycle();
    await clearing.finished(2);
    expect(await clearing.balance(leiOfMember("bank2"), "CNY")).to.equal(OPENING + AMOUNT);
    expect(await clearing.balance(AGENT, "CNY")).to.equal(OPENING);
  });
});
