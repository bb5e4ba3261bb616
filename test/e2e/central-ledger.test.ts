import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { HttpCentralLedger } from "../../src/clearing/http-central-ledger.ts";
import { parseMessage, parseStatement } from "../../src/iso20022/business-message.ts";
import { BANK_A, BANK_B, OPERATOR, transfer } from "../support/fakes/iso-messages.ts";
import { ACCOUNTS, ALL_CNY, numbered, randomPayment } from "../support/fakes/ledger.ts";
import { SeededRandom } from "../support/fakes/seeded-random.ts";
import { thrown } from "../support/fakes/thrown.ts";
import { type Child, runScript } from "../support/world/process.ts";

const TODAY = () => new Date().toISOString().slice(0, 10);

describe("the central ledger as a process", () => {
  let folder: string;
  let child: Child | undefined;
  let ledger: HttpCentralLedger | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "huangpu-e2e-"));
    writeFileSync(join(folder, "accounts.json"), JSON.stringify(ACCOUNTS));
  });
  afterEach(async () => {
    ledger?.close();
    await child?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(behaviours: object = {}, ...more: string[]) {
    ledger?.close();
    await child?.stop("SIGKILL");
    const file = (name: string) => join(folder, name);
    writeFileSync(file("behaviours.json"), JSON.stringify(behaviours));
    const files = ["--accounts", file("accounts.json"), "--database", file("ledger.sqlite")];
    const args = [...files, "--behaviours", file("behaviours.json"), "--port", "0", ...more];
    child = runScript("central-ledger/main.ts", args);
    const { url, adminUrl } = JSON.parse(await child.line(/"Started"/));
    ledger = new HttpCentralLedger({ url, timeoutMs: 5_000, attempts: 2, pauseMs: 10 });
    return { ledger, child, adminUrl: String(adminUrl) };
  }

  async function status(ledger: HttpCentralLedger, xml: string): Promise<string> {
    const { document } = parseMessage(await ledger.submit(xml));
    return document.type === "PaymentStatusReport" ? document.status : document.type;
  }

  async function told(ledger: HttpCentralLedger): Promise<string[]> {
    const all: string[] = [];
    for (let after = ""; ; ) {
      const { cursor, messages } = await ledger.fetch(after);
      if (messages.length === 0) return all;
      all.push(...messages);
      after = cursor;
    }
  }

  async function balances(ledger: HttpCentralLedger): Promise<bigint[]> {
    const stated = [BANK_A, BANK_B, OPERATOR].map((lei) => ledger.statement(`${lei}-CNY`, TODAY()));
    return (await Promise.all(stated)).map((xml) => parseStatement(xml).document.closing.cents);
  }

  for (const [crash, booked] of [
    ["before-booking", false],
    ["before-answer", true],
  ] as const) {
    it(`is killed ${crash.replace("-", " ")}, and books once when the payment comes again`, async () => {
      const first = await start({ crash });
      await thrown("LEDGER_UNAVAILABLE", first.ledger.submit(numbered(1)));
      expect((await first.child.ended).signal).to.equal("SIGKILL");
      const { ledger } = await start();
      expect(await told(ledger)).to.have.length(booked ? 3 : 0);
      expect(await status(ledger, numbered(1))).to.equal("ACSC");
      expect(await told(ledger)).to.have.length(3);
      const { cents } = transfer.amount;
      expect(await balances(ledger)).to.deep.equal([1_500_000n - cents, cents, 500_000n]);
    });
  }

  it("is killed again and again under load, and loses nothing that it answered", async () => {
    const random = new SeededRandom(31);
    const answers = new Map<string, string>();
    for (let round = 0; round < 4; round++) {
      const { ledger, child } = await start();
      for (const [xml, answer] of answers) expect(await ledger.submit(xml)).to.equal(answer);
      const payments = Array.from({ length: 40 }, (_, index) => randomPayment(round * 40 + index, random));
      let answered = 0;
      const send = async (xml: string) => {
        answers.set(xml, await ledger.submit(xml));
        answered++;
        if (answered === 10) await child.stop("SIGKILL");
      };
      const ended = await Promise.allSettled(payments.map(send));
      expect(ended.some((each) => each.status === "rejected")).to.equal(true);
    }
    const { ledger } = await start();
    const every = await told(ledger);
    for (const answer of answers.values()) expect(every).to.include(answer);
    const left = await balances(ledger);
    expect(left.reduce((sum, each) => sum + each, 0n)).to.equal(ALL_CNY);
    expect(left.every((each) => each >= 0n)).to.equal(true);
    expect(answers.size).to.be.at.least(40);
  });

  it("books late by itself, and takes back by itself", async () => {
    const { ledger } = await start({ delayMs: 200, reverseAfterMs: 200 });
    expect(await status(ledger, numbered(1))).to.equal("ACSP");
    for (let left = 200; (await told(ledger)).length < 7; left--) {
      if (left === 0) throw new Error("Neither booked nor taken back");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const kinds = (await told(ledger)).map((xml) => parseMessage(xml).document.type);
    expect(kinds.at(-1)).to.equal("PaymentReturn");
    expect(await balances(ledger)).to.deep.equal([1_500_000n, 0n, 500_000n]);
  });

  it("has a port for its operator only when it is asked to, and ends when it is told", async () => {
    const { child, adminUrl } = await start({}, "--admin-port", "0");
    const put = { method: "PUT", headers: { "content-type": "application/json" }, body: '{"copies":2}' };
    expect((await fetch(`${adminUrl}/behaviours`, put)).status).to.equal(200);
    expect((await child.stop("SIGTERM")).code).to.equal(0);
    expect((await start()).adminUrl).to.equal("undefined");
  });

  it("does not start with a wrong configuration, and says why", async () => {
    writeFileSync(join(folder, "accounts.json"), "{}");
    const args = ["--accounts", join(folder, "accounts.json"), "--database", join(folder, "x.sqlite")];
    child = runScript("central-ledger/main.ts", args);
    expect((await child.ended).code).to.equal(1);
    expect(child.output).to.include("CONFIG_INVALID");
  });
});
