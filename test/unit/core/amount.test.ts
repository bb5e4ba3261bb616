import { expect } from "chai";
import { formatAmount, parseAmount, toDecimalString } from "../../../src/core/amount.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

describe("amount", () => {
  it("returns the same units after a round trip, for any number of decimals", () => {
    const random = new SeededRandom(1);
    for (let round = 0; round < 500; round++) {
      const units = BigInt(random.hex(random.between(1, 32)));
      const decimals = random.below(31);
      expect(parseAmount(toDecimalString(units, decimals), decimals)).to.equal(units);
      expect(
        parseAmount(formatAmount(units, Math.max(decimals, 2)).replaceAll(",", ""), Math.max(decimals, 2)),
      ).to.equal(units);
    }
  });

  it("keeps the largest amount that a contract can have", () => {
    const most = 2n ** 256n - 1n;
    expect(parseAmount(toDecimalString(most, 18), 18)).to.equal(most);
  });

  it("formats for people", () => {
    expect(formatAmount(5_000_000_000n, 6)).to.equal("5,000.00");
    expect(formatAmount(1_234_567_891_234n, 6)).to.equal("1,234,567.891234");
    expect(formatAmount(1_500_000n, 6)).to.equal("1.50");
    expect(formatAmount(1n, 6)).to.equal("0.000001");
    expect(formatAmount(0n, 6)).to.equal("0.00");
    expect(formatAmount(123n, 0)).to.equal("123.00");
    expect(formatAmount(999n, 0)).to.equal("999.00");
    expect(formatAmount(1_000n, 0)).to.equal("1,000.00");
    expect(formatAmount(5n, 1)).to.equal("0.50");
  });

  it("formats for data", () => {
    expect(toDecimalString(5_000_000_000n, 6)).to.equal("5000.000000");
    expect(toDecimalString(1n, 6)).to.equal("0.000001");
    expect(toDecimalString(0n, 2)).to.equal("0.00");
    expect(toDecimalString(42n, 0)).to.equal("42");
  });

  it("reads fewer decimals than there can be", () => {
    expect(parseAmount("5000.5", 6)).to.equal(5_000_500_000n);
    expect(parseAmount("5000", 6)).to.equal(5_000_000_000n);
    expect(parseAmount("0", 0)).to.equal(0n);
    expect(parseAmount("007", 2)).to.equal(700n);
  });

  for (const text of [
    "",
    ".",
    "1.",
    ".5",
    "-1",
    "+1",
    "1,000",
    "1e3",
    "0x10",
    " 1",
    "1 ",
    "1\n",
    "1.2.3",
    "NaN",
    "１",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseAmount(text, 6)).to.throw(RangeError);
    });
  }

  it("refuses more decimals than there are rather than rounding", () => {
    expect(parseAmount("0.123456", 6)).to.equal(123_456n);
    expect(() => parseAmount("0.1234567", 6)).to.throw(RangeError);
    expect(() => parseAmount("0.1234560", 6)).to.throw(RangeError);
    expect(() => parseAmount("1.0", 0)).to.throw(RangeError);
  });

  it("refuses to show a negative amount", () => {
    expect(() => formatAmount(-1n, 6)).to.throw(RangeError);
    expect(() => toDecimalString(-1n, 6)).to.throw(RangeError);
  });
});
