import { expect } from "chai";
import type { LedgerEntry, StatusReport } from "../../../src/clearing/answers.ts";
import type { ExceptionCode } from "../../../src/clearing/exceptions.ts";
import { match, type Progress } from "../../../src/clearing/matching.ts";
import { entryOf, OTHER, payIn, payOut, SETTLEMENT, statusOf } from "../../support/clearing/instructions.ts";

describe("match", () => {
  let progress: Progress;
  let booked: Set<string>;
  beforeEach(() => {
    progress = { instruction: payIn(), sent: true, booked: [], rejected: undefined };
    booked = new Set();
  });

  const judge = (answer: LedgerEntry | StatusReport) =>
    match(answer, {
      byUetr: (uetr) => (uetr === progress.instruction.uetr ? progress : undefined),
      isBooked: ({ account, currency, servicerReference }) =>
        booked.has([account, currency, servicerReference].join(" ")),
    });
  const entry = (change: Partial<LedgerEntry> = {}) => judge({ ...entryOf(progress.instruction, "debtor"), ...change });
  const status = (change: Partial<StatusReport> = {}) => judge({ ...statusOf(progress.instruction), ...change });

  describe("an entry", () => {
    for (const [name, instruction] of [
      ["pay-in", payIn()],
      ["pay-out", payOut()],
    ] as const) {
      for (const side of ["debtor", "creditor"] as const) {
        it(`books the ${side}'s end of a ${name} when every field is equal`, () => {
          progress = { ...progress, instruction };
          expect(judge(entryOf(instruction, side))).to.deep.equal({ type: "booked", instruction, side });
        });
      }
    }

    const { amount, uetr } = payIn();
    const off: [string, Partial<LedgerEntry>, ExceptionCode][] = [
      ["one cent more", { amount: amount + 1n }, "AMOUNT_MISMATCH"],
      ["one cent less", { amount: amount - 1n }, "AMOUNT_MISMATCH"],
      ["an amount a hundred times as large", { amount: amount * 100n }, "AMOUNT_MISMATCH"],
      ["another currency", { currency: "USD" }, "CURRENCY_MISMATCH"],
      ["a stranger's account", { account: OTHER.account }, "ACCOUNT_MISMATCH"],
      ["the other direction", { direction: "CRDT" }, "DIRECTION_MISMATCH"],
      ["the other end's account", { account: SETTLEMENT.account }, "DIRECTION_MISMATCH"],
      ["a pending status", { status: "PDNG" }, "NOT_BOOKED"],
      ["an announcing status", { status: "INFO" }, "NOT_BOOKED"],
      ["a status in small letters", { status: "book" }, "NOT_BOOKED"],
      ["a reversal", { reversal: true }, "REVERSED"],
      ["another UETR", { uetr: uetr.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")) }, "UNKNOWN_UETR"],
      ["no UETR", { uetr: undefined }, "UNKNOWN_UETR"],
      ["another message's id", { messageId: "HP7-1-CNY-00000000" }, "ID_MISMATCH"],
      ["no message id", { messageId: undefined }, "ID_MISMATCH"],
      ["another member's instruction id", { instructionId: "HP7-2-CNY" }, "ID_MISMATCH"],
      ["no instruction id", { instructionId: undefined }, "ID_MISMATCH"],
      ["another member's end-to-end id", { endToEndId: "HP7-2-CNY" }, "ID_MISMATCH"],
      ["no end-to-end id", { endToEndId: undefined }, "ID_MISMATCH"],
      ["another cycle's instruction id", { instructionId: "HP8-1-CNY" }, "WRONG_CYCLE"],
      ["another cycle's end-to-end id", { endToEndId: "HP6-1-CNY" }, "WRONG_CYCLE"],
    ];
    for (const [name, change, code] of off) {
      it(`moves nothing with ${name}: ${code}`, () => {
        const verdict = entry(change);
        expect(verdict).to.include({ type: "exception", code });
      });
    }

    it("moves nothing twice: DUPLICATE for the same reference of the servicer", () => {
      const { account, servicerReference } = entryOf(progress.instruction, "debtor");
      booked.add(`${account} CNY ${servicerReference}`);
      expect(entry()).to.include({ type: "exception", code: "DUPLICATE" });
    });

    it("takes the same reference at another account for another entry", () => {
      booked.add(`${SETTLEMENT.account} CNY ${entryOf(progress.instruction, "debtor").servicerReference}`);
      expect(entry()).to.include({ type: "booked" });
    });

    it("moves nothing twice: ALREADY_FINAL for a second booking of one end", () => {
      progress = { ...progress, booked: ["debtor"] };
      expect(entry({ servicerReference: "another" })).to.include({ code: "ALREADY_FINAL" });
    });

    it("moves nothing before it was sent: NOT_SENT", () => {
      progress = { ...progress, sent: false };
      expect(entry()).to.include({ code: "NOT_SENT" });
    });

    it("moves nothing after a rejection: AFTER_REJECTION", () => {
      progress = { ...progress, rejected: "AM04" };
      expect(entry()).to.include({ code: "AFTER_REJECTION" });
    });
  });

  describe("a status", () => {
    for (const code of ["RCVD", "ACCP", "ACTC", "ACSP", "ACSC", "ACCC", "PDNG"]) {
      it(`books nothing with ${code}`, () => {
        expect(status({ status: code, reason: undefined })).to.include({ type: "accepted" });
      });
    }

    it("rejects with the reason given", () => {
      expect(status()).to.deep.equal({ type: "rejected", instruction: progress.instruction, reason: "AM04" });
    });

    it("rejects again with the same reason", () => {
      progress = { ...progress, rejected: "AM04" };
      expect(status()).to.include({ type: "rejected", reason: "AM04" });
    });

    for (const reason of ["AB05", "AG01", "AM03", "DS02", "DT01", "FF01", "RC01", "TM01"]) {
      it(`has no member pay for ${reason}, which is not its default: REFUSED_AS_SENT`, () => {
        expect(status({ reason })).to.include({ type: "exception", code: "REFUSED_AS_SENT" });
        progress = { ...progress, instruction: payOut() };
        expect(judge({ ...statusOf(payOut()), reason })).to.include({ type: "rejected" });
      });
    }

    const off: [string, Partial<StatusReport>, Partial<Progress>, ExceptionCode][] = [
      ["no UETR", { uetr: undefined }, {}, "UNKNOWN_UETR"],
      ["another UETR", { uetr: payOut().uetr }, {}, "UNKNOWN_UETR"],
      ["another message's id", { messageId: "HP7-1-CNY-00000000" }, {}, "ID_MISMATCH"],
      ["another cycle's id", { instructionId: "HP1-1-CNY" }, {}, "WRONG_CYCLE"],
      ["no reason", { reason: undefined }, {}, "MALFORMED"],
      ["a reason of three characters", { reason: "AM4" }, {}, "MALFORMED"],
      ["a repetition", { reason: "AM05" }, {}, "ALREADY_INSTRUCTED"],
      ["a cancellation", { status: "CANC" }, {}, "UNKNOWN_STATUS"],
      ["an answer to what was never sent", {}, { sent: false }, "NOT_SENT"],
      ["a rejection of what is booked at one end", {}, { booked: ["creditor"] }, "REJECTED_AFTER_BOOKING"],
      ["a rejection for another reason", {}, { rejected: "AC06" }, "DUPLICATE"],
      ["an acceptance of what was rejected", { status: "ACSC" }, { rejected: "AM04" }, "AFTER_REJECTION"],
    ];
    for (const [name, change, state, code] of off) {
      it(`moves nothing with ${name}: ${code}`, () => {
        progress = { ...progress, ...state };
        expect(status(change)).to.include({ type: "exception", code });
      });
    }
  });

  it("moves nothing with a return: RETURNED", () => {
    const { uetr, messageId, instructionId, endToEndId } = progress.instruction;
    const verdict = match(
      { type: "return", uetr, messageId, instructionId, endToEndId },
      { byUetr: () => progress, isBooked: () => false },
    );
    expect(verdict).to.deep.equal({ type: "exception", code: "RETURNED", instruction: progress.instruction });
  });
});
