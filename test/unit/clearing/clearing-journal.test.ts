import { expect } from "chai";
import { ClearingJournal } from "../../../src/clearing/clearing-journal.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { entryOf, payIn, payOut } from "../../support/clearing/instructions.ts";
import { scratchFolder } from "../../support/fakes/scratch.ts";

const hash = (byte: string): Hex => `0x${byte.repeat(32)}`;
const booked = (side: "debtor" | "creditor") =>
  ({ type: "booked", uetr: payIn().uetr, side, entry: entryOf(payIn(), side) }) as const;

describe("ClearingJournal", () => {
  const file = scratchFolder();
  let journal: ClearingJournal;
  beforeEach(() => {
    journal = new ClearingJournal(file("clearing.sqlite"));
    journal.learn(7, 1_800_000_000, [payIn(), payOut()]);
  });
  afterEach(() => journal.close());

  const reopen = () => {
    journal.close();
    journal = new ClearingJournal(file("clearing.sqlite"));
  };

  it("gives back what it was told, amounts exactly, after it was closed", () => {
    reopen();
    expect(journal.instructions(7).map(({ instruction }) => instruction)).to.deep.equal([payIn(), payOut()]);
    expect(journal.byUetr(payIn().uetr)).to.deep.include({ state: "Netted", sent: false, closedAt: 1_800_000_000 });
    expect(journal.knows(7)).to.equal(true);
    expect(journal.knows(8)).to.equal(false);
  });

  it("keeps what it knows of an instruction when it learns the cycle again", () => {
    journal.stands(payIn().uetr, "Instructed");
    journal.handed(payIn().uetr, 5);
    journal.learn(7, 1_800_000_000, [payIn(), payOut()]);
    expect(journal.byUetr(payIn().uetr)).to.deep.include({ state: "Instructed", handedAt: 5 });
    expect(journal.instructions().length).to.equal(2);
  });

  it("remembers when the central ledger first took an instruction", () => {
    journal.handed(payIn().uetr, 5);
    journal.handed(payIn().uetr, 9);
    expect(journal.byUetr(payIn().uetr)?.handedAt).to.equal(5);
  });

  it("counts an instruction as sent from the chain's word on, and no longer when the chain goes back", () => {
    for (const state of ["Instructed", "Cleared", "Rejected", "Netted"] as const) {
      journal.stands(payIn().uetr, state);
      expect(journal.byUetr(payIn().uetr)?.sent, state).to.equal(state !== "Netted");
    }
  });

  it("has open what is neither cleared nor rejected", () => {
    journal.stands(payIn().uetr, "Cleared");
    expect(journal.open().map(({ instruction }) => instruction.uetr)).to.deep.equal([payOut().uetr]);
    journal.stands(payOut().uetr, "Rejected");
    expect(journal.open()).to.deep.equal([]);
  });

  it("takes the message that completes a booking for its proof", () => {
    journal.record(hash("01"), "first", [booked("creditor")]);
    journal.record(hash("02"), "second", [booked("debtor")]);
    expect(journal.byUetr(payIn().uetr)).to.deep.include({ booked: ["creditor", "debtor"], booking: hash("02") });
  });

  it("moves the cursor with what was read, or neither", () => {
    const failing = () => {
      journal.record(hash("01"), "first", [booked("debtor")]);
      throw new Error("killed");
    };
    expect(() => journal.reading("5", failing)).to.throw("killed");
    reopen();
    expect(journal.cursor).to.equal("");
    expect(journal.booked()).to.deep.equal([]);
    journal.reading("5", () => journal.record(hash("01"), "first", [booked("debtor")]));
    reopen();
    expect(journal.cursor).to.equal("5");
    expect(journal.booked().length).to.equal(1);
  });

  it("never has an end of a transfer, or a reference of the servicer, twice", () => {
    journal.record(hash("01"), "first", [booked("debtor")]);
    const again = { ...booked("debtor"), entry: { ...entryOf(payIn(), "debtor"), servicerReference: "other" } };
    expect(() => journal.record(hash("02"), "second", [again])).to.throw(/UNIQUE/);
    const other = { ...booked("creditor"), entry: entryOf(payIn(), "debtor") };
    expect(() => journal.record(hash("03"), "third", [other])).to.throw(/UNIQUE/);
  });

  it("knows days that were reconciled", () => {
    expect(journal.isReconciled("2026-11-22")).to.equal(false);
    journal.reconciled("2026-11-22");
    journal.reconciled("2026-11-22");
    expect(journal.isReconciled("2026-11-22")).to.equal(true);
  });
});
