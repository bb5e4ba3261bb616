import { expect } from "chai";
import { ClearingJournal } from "../../../src/clearing/clearing-journal.ts";
import type { ClearingEvent } from "../../../src/clearing/events.ts";
import { Inbox } from "../../../src/clearing/inbox.ts";
import { HuangpuError } from "../../../src/core/errors.ts";
import { buildMessage } from "../../../src/iso20022/business-message.ts";
import { BANK_A, entryOf, payIn, SETTLEMENT, statusOf } from "../../support/clearing/instructions.ts";
import { CORRESPONDENTS, camt054, KEEPER, pacs002 } from "../../support/clearing/ledger-messages.ts";
import { ScriptedLedger } from "../../support/clearing/scripted-ledger.ts";

describe("Inbox", () => {
  let journal: ClearingJournal;
  let ledger: ScriptedLedger;
  let inbox: Inbox;
  let events: ClearingEvent[];
  beforeEach(() => {
    journal = new ClearingJournal(":memory:");
    journal.learn(7, 1_800_000_000, [payIn()]);
    journal.stands(payIn().uetr, "Instructed");
    ledger = new ScriptedLedger();
    events = [];
    inbox = new Inbox(
      { correspondents: CORRESPONDENTS },
      { journal, ledger, observer: (event) => void events.push(event) },
    );
  });
  afterEach(() => journal.close());

  const codes = () => journal.exceptions().map(({ code, count }) => (count === 1 ? code : `${code} ${count} times`));
  const debit = () => entryOf(payIn(), "debtor");

  it("books both ends of a transfer and reads on behind them", async () => {
    ledger.say(camt054(debit()));
    ledger.say(camt054(entryOf(payIn(), "creditor")));
    expect(await inbox.read()).to.equal(true);
    expect(journal.byUetr(payIn().uetr)?.booked).to.deep.equal(["debtor", "creditor"]);
    expect(codes()).to.deep.equal([]);
    expect(ledger.asked).to.deep.equal(["", "1", "2"]);
    expect(journal.cursor).to.equal("2");
  });

  it("writes down a rejection with its reason", async () => {
    ledger.say(pacs002(statusOf(payIn())));
    await inbox.read();
    expect(journal.byUetr(payIn().uetr)?.rejected).to.equal("AM04");
  });

  const strange: [string, () => string, string][] = [
    ["no XML at all", () => "PAID", "MALFORMED"],
    ["an empty message", () => "", "MALFORMED"],
    ["a message that ends early", () => camt054(debit()).slice(0, -40), "MALFORMED"],
    ["a DOCTYPE", () => camt054(debit()).replace("?>", '?><!DOCTYPE a [<!ENTITY b "c">]>'), "MALFORMED"],
    [
      "an entry without the servicer's reference",
      () => camt054(debit()).replace(/<AcctSvcrRef>.*?<\/AcctSvcrRef>/, ""),
      "MALFORMED",
    ],
    ["an amount with a sign", () => camt054(debit()).replaceAll(">1250000.00<", ">-1250000.00<"), "MALFORMED"],
    ["two amounts", () => camt054(debit()).replace(">1250000.00<", ">1250000.01<"), "MALFORMED"],
    ["more than any message has", () => `${camt054(debit())}${" ".repeat(1_048_576)}`, "OVERSIZED"],
    ["another version", () => camt054(debit()).replaceAll("camt.054.001.08", "camt.054.001.09"), "UNEXPECTED_MESSAGE"],
    ["a message from somebody else", () => camt054(debit(), "NTF-1", BANK_A.lei), "WRONG_SENDER"],
    ["one of our own instructions", () => ownInstruction(), "UNEXPECTED_MESSAGE"],
  ];
  for (const [name, message, code] of strange) {
    it(`moves nothing on ${name} (${code}), and reads what comes after`, async () => {
      ledger.say(message(), camt054(debit()));
      await inbox.read();
      expect(codes()).to.deep.equal([code]);
      expect(journal.byUetr(payIn().uetr)?.booked).to.deep.equal(["debtor"]);
    });
  }

  it("keeps nothing of what is too long", async () => {
    ledger.say(`<a>${"b".repeat(2_000_000)}</a>`);
    await inbox.read();
    expect(JSON.stringify(journal.exceptions()).length).to.be.below(1_000);
  });

  it("lists a repetition once and counts it", async () => {
    ledger.say(...Array.from({ length: 5 }, () => camt054(debit())));
    await inbox.read();
    expect(codes()).to.deep.equal(["DUPLICATE 4 times"]);
    expect(journal.booked().length).to.equal(1);
  });

  it("alarms for a reversal of what is booked, and unwinds nothing", async () => {
    ledger.say(camt054(debit()), camt054({ ...debit(), direction: "CRDT", reversal: true, servicerReference: "R-1" }));
    await inbox.read();
    expect(codes()).to.deep.equal(["REVERSED"]);
    expect(events).to.deep.include.members([
      { ...events[0], type: "exception", code: "REVERSED", alarm: true, uetr: payIn().uetr },
    ]);
    expect(journal.booked().length).to.equal(1);
  });

  it("stands still, and says so, when the cursor does not move", async () => {
    ledger.pages.push({ cursor: "", messages: [camt054(debit())] });
    const error = await inbox.read().catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(HuangpuError).and.to.include({ code: "LEDGER_UNAVAILABLE", retryable: true });
    expect(journal.booked()).to.deep.equal([]);
  });

  it("ends a look at a ledger that always has more", async () => {
    for (let page = 0; page < 200; page++) ledger.say(camt054(debit()));
    expect(await inbox.read()).to.equal(false);
    expect(ledger.asked.length).to.equal(100);
  });

  it("has what was lost told again, with the same result", async () => {
    const told = [
      camt054({ ...debit(), amount: 1n }),
      camt054(debit()),
      camt054(debit()),
      camt054(entryOf(payIn(), "creditor")),
    ];
    ledger.say(...told);
    await inbox.read();
    const again = new ClearingJournal(":memory:");
    again.learn(7, 1_800_000_000, [payIn()]);
    again.stands(payIn().uetr, "Cleared");
    const other = new ScriptedLedger();
    other.say(...told);
    await new Inbox(
      { correspondents: CORRESPONDENTS },
      { journal: again, ledger: other, observer: () => undefined },
    ).read();
    expect(again.booked()).to.deep.equal(journal.booked());
    expect(again.exceptions()).to.deep.equal(journal.exceptions());
    again.close();
  });

  function ownInstruction(): string {
    const { uetr, endToEndId, messageId } = payIn();
    return buildMessage({
      from: { lei: KEEPER },
      to: { lei: SETTLEMENT.lei },
      document: {
        type: "InstitutionCreditTransfer",
        id: messageId,
        createdAt: "2026-11-22T09:30:00Z",
        endToEndId,
        uetr,
        amount: { currency: "CNY", cents: 125_000_000n },
        debtor: { lei: BANK_A.lei },
        creditor: { lei: SETTLEMENT.lei },
        remittance: [],
      },
    });
  }
});
