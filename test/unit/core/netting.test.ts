import { expect } from "chai";
import { bilateralNets, type Legs, netPositions, sumOfBilaterals } from "../../../src/core/netting.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

type Leg = readonly [debtor: number, creditor: number, currency: number, amount: bigint];

function columns(legs: readonly Leg[]): Legs {
  return {
    debtor: Uint8Array.from(legs, ([debtor]) => debtor),
    creditor: Uint8Array.from(legs, ([, creditor]) => creditor),
    currency: Uint8Array.from(legs, ([, , currency]) => currency),
    amount: BigUint64Array.from(legs, ([, , , amount]) => amount),
  };
}

function randomLegs(random: SeededRandom, count: number): Leg[] {
  return Array.from({ length: count }, () => [
    random.between(1, 9),
    random.between(1, 9),
    random.below(3),
    BigInt(random.hex(8)),
  ]);
}

/** One leg after the other, in whole numbers. */
function plainNets(legs: readonly Leg[]): Map<string, bigint> {
  const nets = new Map<string, bigint>();
  for (const [debtor, creditor, currency, amount] of legs) {
    for (const [member, change] of [
      [debtor, -amount],
      [creditor, amount],
    ] as const) {
      nets.set(`${currency} ${member}`, (nets.get(`${currency} ${member}`) ?? 0n) + change);
    }
  }
  return nets;
}

describe("netting", () => {
  it("nets a ring to nothing, and names all of its members", () => {
    const ring = columns([
      [1, 2, 0, 100n],
      [2, 3, 0, 100n],
      [3, 1, 0, 100n],
    ]);
    expect(netPositions(ring)).to.deep.equal([1, 2, 3].map((member) => ({ currency: 0, member, net: 0n })));
    expect(bilateralNets(ring)).to.deep.equal([
      { currency: 0, first: 1, second: 2, net: -100n },
      { currency: 0, first: 1, second: 3, net: 100n },
      { currency: 0, first: 2, second: 3, net: -100n },
    ]);
  });

  it("keeps currencies apart", () => {
    const legs = columns([
      [1, 2, 0, 70n],
      [2, 1, 1, 70n],
    ]);
    expect(netPositions(legs)).to.deep.equal([
      { currency: 0, member: 1, net: -70n },
      { currency: 0, member: 2, net: 70n },
      { currency: 1, member: 1, net: 70n },
      { currency: 1, member: 2, net: -70n },
    ]);
  });

  it("agrees with whole numbers to the last millionth, whatever the amounts", () => {
    for (let seed = 0; seed < 50; seed++) {
      const legs = randomLegs(new SeededRandom(seed), 200);
      const nets = netPositions(columns(legs));
      const found = new Map(nets.map(({ currency, member, net }) => [`${currency} ${member}`, net]));
      expect(found).to.deep.equal(plainNets(legs));
    }
  });

  it("stays exact for the largest amounts", () => {
    const most = 2n ** 64n - 1n;
    const count = 2 ** 18;
    const legs: Legs = {
      debtor: new Uint8Array(count).fill(1),
      creditor: new Uint8Array(count).fill(2),
      currency: new Uint8Array(count),
      amount: new BigUint64Array(count).fill(most),
    };
    expect(netPositions(legs).map(({ net }) => net)).to.deep.equal([-most * BigInt(count), most * BigInt(count)]);
  });

  it("sums bilateral nets to the multilateral positions, which sum to zero in each currency", () => {
    for (let seed = 100; seed < 150; seed++) {
      const legs = columns(randomLegs(new SeededRandom(seed), 300).filter(([debtor, creditor]) => debtor !== creditor));
      const positions = netPositions(legs);
      expect(sumOfBilaterals(bilateralNets(legs))).to.deep.equal(positions);
      for (const currency of [0, 1, 2]) {
        const own = positions.filter((position) => position.currency === currency);
        expect(own.reduce((sum, { net }) => sum + net, 0n)).to.equal(0n);
      }
    }
  });

  it("nets a leg that starts in the middle of a buffer", () => {
    const amounts = BigUint64Array.of(1n, 2n ** 40n + 3n).subarray(1);
    const legs = { ...columns([[4, 5, 0, 0n]]), amount: amounts };
    expect(netPositions(legs).map(({ net }) => net)).to.deep.equal([-(2n ** 40n) - 3n, 2n ** 40n + 3n]);
  });

  it("has nothing to say about nothing", () => {
    expect(netPositions(columns([]))).to.deep.equal([]);
    expect(bilateralNets(columns([]))).to.deep.equal([]);
  });

  it("refuses columns of different lengths, and more legs than stay exact", () => {
    expect(() => netPositions({ ...columns([[1, 2, 0, 1n]]), amount: new BigUint64Array(2) })).to.throw(RangeError);
    const many = new Uint8Array(2 ** 21 + 1);
    const legs = { debtor: many, creditor: many, currency: many, amount: new BigUint64Array(many.length) };
    expect(() => netPositions(legs)).to.throw(RangeError, "2097152");
  });
});
