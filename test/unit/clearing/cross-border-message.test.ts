import { expect } from "chai";
import { AbiCoder, encodeBytes32String, keccak256 } from "ethers";
import {
  accountText,
  type CrossBorderPayment,
  checkCrossBorderMessage,
  crossBorderMessage,
  endToEndIdBytes,
  type PaymentOnChain,
  paymentIdOf,
} from "../../../src/clearing/cross-border-message.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { BANK_A, BANK_B, HOUSE, OTHER, SETTLEMENT } from "../../support/clearing/instructions.ts";

const payer = {
  account: `0x${"a1".repeat(20)}` as Hex,
  lei: SETTLEMENT.lei,
  name: "Elbe Medical",
  bankLei: BANK_A.lei,
};
const payee = { account: `0x${"b2".repeat(20)}` as Hex, lei: OTHER.lei, bankLei: BANK_B.lei };
const payment: CrossBorderPayment = {
  payer,
  payee,
  currency: "USD",
  amount: 5_000_000_000n,
  endToEndId: "INV-2026-0042",
  createdAt: "2026-11-22T09:30:00Z",
};

function onChain(change: Partial<PaymentOnChain> = {}): PaymentOnChain {
  const paymentId = paymentIdOf(HOUSE, payer.account, endToEndIdBytes(payment.endToEndId));
  const { hash } = crossBorderMessage(HOUSE, payment);
  return { paymentId, payer, payee, currency: "USD", amount: payment.amount, message: hash, ...change };
}

const { message } = crossBorderMessage(HOUSE, payment);
const check = (text: string, change: Partial<PaymentOnChain> = {}) =>
  checkCrossBorderMessage(HOUSE, text, onChain(change));

describe("the message beside a cross-border payment", () => {
  it("is the same each time it is made", () => {
    expect(crossBorderMessage(HOUSE, payment)).to.deep.equal(crossBorderMessage(HOUSE, { ...payment }));
  });

  it("is that of the payment when the chain has its hash", () => {
    expect(check(message)).to.deep.equal([]);
  });

  it("names the payment as the contract does", () => {
    const types = ["uint256", "address", "address", "bytes32"];
    const values = [HOUSE.chainId, HOUSE.address, payer.account, encodeBytes32String(payment.endToEndId)];
    expect(onChain().paymentId).to.equal(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
  });

  const stranger = { ...payee, account: `0x${"c3".repeat(20)}` as Hex, lei: BANK_A.lei, bankLei: BANK_A.lei };
  const wrong: [string, Partial<PaymentOnChain>, string[]][] = [
    ["another hash", { message: `0x${"00".repeat(32)}` }, ["hash"]],
    ["a cent more", { amount: payment.amount + 10_000n }, ["amount"]],
    ["a millionth more", { amount: payment.amount + 1n }, ["amount"]],
    ["another currency", { currency: "CNY" }, ["currency"]],
    ["another payment", { paymentId: `0x${"11".repeat(32)}` }, ["uetr", "messageId", "endToEndId"]],
    ["another payee", { payee: stranger }, ["to", "creditorAgent", "creditor", "creditorAccount"]],
  ];
  for (const [name, change, fields] of wrong) {
    it(`is not that of ${name}`, () => expect(check(message, change)).to.deep.equal(fields));
  }

  it("is not another one that says the same", () => {
    expect(check(message.replace("2026-11-22T09:30:00Z", "2026-11-22T09:30:01Z"))).to.include("hash");
  });

  it("has whole cents and an id that fits", () => {
    expect(() => crossBorderMessage(HOUSE, { ...payment, amount: 1n })).to.throw(RangeError);
    expect(() => crossBorderMessage(HOUSE, { ...payment, endToEndId: "X".repeat(33) })).to.throw(RangeError);
  });

  it("writes an address in 32 characters, another for each", () => {
    expect(accountText(`0x${"00".repeat(20)}`)).to.equal("A".repeat(32));
    expect(accountText(`0x${"ff".repeat(20)}`)).to.equal("7".repeat(32));
    expect(accountText(`0x${"00".repeat(19)}01`)).to.equal(`${"A".repeat(31)}B`);
  });
});
