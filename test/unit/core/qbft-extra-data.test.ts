import { expect } from "chai";
import { encodeRlp } from "ethers";
import { concat, type Hex } from "../../../src/core/hex.ts";
import { decodeQbftExtraData, encodeQbftExtraData, type QbftExtraData } from "../../../src/core/qbft-extra-data.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { vectorOrSkip } from "../../support/fakes/vectors.ts";

const VANITY: Hex = `0x${"00".repeat(32)}`;
const ONE: Hex = `0x${"11".repeat(20)}`;

const plain = (changes: Partial<QbftExtraData> = {}): QbftExtraData => ({
  vanity: VANITY,
  validators: [ONE],
  round: 0,
  seals: [],
  ...changes,
});

describe("QBFT extra data", () => {
  it("come back as they were encoded, with any vote, round, validators and seals", () => {
    const random = new SeededRandom(1);
    for (let turn = 0; turn < 200; turn++) {
      const many = (bytes: number) => Array.from({ length: random.below(31) }, () => random.hex(bytes));
      const vote = { recipient: random.hex(20), add: random.below(2) === 0 };
      const extraData = {
        vanity: random.hex(32),
        validators: many(20),
        ...(random.below(2) === 0 ? {} : { vote }),
        round: random.below(2 ** (1 + random.below(32))),
        seals: many(65),
      };
      expect(decodeQbftExtraData(encodeQbftExtraData(extraData))).to.deep.equal(extraData);
    }
  });

  it("name nobody where a contract keeps the validators", () => {
    expect(encodeQbftExtraData(plain({ validators: [] }))).to.equal(concat("0xe5a0", VANITY, "0xc0c080c0"));
    expect(decodeQbftExtraData(concat("0xe5a0", VANITY, "0xc0c080c0"))?.validators).to.deep.equal([]);
  });

  for (const { what, items } of [
    { what: "four items", items: [VANITY, [ONE], [], "0x"] },
    { what: "six items, as with certificates", items: [VANITY, [ONE], [], "0x", [], "0x"] },
    { what: "a short vanity", items: ["0x00", [ONE], [], "0x", []] },
    { what: "validators that are no list", items: [VANITY, ONE, [], "0x", []] },
    { what: "a validator of 19 bytes", items: [VANITY, [`0x${"11".repeat(19)}`], [], "0x", []] },
    { what: "the null vote of IBFT 2.0", items: [VANITY, [ONE], "0x", "0x", []] },
    { what: "a vote without a direction", items: [VANITY, [ONE], [ONE], "0x", []] },
    { what: "a vote in neither direction", items: [VANITY, [ONE], [ONE, "0x01"], "0x", []] },
    { what: "a round with zeros before it, as in IBFT 2.0", items: [VANITY, [ONE], [], "0x00000001", []] },
    { what: "a round of five bytes", items: [VANITY, [ONE], [], "0x0100000000", []] },
    { what: "a seal of 64 bytes", items: [VANITY, [ONE], [], "0x", [`0x${"22".repeat(64)}`]] },
    { what: "a seal that is a list", items: [VANITY, [ONE], [], "0x", [[ONE]]] },
  ]) {
    it(`are not those with ${what}`, () => {
      expect(decodeQbftExtraData(encodeRlp(items) as Hex)).to.equal(undefined);
    });
  }

  it("are not what is no RLP, or has something behind it", () => {
    const good = encodeQbftExtraData(plain());
    for (const bad of ["0x", "0x68757067", concat(good, "0x00"), good.slice(0, -2) as Hex]) {
      expect(decodeQbftExtraData(bad as Hex)).to.equal(undefined);
    }
  });

  for (const name of ["ibft2-4val-round1-block1", "ibft2-4val-round0-block4880"]) {
    it(`are not those of ${name}`, function () {
      const { block } = vectorOrSkip<{ block: { extraData: Hex } }>(this, `besu-headers/${name}.json`);
      expect(decodeQbftExtraData(block.extraData)).to.equal(undefined);
    });
  }
});
