import { expect } from "chai";
import {
  cutBatches,
  deliveryGas,
  floorGas,
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

const LONGEST = 16_383;
const someOf = (random: SeededRandom, count: number, longest = LONGEST) =>
  Array.from({ length: count }, () => random.below(longest + 1));

/** What the gateway asks to be left before it calls a recipient; `GAS_RESERVE` in Gateway.sol. */
const required = (messageLimit: bigint): bigint => messageLimit + messageLimit / 63n + 60_000n;
/** Bytes of a delivery's calldata beside the proof: for each message an offset, a recipient, an offset, a length, padding. */
const calldata = (payloads: readonly number[]) =>
  payloads.reduce((sum, bytes) => sum + 128 + Math.ceil(bytes / 32) * 32, 200);

describe("delivery plan", () => {
  it("cuts what is pending into batches that ask for no more than a transaction may, as long as they can be", () => {
    const random = new SeededRandom(1);
    let several = 0;
    for (let round = 0; round < 500; round++) {
      const bounds = randomBounds(random);
      const delivered = random.below(1_000);
      const payloads = someOf(random, random.between(1, 120), random.between(0, 3_000));
      const ends = cutBatches(delivered, payloads, bounds);
      expect(ends.at(-1)).to.equal(delivered + payloads.length);
      let start = delivered;
      for (const end of ends) {
        const batch = payloads.slice(start - delivered, end - delivered);
        expect(batch.length).to.be.above(0);
        if (batch.length > 1) {
          several++;
          expect(deliveryGas(batch, bounds) <= bounds.perTransaction).to.equal(true);
          expect(calldata(batch)).to.be.below(120_000);
        }
        const longer = payloads.slice(start - delivered, end - delivered + 1);
        const full =
          deliveryGas(longer, bounds) > bounds.perTransaction ||
          calldata(longer) > 90_000 ||
          floorGas(calldata(longer) + 21_000) > bounds.perTransaction;
        if (longer.length > batch.length) expect(full).to.equal(true);
        start = end;
      }
    }
    expect(several).to.be.above(500);
  });

  it("delivers one message at a time when hardly one fits", () => {
    for (const perTransaction of [1n, 3_000_000n]) {
      const bounds = { perTransaction, messageLimit: 1_000_000n, perMessage: 1_000_000n };
      expect(cutBatches(5, [1, 2, 3], bounds)).to.deep.equal([6, 7, 8]);
    }
  });

  it("has no batch when nothing is pending, and one when all fits", () => {
    const bounds = { perTransaction: 16_000_000n, messageLimit: 1_000_000n, perMessage: 100_000n };
    expect(cutBatches(5, [], bounds)).to.deep.equal([]);
    expect(cutBatches(5, Array(10).fill(100), bounds)).to.deep.equal([15]);
  });

  it("leaves what the gateway requires before the last message", () => {
    const random = new SeededRandom(2);
    for (let round = 0; round < 200; round++) {
      const bounds = randomBounds(random);
      const payloads = someOf(random, random.between(1, 100));
      const beforeLast = deliveryGas(payloads, bounds) - deliveryGas(payloads.slice(0, -1), bounds);
      expect(deliveryGas(payloads, bounds) - beforeLast > required(bounds.messageLimit)).to.equal(true);
    }
  });

  it("asks for the floor on calldata at least, whatever messages are expected to take", () => {
    const random = new SeededRandom(6);
    for (let round = 0; round < 200; round++) {
      const payloads = someOf(random, random.between(1, 7));
      const bounds = { perTransaction: 16_777_216n, messageLimit: 50_000n, perMessage: 1_000n };
      // Calldata without a zero byte, and a proof of ten thousand bytes.
      expect(deliveryGas(payloads, bounds) >= floorGas(calldata(payloads) + 10_000)).to.equal(true);
    }
  });

  it("finds room for the longest messages under the cap of Osaka", () => {
    const bounds = { perTransaction: 2n ** 24n, messageLimit: 5_000_000n, perMessage: 300_000n };
    const ends = cutBatches(0, Array(12).fill(LONGEST), bounds);
    expect(ends).to.deep.equal([6, 12]);
    expect(deliveryGas(Array(6).fill(LONGEST), bounds) <= 2n ** 24n).to.equal(true);
  });

  it("asks for more when folding more", () => {
    for (let count = 0; count < 1_000; count++) expect(foldingGas(count + 1) > foldingGas(count)).to.equal(true);
    expect(foldingGas(0)).to.equal(150_000n);
    expect(foldingGas(500) > floorGas(500 * 32 + 200)).to.equal(true);
  });

  describe("learnGas", () => {
    it("rises at once to what was measured and a quarter", () => {
      expect(learnGas(100_000n, 1_000_000n, Array(4).fill(0))).to.equal(312_500n);
    });

    it("falls by half the way", () => {
      expect(learnGas(1_000_000n, 800_000n, Array(10).fill(0))).to.equal(550_000n);
    });

    it("leaves the bytes of payloads out, which are counted for each message", () => {
      expect(learnGas(undefined, 1_000_000n, [10_000, 10_000])).to.equal(375_000n);
      expect(learnGas(undefined, 1_000n, [10_000])).to.equal(0n);
    });

    it("stays between what was expected and what was measured", () => {
      const random = new SeededRandom(4);
      for (let round = 0; round < 500; round++) {
        const expected = BigInt(random.between(1, 1_000_000));
        const count = random.between(1, 100);
        const gasUsed = BigInt(random.between(count, 40_000_000));
        const measured = (gasUsed * 5n) / (4n * BigInt(count));
        const learned = learnGas(expected, gasUsed, Array(count).fill(0));
        expect(learned >= (expected < measured ? expected : measured)).to.equal(true);
        expect(learned <= (expected > measured ? expected : measured)).to.equal(true);
      }
    });

    it("comes close to a steady use in ten deliveries", () => {
      let expected = 2_000_000n;
      for (let round = 0; round < 10; round++) expected = learnGas(expected, 400_000n, Array(10).fill(0));
      expect(Number(expected)).to.be.within(50_000, 52_000);
    });
  });
});
