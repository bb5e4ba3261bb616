import { expect } from "chai";
import { buildMessage, parseMessage, parseStatement } from "../../../src/iso20022/business-message.ts";
import type { DebitCreditNotification, InstitutionCreditTransfer } from "../../../src/iso20022/messages/documents.ts";
import {
  BANK_A,
  BANK_B,
  LEDGER,
  notification,
  OPERATOR,
  paymentMessage,
  paymentXml,
  transfer,
} from "../../support/fakes/iso-messages.ts";
import { ALL_CNY, LedgerWorld, numbered, randomPayment } from "../../support/fakes/ledger.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const UETR = "8a562c67-ca16-48ba-b074-65581be6f001";

function notifications(world: LedgerWorld): DebitCreditNotification[] {
  return world.told().filter((document) => document.type === "DebitCreditNotification");
}

describe("central ledger", () => {
  let world: LedgerWorld;
  beforeEach(() => {
    world = new LedgerWorld(":memory:");
  });
  afterEach(() => world.operator.close());

  describe("a payment", () => {
    it("is booked on both accounts and told to both", () => {
      expect(world.submit(paymentXml())).to.equal("ACSC");
      expect([world.balance(BANK_A), world.balance(BANK_B)]).to.deep.equal([249_950n, 1_250_050n]);
      const [report, ...told] = world.told();
      expect(report).to.deep.include({ type: "PaymentStatusReport", status: "ACSC" });
      const ids = { messageId: transfer.id, instructionId: transfer.id, endToEndId: "HP1-CNY", uetr: UETR };
      expect(report).to.deep.include({ original: { ...ids, definition: "pacs.009.001.08" } });
      expect(told).to.have.length(2);
      for (const [index, [lei, direction]] of [[BANK_A, "DBIT"] as const, [BANK_B, "CRDT"] as const].entries()) {
        const one = told[index];
        if (one?.type !== "DebitCreditNotification") throw new Error(`Told by a ${one?.type}`);
        expect(one.account).to.deep.equal({ id: lei, currency: "CNY" });
        const [entry] = one.entries;
        expect(entry).to.deep.include({ direction, status: "BOOK", reversal: false, amount: transfer.amount });
        expect(entry).to.deep.include({ references: ids, valueDate: "2026-11-22", remittance: transfer.remittance });
      }
    });

    it("is booked once however often it comes, and answered the same", () => {
      const first = world.operator.submit(paymentXml());
      expect(world.operator.submit(paymentXml())).to.equal(first);
      const again = buildMessage({
        ...paymentMessage({ id: "AGAIN", createdAt: "2026-11-23T00:00:00Z" }),
        possibleDuplicate: true,
      });
      expect(world.operator.submit(again)).to.equal(first);
      expect(world.balance(BANK_B)).to.equal(1_250_050n);
      expect(world.told()).to.have.length(3);
    });

    it("is answered the same when it was refused, though it could be booked by now", () => {
      world.behave({ rejections: [{ code: "AG03" }] });
      const refused = world.operator.submit(paymentXml());
      world.behave({});
      expect(world.operator.submit(paymentXml())).to.equal(refused);
      expect(world.balance(BANK_B)).to.equal(0n);
    });

    const OTHER: readonly Partial<InstitutionCreditTransfer>[] = [
      { amount: { currency: "CNY", cents: 1_250_051n } },
      { creditor: { lei: OPERATOR }, creditorAccount: { id: OPERATOR, currency: "CNY" } },
      { endToEndId: "OTHER" },
      { remittance: [] },
    ];
    for (const changes of OTHER) {
      it(`is refused when its UETR stands for another one: ${Object.keys(changes)}`, () => {
        const first = world.operator.submit(paymentXml());
        expect(world.submit(paymentXml(changes))).to.equal("RJCT DU03");
        expect(world.balance(BANK_B)).to.equal(1_250_050n);
        expect(world.operator.submit(paymentXml())).to.equal(first);
      });
    }

    it("is refused with an id of another one", () => {
      world.submit(paymentXml());
      expect(world.submit(numbered(1, { id: transfer.id }))).to.equal("RJCT DU01");
      expect(world.submit(numbered(2, { instructionId: transfer.id }))).to.equal("RJCT DU05");
      expect(world.submit(numbered(1, { id: transfer.id }))).to.equal("RJCT DU01");
    });

    const account = (id: string, currency: "CNY" | "USD" = "CNY") => ({ id, currency });
    const REFUSED: readonly (readonly [string, Partial<InstitutionCreditTransfer>, string])[] = [
      ["more than there is", { amount: { currency: "CNY", cents: 1_500_001n } }, "AM04"],
      ["a currency without accounts", { amount: { currency: "EUR", cents: 1n } }, "AM03"],
      ["an account in another currency", { debtorAccount: account(BANK_A, "USD") }, "AM03"],
      ["an unknown debtor", { debtor: { lei: LEDGER }, debtorAccount: account(LEDGER) }, "AC01"],
      ["an unknown creditor", { creditor: { lei: LEDGER }, creditorAccount: account(LEDGER) }, "AC01"],
      [
        "a creditor without an account in the currency",
        {
          amount: { currency: "USD", cents: 1n },
          debtorAccount: account(BANK_A, "USD"),
          creditorAccount: account(BANK_B, "USD"),
        },
        "AC01",
      ],
      ["somebody else's account", { debtor: { lei: BANK_B } }, "AC01"],
      ["a debtor without a legal entity identifier", { debtor: { bic: "BKAACNBJXXX" } }, "AC01"],
      ["one account twice", { creditor: { lei: BANK_A }, creditorAccount: account(BANK_A) }, "AC01"],
    ];
    for (const [name, changes, code] of REFUSED) {
      it(`is refused with ${code} for ${name}`, () => {
        expect(world.submit(paymentXml(changes))).to.equal(`RJCT ${code}`);
        expect(world.balance(BANK_A)).to.equal(1_500_000n);
        expect(notifications(world)).to.have.length(0);
      });
    }

    it("is refused without an account", () => {
      const { debtorAccount: _, ...document } = transfer;
      expect(world.submit(buildMessage({ ...paymentMessage(), document }))).to.equal("RJCT AC01");
    });

    it("is refused from who may not instruct and for another ledger, and keeps no payment from its UETR", () => {
      const stranger = buildMessage({ ...paymentMessage(), from: { lei: BANK_B } });
      expect(world.submit(stranger)).to.equal("RJCT AG01");
      expect(world.submit(buildMessage({ ...paymentMessage(), to: { lei: BANK_B } }))).to.equal("RJCT RC01");
      expect(world.told()).to.have.length(0);
      expect(world.submit(paymentXml())).to.equal("ACSC");
      expect(world.submit(stranger)).to.equal("RJCT AG01");
    });

    it("empties an account to the last cent and no further", () => {
      expect(world.submit(paymentXml({ amount: { currency: "CNY", cents: 1_500_000n } }))).to.equal("ACSC");
      expect(world.balance(BANK_A)).to.equal(0n);
      expect(world.submit(numbered(1, { amount: { currency: "CNY", cents: 1n } }))).to.equal("RJCT AM04");
    });

    it("is no payment when it cannot be read, is another message, or has no UETR", async () => {
      await thrown("ISO_MALFORMED", () => world.operator.submit("pay"));
      const other = buildMessage({ ...paymentMessage(), document: notification });
      await thrown("ISO_UNSUPPORTED", () => world.operator.submit(other));
      const { uetr: _, ...document } = transfer;
      const anonymous = buildMessage({ ...paymentMessage(), document });
      expect((await thrown("ISO_SCHEMA", () => world.operator.submit(anonymous))).fields["path"]).to.match(/UETR$/);
      expect(world.told()).to.have.length(0);
    });
  });

  describe("money", () => {
    it("is neither made nor lost by any payments and reversals, and no account is negative", () => {
      const random = new SeededRandom(23);
      const statuses = new Set<string>();
      for (let index = 0; index < 400; index++) {
        world.behave({ delayMs: random.below(3) * 1_000, ...(random.below(3) === 0 ? { reverseAfterMs: 500 } : {}) });
        const payment = randomPayment(random.below(8) === 0 ? random.below(index + 1) : index, random);
        statuses.add(world.submit(payment));
        world.clock.pass(random.below(1_500));
        if (random.below(2) === 0) world.operator.settleDue();
        expect(world.operator.books.total("CNY")).to.equal(ALL_CNY);
        for (const lei of [BANK_A, BANK_B, OPERATOR]) expect(world.balance(lei) >= 0n).to.equal(true);
      }
      expect([...statuses]).to.include.members(["ACSC", "ACSP", "RJCT AM04", "RJCT DU03"]);
      const booked = notifications(world).flatMap(({ entries }) => entries);
      expect(booked.some(({ reversal }) => reversal)).to.equal(true);
      const sum = booked.reduce(
        (all, { direction, amount }) => all + (direction === "CRDT" ? 1n : -1n) * amount.cents,
        0n,
      );
      expect(sum).to.equal(0n);
      expect(new Set(booked.map(({ servicerReference }) => servicerReference)).size).to.equal(booked.length);
    });
  });

  describe("a statement", () => {
    it("has the day's bookings between the balances of its ends", () => {
      world.submit(paymentXml());
      world.clock.pass(24 * 3_600_000);
      world.submit(numbered(1, { amount: { currency: "CNY", cents: 50n } }));
      const [first, second, third] = ["2026-11-22", "2026-11-23", "2026-11-24"].map(
        (date) => parseStatement(world.operator.statement(`${BANK_A}-CNY`, date)).document,
      );
      expect(first).to.deep.include({ account: { id: BANK_A, currency: "CNY" } });
      expect([first?.opening.cents, first?.closing.cents, first?.entries.length]).to.deep.equal([
        1_500_000n,
        249_950n,
        1,
      ]);
      expect([second?.opening.cents, second?.closing.cents, second?.entries.length]).to.deep.equal([
        249_950n,
        249_900n,
        1,
      ]);
      expect([third?.opening.cents, third?.closing.cents, third?.entries.length]).to.deep.equal([
        249_900n,
        249_900n,
        0,
      ]);
      const [told] = notifications(world);
      expect(first?.entries).to.deep.equal(told?.entries);
    });

    it("has what is booked at midnight on the day that begins", () => {
      world.clock.time = Date.parse("2026-11-23T00:00:00Z");
      world.submit(paymentXml());
      const days = ["2026-11-22", "2026-11-23", "2026-11-24"].map(
        (date) => parseStatement(world.operator.statement(`${BANK_B}-CNY`, date)).document,
      );
      expect(days.map(({ opening }) => opening.cents)).to.deep.equal([0n, 0n, 1_250_050n]);
      expect(days.map(({ entries }) => entries.length)).to.deep.equal([0, 1, 0]);
    });

    it("is there for accounts and days alone", async () => {
      for (const account of [
        "",
        BANK_A,
        `${BANK_A}-EUR`,
        `${LEDGER}-CNY`,
        `${BANK_A}-CNY-`,
        `${BANK_A}/CNY`,
        "'; DROP",
      ]) {
        await thrown("LEDGER_REFUSED", () => world.operator.statement(account, "2026-11-22"));
      }
      for (const date of ["", "today", "2026-02-30", "2026-11-22T00:00:00Z"]) {
        await thrown("LEDGER_REFUSED", () => world.operator.statement(`${BANK_A}-CNY`, date));
      }
    });
  });

  describe("the messages told", () => {
    it("come in pages, each from where the last one ended", () => {
      for (let index = 0; index < 40; index++)
        world.submit(numbered(index, { amount: { currency: "CNY", cents: 1n } }));
      const first = world.operator.since("");
      const rest = [world.operator.since(first.cursor)];
      rest.push(world.operator.since(rest[0]?.cursor ?? ""));
      expect([first, ...rest].map(({ messages }) => messages.length)).to.deep.equal([50, 50, 20]);
      const ids = [first, ...rest].flatMap(({ messages }) => messages.map((each) => parseMessage(each).document.id));
      expect(new Set(ids).size).to.equal(120);
      expect(world.operator.since("120")).to.deep.equal({ cursor: "120", messages: [] });
      expect(world.operator.since("99999")).to.deep.equal({ cursor: "99999", messages: [] });
    });

    it("have no cursor of somebody else", async () => {
      for (const after of ["-1", "1e3", "x", "9".repeat(16), "1.5"]) {
        await thrown("LEDGER_REFUSED", () => world.operator.since(after));
      }
    });
  });
});
