import { expect } from "chai";
import type { JournalledInstruction } from "../../../src/clearing/clearing-journal.ts";
import type { Instruction } from "../../../src/clearing/instruction.ts";
import { nextSteps } from "../../../src/clearing/next-steps.ts";
import { instructed, payIn, payOut, SETTLEMENT } from "../../support/clearing/instructions.ts";

const at = (instruction: Instruction, change: Partial<JournalledInstruction> = {}): JournalledInstruction => ({
  instruction,
  state: "Netted",
  closedAt: 1_800_000_000,
  sent: false,
  handedAt: undefined,
  booked: [],
  booking: undefined,
  rejected: undefined,
  ...change,
});

const steps = (...instructions: JournalledInstruction[]) =>
  nextSteps(instructions).map(({ type, of }) => `${type} ${of.instruction.endToEndId}`);

const both = ["debtor", "creditor"] as const;

describe("nextSteps", () => {
  it("marks a pay-in on the chain before anything else", () => {
    expect(steps(at(payOut()), at(payIn()))).to.deep.equal(["instruct HP7-1-CNY"]);
  });

  it("sends what is marked and was not taken yet", () => {
    expect(steps(at(payIn(), { state: "Instructed" }))).to.deep.equal(["send HP7-1-CNY"]);
  });

  it("waits for what was taken", () => {
    expect(steps(at(payIn(), { state: "Instructed", handedAt: 1 }))).to.deep.equal([]);
  });

  for (const side of both) {
    it(`waits for the other end when the ${side}'s alone is booked`, () => {
      expect(steps(at(payIn(), { state: "Instructed", handedAt: 1, booked: [side] }))).to.deep.equal([]);
    });
  }

  it("confirms what is booked at both ends, even if it does not know that it was taken", () => {
    expect(steps(at(payIn(), { state: "Instructed", booked: both }))).to.deep.equal(["confirm HP7-1-CNY"]);
  });

  it("rejects what was refused, with its reason", () => {
    const [step] = nextSteps([at(payIn(), { state: "Instructed", handedAt: 1, rejected: "AM04" })]);
    expect(step).to.deep.include({ type: "reject", reason: "AM04" });
  });

  for (const state of ["Netted", "Instructed"] as const) {
    it(`holds pay-outs back while a pay-in is ${state}`, () => {
      expect(steps(at(payIn(), { state, handedAt: 1 }), at(payOut()))).not.to.include("instruct HP7-2-CNY");
    });
  }

  it("holds pay-outs back while a pay-in is booked at the central ledger and not yet cleared on the chain", () => {
    const booked = at(payIn(), { state: "Instructed", handedAt: 1, booked: both });
    expect(steps(booked, at(payOut()))).to.deep.equal(["confirm HP7-1-CNY"]);
  });

  for (const state of ["Cleared", "Rejected"] as const) {
    it(`lets pay-outs go when the last pay-in is ${state}`, () => {
      expect(steps(at(payIn(), { state }), at(payOut()))).to.deep.equal(["instruct HP7-2-CNY"]);
    });
  }

  it("does not wait for pay-ins of another currency or another cycle", () => {
    const others = [at(instructed(7, 1, -5n, "USD")), at(instructed(6, 1, -5n))];
    expect(steps(at(payOut()), ...others)).to.include("instruct HP7-2-CNY");
  });

  for (const state of ["Cleared", "Rejected"] as const) {
    it(`leaves alone what is ${state}`, () => {
      expect(steps(at(payIn(), { state, booked: both, rejected: "AM04" }))).to.deep.equal([]);
    });
  }

  it("confirms what stays within the settlement account without sending it", () => {
    const internal = { ...payIn(), debtor: SETTLEMENT };
    expect(steps(at(internal))).to.deep.equal(["instruct HP7-1-CNY"]);
    expect(steps(at(internal, { state: "Instructed" }))).to.deep.equal(["confirm HP7-1-CNY"]);
  });
});
