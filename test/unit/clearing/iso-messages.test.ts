import { expect } from "chai";
import { crossBorderMessage } from "../../../src/clearing/cross-border-message.ts";
import { writeInstruction } from "../../../src/clearing/iso-messages.ts";
import { parseMessage } from "../../../src/iso20022/business-message.ts";
import { Schemas } from "../../../src/iso20022/schemas.ts";
import {
  BANK_A,
  BANK_B,
  HOUSE,
  instructed,
  OTHER,
  payIn,
  payOut,
  SETTLEMENT,
} from "../../support/clearing/instructions.ts";
import { CORRESPONDENTS, KEEPER } from "../../support/clearing/ledger-messages.ts";
import { vectorFileOrSkip } from "../../support/fakes/vectors.ts";

const CLOSED_AT = 1_795_339_800;
const write = (instruction = payIn()) => writeInstruction(instruction, CORRESPONDENTS, CLOSED_AT);

describe("writeInstruction", () => {
  it("says everything that an answer must repeat", () => {
    const { uetr, messageId, instructionId, endToEndId } = payIn();
    const { from, to, document } = parseMessage(write());
    expect([from, to]).to.deep.equal([{ lei: SETTLEMENT.lei }, { lei: KEEPER }]);
    expect(document).to.deep.include({
      type: "InstitutionCreditTransfer",
      id: messageId,
      instructionId,
      endToEndId,
      uetr,
      amount: { currency: "CNY", cents: 125_000_000n },
      debtor: { lei: BANK_A.lei },
      debtorAccount: { id: BANK_A.account, currency: "CNY" },
      creditor: { lei: SETTLEMENT.lei },
      creditorAccount: { id: SETTLEMENT.account, currency: "CNY" },
      settlementDate: "2026-11-22",
    });
  });

  it("gives the same text for the same instruction", () => {
    expect(write()).to.equal(write(payIn()));
    expect(write()).not.to.equal(write(payOut()));
  });

  it("is valid by the genuine schemas, to the largest amount, cycle and member", function () {
    const schemas = Schemas.load(vectorFileOrSkip(this, "iso20022"));
    const largest = instructed(4_294_967_295, 65_535, 999_999_999_999_999_999n);
    for (const instruction of [payIn(), payOut(), instructed(1, 1, -1n, "USD"), largest]) {
      expect(() => parseMessage(write(instruction), schemas)).not.to.throw();
    }
  });
});

describe("crossBorderMessage", () => {
  it("is valid by the genuine schemas", function () {
    const schemas = Schemas.load(vectorFileOrSkip(this, "iso20022"));
    const party = { account: `0x${"ff".repeat(20)}`, lei: OTHER.lei, name: "Alster Orthopädie" } as const;
    const { message } = crossBorderMessage(HOUSE, {
      payer: { ...party, bankLei: BANK_A.lei },
      payee: { ...party, bankLei: BANK_B.lei },
      currency: "USD",
      amount: 5_000_000_000n,
      endToEndId: "INV-2026-0042",
      createdAt: "2026-11-22T09:30:00Z",
      remittance: ["Invoice 42"],
    });
    expect(() => parseMessage(message, schemas)).not.to.throw();
  });
});
