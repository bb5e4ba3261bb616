import { expect } from "chai";
import {
  batchEnds,
  batchSize,
  deliveryGas,
  foldingGas,
  type GasBounds,
  learnGas,
} from "../../../src/core/delivery-plan.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

function randomBounds(random: SeededRandom): GasBounds {
  const messageLimit = BigInt(random.between(50_000, 5_000_000));
  return {
    messageLimit,
    perMessage: BigInt(random.between(5_000, Number(messageLimit))),
    perTransaction: BigInt(random.between(1_000_000, 40_000_000)),
  };
}

/** What the gateway asks to be left before it calls a recipient; `GAS_RESERVE` in Gateway.sol. */
const required = (messageLimit: bigint): bigint => messageLimit + messageLimit / 63n + 60_000n;

describe("delivery plan", () => {
  it("asks for no more gas than a transaction may, and one message more would", () => {
    const random = new SeededRandom(1);
    let several = 0;
    for (let round = 0; round < 1_000; round++) {
      const bounds = randomBounds(random);
      const size = batchSize(bounds);
      if (size === 1) continue;
      several++;
      expect(deliveryGas(size, bounds) <= bounds.perTransaction).to.equal(true);
      expect(deliveryGas(size + 1, bounds) > bounds.perTransaction).to.equal(true);
    }
    expect(several).to.be.above(300);
  });

  it("delivers one message at a time when hardly one fits", () => {
    expect(batchSize({ perTransaction: 1n, messageLimit: 1_000_000n, perMessage: 1_000_000n })).to.equal(1);
    expect(batchSize({ perTransaction: 3_000_000n, messageLimit: 1_000_000n, perMessage: 1_000_000n })).to.equal(1);
  });

  it("leaves what the gateway requires before the last message", () => {
    const random = new SeededRandom(2);
    for (let round = 0; round < 200; round++) {
      const bounds = randomBounds(random);
      const count = random.between(1, 100);
      const beforeLast = deliveryGas(count, bounds) - BigInt(count - 1) * bounds.perMessage;
      expect(beforeLast > required(bounds.messageLimit) + bounds.perMessage).to.equal(true);
    }
  });

  it("asks for more when folding more", () => {
    for (let count = 0; count < 1_000; count++) expect(foldingGas(count + 1) > foldingGas(count)).to.equal(true);
    expect(foldingGas(0)).to.equal(150_000n);
  });

  describe("batchEnds", () => {
    it("covers every pending message once, in batches of the size, the last one smaller", () => {
      const random = new SeededRandom(3);
      for (let round = 0; round < 500; round++) {
        const [delivered, pending, size] = [random.below(1_000), random.between(1, 400), random.between(1, 50)];
        const ends = batchEnds(delivered, pending, size);
        const sizes = ends.map((end, index) => end - (ends[index - 1] ?? delivered));
        expect(ends.at(-1)).to.equal(delivered + pending);
        expect(sizes.slice(0, -1).every((count) => count === size)).to.equal(true);
        expect(sizes.at(-1)).to.be.within(1, size);
        expect(ends).to.have.length(Math.ceil(pending / size));
      }
    });

    it("is empty when nothing is pending, and one batch when all fits", () => {
      expect(batchEnds(5, 0, 10)).to.deep.equal([]);
      expect(batchEnds(5, 10, 10)).to.deep.equal([15]);
      expect(batchEnds(0, 11, 10)).to.deep.equal([10, 11]);
    });
  });

  describe("learnGas", () => {
    it("rises at once to what was measured and a quarter", () => {
      expect(learnGas(100_000n, 1_000_000n, 4)).to.equal(312_500n);
    });

    it("falls by half the way", () => {
      expect(learnGas(1_000_000n, 800_000n, 10)).to.equal(550_000n);
    });

    it("stays between what was expected and what was measured", () => {
      const random = new SeededRandom(4);
      for (let round = 0; round < 500; round++) {
        const expected = BigInt(random.between(1, 1_000_000));
        const count = random.between(1, 100);
        const gasUsed = BigInt(random.between(count, 40_000_000));
        const measured = (gasUsed * 5n) / (4n * BigInt(count));
        const learned = learnGas(expected, gasUsed, count);
        expect(learned >= (expected < measured ? expected : measured)).to.equal(true);
        expect(learned <= (expected > measured ? expected : measured)).to.equal(true);
      }
    });

    it("comes close to a steady use in ten deliveries", () => {
      let expected = 2_000_000n;
      for (let round = 0; round < 10; round++) expected = learnGas(expected, 400_000n, 10);
      expect(Number(expected)).to.be.within(50_000, 52_000);
    });
  });
});
