import { expect } from "chai";
import { expectedGas } from "../../../src/core/delivery-plan.ts";

describe("expectedGas", () => {
  it("is the most of the sample", () => {
    expect(expectedGas([80_000n, 100_000n, undefined, 90_000n], 500_000n)).to.equal(100_000n);
  });

  it("is the cap when no message of the sample could be tried", () => {
    expect(expectedGas([undefined, undefined], 500_000n)).to.equal(500_000n);
    expect(expectedGas([], 500_000n)).to.equal(500_000n);
  });

  it("is never more than the cap", () => {
    expect(expectedGas([521_000n], 500_000n)).to.equal(500_000n);
  });
});
