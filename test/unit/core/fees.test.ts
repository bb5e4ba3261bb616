import { expect } from "chai";
import { marketFees, raisedFees } from "../../../src/core/fees.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

const policy = { priorityFee: 3n, ceiling: 1_000_000n, bumpPercent: 12.5 };

describe("fees", () => {
  it("offer twice the base fee and the priority fee, up to the ceiling", () => {
    expect(marketFees(7n, policy)).to.deep.equal({ maxFeePerGas: 17n, maxPriorityFeePerGas: 3n });
    expect(marketFees(7n, { ...policy, ceiling: 2n })).to.deep.equal({ maxFeePerGas: 2n, maxPriorityFeePerGas: 2n });
    expect(marketFees(0n, { ...policy, priorityFee: 0n })).to.deep.equal({
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
    });
  });

  it("raise both by the percentage at least, and never above the ceiling", () => {
    const random = new SeededRandom(5);
    let raised = 0;
    for (let round = 0; round < 2_000; round++) {
      const maxFeePerGas = BigInt(random.between(1, 1_000_000));
      const maxPriorityFeePerGas = BigInt(random.below(Number(maxFeePerGas)));
      const fees = raisedFees({ maxFeePerGas, maxPriorityFeePerGas }, BigInt(random.below(100_000)), policy);
      if (typeof fees === "string") {
        expect(fees).to.equal("ceiling");
        expect(maxFeePerGas * 1_125n > policy.ceiling * 1_000n - 1_000n).to.equal(true);
        continue;
      }
      raised++;
      expect(fees.maxFeePerGas * 1_000n >= maxFeePerGas * 1_125n).to.equal(true);
      expect(fees.maxPriorityFeePerGas * 1_000n >= maxPriorityFeePerGas * 1_125n).to.equal(true);
      expect(fees.maxPriorityFeePerGas > maxPriorityFeePerGas).to.equal(true);
      expect(fees.maxPriorityFeePerGas <= fees.maxFeePerGas).to.equal(true);
      expect(fees.maxFeePerGas <= policy.ceiling).to.equal(true);
    }
    expect(raised).to.be.above(1_000);
  });

  it("go with the market when that is higher than a raise", () => {
    const fees = raisedFees({ maxFeePerGas: 10n, maxPriorityFeePerGas: 1n }, 1_000n, policy);
    expect(fees).to.deep.equal({ maxFeePerGas: 2_003n, maxPriorityFeePerGas: 3n });
  });

  it("cannot be raised where nothing is charged", () => {
    const free = { ...policy, priorityFee: 0n };
    expect(raisedFees({ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }, 0n, free)).to.equal("free");
    expect(raisedFees({ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }, 5n, free)).to.include({ maxFeePerGas: 10n });
  });
});
