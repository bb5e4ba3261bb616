import { expect } from "chai";
import { recoverAddress } from "ethers";
import { concat, type Hex, keccak256, word } from "../../../src/core/hex.ts";
import { decodeQbftExtraData, encodeQbftExtraData } from "../../../src/core/qbft-extra-data.ts";
import { sealedBlock } from "../../../src/relayer/sealed-block.ts";
import { FakeChain } from "../../support/fakes/fake-chain.ts";
import { sealAsQbft } from "../../support/fakes/qbft-block.ts";
import { REAL_QBFT, realQbftBlock } from "../../support/fakes/real-qbft-block.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { addressOf, wallets } from "../../support/fakes/two-chains.ts";

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const validators = wallets("validator", 4);

/** A synthetic block with other seals in it. */
async function blockWith(change: (seals: readonly Hex[]) => readonly Hex[], round = 0) {
  const block = sealAsQbft(await new FakeChain("trade", 7101).block(0), { validators, round });
  const extraData = decodeQbftExtraData(block.extraData as Hex);
  if (extraData === undefined) throw new Error("The block has no QBFT extra data");
  return { ...block, extraData: encodeQbftExtraData({ ...extraData, seals: change(extraData.seals) }) };
}

function signersOf(header: Hex, seal: Hex): string[] {
  return (seal.slice(2).match(/.{130}/g) ?? []).map((signature) =>
    recoverAddress(keccak256(header), {
      r: `0x${signature.slice(0, 64)}`,
      s: `0x${signature.slice(64, 128)}`,
      v: 27 + Number(signature.slice(128)),
    }).toLowerCase(),
  );
}

const ascending = validators.map(addressOf).sort();

describe("sealedBlock", () => {
  for (const round of [0, 1, 300]) {
    it(`takes a quorum of seals by ascending signer out of a block of round ${round}`, async () => {
      const { header, seal, signers, validators: named } = sealedBlock(await blockWith((seals) => seals, round));
      expect(signersOf(header, seal)).to.deep.equal(ascending.slice(0, 3));
      expect(signers).to.equal(3);
      expect(named).to.deep.equal(ascending);
    });
  }

  it("takes them out of a real block", function () {
    const { header, seal, validators: named } = sealedBlock(realQbftBlock(this));
    expect(keccak256(header)).to.equal(REAL_QBFT.digest);
    expect(named).to.deep.equal(REAL_QBFT.validators);
    expect(signersOf(header, seal)).to.deep.equal([0, 1, 3].map((index) => REAL_QBFT.validators[index]));
  });

  it("puts an s of the upper half into the lower one", async () => {
    const mirror = (seal: Hex): Hex => {
      const s = word(CURVE_ORDER - BigInt(`0x${seal.slice(66, 130)}`));
      return concat(seal.slice(0, 66) as Hex, s, seal.endsWith("00") ? "0x01" : "0x00");
    };
    const honest = sealedBlock(await blockWith((seals) => seals));
    expect(sealedBlock(await blockWith((seals) => seals.map(mirror)))).to.deep.equal(honest);
  });

  it("passes over seals that are given twice, are a stranger's, or no signatures at all", async () => {
    const [stranger] = wallets("stranger", 1);
    const strange = stranger?.signingKey.sign(keccak256("0x00"));
    const bad: Hex[] = [
      concat(strange?.r as Hex, strange?.s as Hex, "0x00"),
      `0x${"00".repeat(65)}`,
      `0x${"ff".repeat(65)}`,
      `0x${"11".repeat(64)}1b`,
    ];
    const honest = sealedBlock(await blockWith((seals) => seals));
    expect(sealedBlock(await blockWith((seals) => [...bad, ...seals, ...seals]))).to.deep.equal(honest);
    const short = await blockWith((seals) => [...bad, ...seals.slice(0, 2), ...seals.slice(0, 2)]);
    const error = await thrown("NO_QUORUM", () => sealedBlock(short));
    expect(error.fields).to.include({ quorum: 3, seals: 8 });
  });
});
