import { expect } from "chai";
import { DECIMAL_FORM, fromMillionths, isPercentage, isProduct, millionths } from "../../../src/core/decimal.ts";

describe("decimal texts", () => {
  it("have one form", () => {
    for (const text of ["0", "0.5", "5000.00", "999999999999999999.999999"]) expect(text).to.match(DECIMAL_FORM);
    for (const text of [
      "",
      "00",
      "01",
      "-1",
      "+1",
      "1.",
      ".5",
      "1e3",
      "1,000",
      "1.1234567",
      " 1",
      "1000000000000000000",
    ])
      expect(text).not.to.match(DECIMAL_FORM);
  });

  it("are millionths and back, exactly", () => {
    expect(millionths("5000.5")).to.equal(5_000_500_000n);
    expect(millionths("999999999999999999.999999")).to.equal(999_999_999_999_999_999_999_999n);
    expect(fromMillionths(5_000_500_000n)).to.equal("5000.5");
    expect(fromMillionths(-1n)).to.equal("-0.000001");
    expect(fromMillionths(-2_500_000n)).to.equal("-2.5");
    expect(fromMillionths(0n)).to.equal("0");
  });
});

describe("isProduct", () => {
  it("allows rounding either way to the decimals that the amount is written with, and no more", () => {
    expect(isProduct("1050.00", "80", "13.125")).to.equal(true);
    for (const amount of ["0.66", "0.67"]) expect(isProduct(amount, "2", "0.333333"), amount).to.equal(true);
    for (const amount of ["0.65", "0.68"]) expect(isProduct(amount, "2", "0.333333"), amount).to.equal(false);
    expect(isProduct("0.666666", "2", "0.333333")).to.equal(true);
    expect(isProduct("0.666667", "2", "0.333333")).to.equal(false);
    expect(isProduct("1", "2", "0.5")).to.equal(true);
    expect(isProduct("2", "2", "0.5")).to.equal(false);
  });
});

describe("isPercentage", () => {
  it("is a hundredth of the product, rounded either way", () => {
    expect(isPercentage("5500.00", "5000.00", "110")).to.equal(true);
    expect(isPercentage("5500.01", "5000.00", "110")).to.equal(false);
    for (const amount of ["33.33", "33.34"]) expect(isPercentage(amount, "100", "33.333333"), amount).to.equal(true);
    expect(isPercentage("33.32", "100", "33.333333")).to.equal(false);
  });
});
