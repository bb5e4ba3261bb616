import { expect } from "chai";
import type { IsoDocument } from "../../../src/iso20022/messages/documents.ts";
import { BANK_A, BANK_B, OPERATOR, paymentXml, transfer } from "../../support/fakes/iso-messages.ts";
import { ALL_CNY, LedgerWorld, numbered } from "../../support/fakes/ledger.ts";
import { scratchFolder } from "../../support/fakes/scratch.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const UETR = transfer.uetr ?? "";
const kinds = (documents: readonly IsoDocument[]) => documents.map(({ type }) => type);

describe("central ledger that misbehaves", () => {
  const scratch = scratchFolder();
  let world: LedgerWorld;
  beforeEach(() => {
    world = new LedgerWorld(scratch("ledger.sqlite"));
  });
  afterEach(() => world.operator.close());

  it("refuses an account, a payment, or all", () => {
    world.behave({
      rejections: [
        { account: OPERATOR, code: "AC06" },
        { uetr: UETR, code: "AG07", text: "No" },
      ],
    });
    const toOperator = { creditor: { lei: OPERATOR }, creditorAccount: { id: OPERATOR, currency: "CNY" } } as const;
    expect(world.submit(numbered(1, toOperator))).to.equal("RJCT AC06");
    expect(world.submit(paymentXml())).to.equal("RJCT AG07");
    expect(world.submit(numbered(2))).to.equal("ACSC");
    world.behave({ rejections: [{}] });
    expect(world.submit(numbered(3))).to.equal("RJCT AM04");
  });

  it("books later, and says so when it does", () => {
    world.behave({ delayMs: 1_000 });
    expect(world.submit(paymentXml())).to.equal("ACSP");
    expect(world.balance(BANK_B)).to.equal(0n);
    world.clock.pass(999);
    expect(world.operator.settleDue()).to.equal(0);
    world.clock.pass(1);
    expect(world.operator.settleDue()).to.equal(1);
    expect(world.balance(BANK_B)).to.equal(1_250_050n);
    const told = world.told();
    const report = "PaymentStatusReport";
    expect(kinds(told)).to.deep.equal([report, report, "DebitCreditNotification", "DebitCreditNotification"]);
    expect(told[1]).to.deep.include({ status: "ACSC" });
    expect(world.submit(paymentXml())).to.equal("ACSC");
    expect(world.operator.settleDue()).to.equal(0);
  });

  it("refuses later what is no longer there", () => {
    world.behave({ delayMs: 1_000 });
    expect(world.submit(numbered(1))).to.equal("ACSP");
    expect(world.submit(numbered(2))).to.equal("ACSP");
    world.clock.pass(1_000);
    world.operator.settleDue();
    expect([world.submit(numbered(1)), world.submit(numbered(2))]).to.deep.equal(["ACSC", "RJCT AM04"]);
    expect(world.operator.books.total("CNY")).to.equal(ALL_CNY);
  });

  it("tells a booking several times in the same words", () => {
    world.behave({ copies: 3 });
    world.submit(paymentXml());
    const { messages } = world.operator.since("");
    expect(messages).to.have.length(7);
    expect(new Set(messages).size).to.equal(3);
  });

  it("takes a booking back, once, and tells everybody", async () => {
    world.submit(paymentXml());
    world.operator.reverse(UETR);
    expect([world.balance(BANK_A), world.balance(BANK_B)]).to.deep.equal([1_500_000n, 0n]);
    const [debit, credit, back] = world.told().slice(3);
    if (debit?.type !== "DebitCreditNotification" || credit?.type !== "DebitCreditNotification")
      throw new Error("kinds");
    expect([debit.account.id, credit.account.id]).to.deep.equal([BANK_B, BANK_A]);
    expect(debit.entries[0]).to.deep.include({ direction: "DBIT", reversal: true, amount: transfer.amount });
    expect(credit.entries[0]).to.deep.include({ direction: "CRDT", reversal: true, amount: transfer.amount });
    expect(credit.entries[0]?.references.uetr).to.equal(UETR);
    expect(back).to.deep.include({ type: "PaymentReturn", amount: transfer.amount });
    await thrown("LEDGER_REFUSED", () => world.operator.reverse(UETR));
    expect(world.told()).to.have.length(6);
  });

  it("takes back after a time", () => {
    world.behave({ reverseAfterMs: 60_000 });
    world.submit(paymentXml());
    world.behave({});
    world.clock.pass(60_000);
    expect(world.operator.settleDue()).to.equal(1);
    expect(world.balance(BANK_B)).to.equal(0n);
    expect(world.operator.settleDue()).to.equal(0);
  });

  it("cannot take back what was spent, or was never booked", async () => {
    await thrown("LEDGER_REFUSED", () => world.operator.reverse(UETR));
    world.behave({ reverseAfterMs: 1_000 });
    world.submit(paymentXml());
    world.behave({});
    const onward = { debtor: { lei: BANK_B }, debtorAccount: { id: BANK_B }, creditor: { lei: OPERATOR } } as const;
    world.submit(numbered(1, { ...onward, creditorAccount: { id: OPERATOR } }));
    await thrown("LEDGER_REFUSED", () => world.operator.reverse(UETR));
    world.clock.pass(1_000);
    world.operator.settleDue();
    expect(world.operator.settleDue()).to.equal(0);
    expect([world.balance(BANK_B), world.operator.books.total("CNY")]).to.deep.equal([0n, ALL_CNY]);
  });

  it("has nothing of a payment before which it crashed, and all of one after which it did", () => {
    world.behave({ crash: "before-booking" });
    expect(() => world.operator.submit(paymentXml())).to.throw("crashed");
    world.restart();
    expect([world.balance(BANK_B), world.told().length]).to.deep.equal([0n, 0]);
    world.behave({ crash: "before-answer" });
    expect(() => world.operator.submit(paymentXml())).to.throw("crashed");
    world.restart();
    world.behave({});
    expect([world.balance(BANK_B), world.told().length]).to.deep.equal([1_250_050n, 3]);
    expect(world.submit(paymentXml())).to.equal("ACSC");
    expect([world.balance(BANK_B), world.crashes]).to.deep.equal([1_250_050n, 2]);
  });

  it("books nothing that it cannot tell, now or later", () => {
    world.mute = true;
    expect(() => world.operator.submit(paymentXml())).to.throw("mute");
    world.behave({ delayMs: 1_000 });
    expect(world.submit(paymentXml())).to.equal("ACSP");
    world.clock.pass(1_000);
    expect(() => world.operator.settleDue()).to.throw("mute");
    expect([world.balance(BANK_A), world.balance(BANK_B), world.told().length]).to.deep.equal([1_500_000n, 0n, 1]);
    world.mute = false;
    world.operator.settleDue();
    expect([world.balance(BANK_B), world.told().length]).to.deep.equal([1_250_050n, 4]);
  });

  it("books after a restart what was due", () => {
    world.behave({ delayMs: 1_000 });
    world.submit(paymentXml());
    world.clock.pass(5_000);
    world.restart();
    expect(world.operator.settleDue()).to.equal(1);
    expect(world.balance(BANK_B)).to.equal(1_250_050n);
  });
});
