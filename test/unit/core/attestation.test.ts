import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import { assembleSeal, attestationDigest, quorumOf, type SignedAttestation } from "../../../src/core/attestation.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

const DOMAIN = { name: "Huangpu", version: "1" };
const TYPES = {
  HeaderAttestation: [
    { name: "chainId", type: "uint256" },
    { name: "number", type: "uint256" },
    { name: "blockHash", type: "bytes32" },
  ],
};

function signed(random: SeededRandom, count: number): SignedAttestation[] {
  return Array.from({ length: count }, () => ({ signer: random.hex(20), signature: random.hex(65) }));
}

function ascending(attestations: readonly SignedAttestation[]): SignedAttestation[] {
  return attestations.toSorted((a, b) => (BigInt(a.signer) < BigInt(b.signer) ? -1 : 1));
}

const joined = (attestations: readonly SignedAttestation[]): Hex =>
  `0x${attestations.map(({ signature }) => signature.slice(2)).join("")}`;

describe("attestation", () => {
  it("has the digest that ethers computes for the typed data", () => {
    const random = new SeededRandom(1);
    for (const chainId of [1, 7101, 7102, 2 ** 48 - 1]) {
      for (const number of [0, 1, 255, 256, 2 ** 40]) {
        const attestation = { chainId, number, blockHash: random.hex(32) };
        expect(attestationDigest(attestation)).to.equal(TypedDataEncoder.hash(DOMAIN, TYPES, attestation));
      }
    }
  });

  it("has another digest for another chain, height or hash", () => {
    const attestation = { chainId: 7101, number: 5, blockHash: new SeededRandom(2).hex(32) };
    const digests = [
      attestation,
      { ...attestation, chainId: 7102 },
      { ...attestation, number: 6 },
      { ...attestation, blockHash: new SeededRandom(3).hex(32) },
    ].map(attestationDigest);
    expect(new Set(digests)).to.have.length(4);
  });

  describe("quorumOf", () => {
    it("is two thirds, rounded up, for one to thirty validators", () => {
      const quorums = Array.from({ length: 30 }, (_, index) => quorumOf(index + 1));
      expect(quorums).to.deep.equal([
        1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8, 9, 10, 10, 11, 12, 12, 13, 14, 14, 15, 16, 16, 17, 18, 18, 19, 20, 20,
      ]);
    });

    it("is what the contract computes, and two quorums share more than a third", () => {
      for (let n = 1; n <= 30; n++) {
        expect(quorumOf(n)).to.equal(Math.floor((2 * n + 2) / 3));
        expect(2 * quorumOf(n) - n).to.be.at.least(n / 3);
      }
    });
  });

  describe("assembleSeal", () => {
    it("takes the quorum of lowest signers in ascending order, whatever order they come in", () => {
      const random = new SeededRandom(4);
      for (let round = 0; round < 50; round++) {
        const attestations = signed(random, random.between(1, 12));
        const quorum = random.between(1, attestations.length);
        const expected = joined(ascending(attestations).slice(0, quorum));
        expect(assembleSeal(random.shuffled(attestations), quorum)).to.equal(expected);
      }
    });

    it("is undefined below the quorum", () => {
      const attestations = signed(new SeededRandom(5), 3);
      expect(assembleSeal(attestations, 4)).to.equal(undefined);
      expect(assembleSeal([], 1)).to.equal(undefined);
    });

    it("counts a signer once, also when the case of its address differs", () => {
      const [one, two] = signed(new SeededRandom(6), 2) as [SignedAttestation, SignedAttestation];
      const again = { ...one, signer: `0x${one.signer.slice(2).toUpperCase()}` as Hex };
      expect(assembleSeal([one, one, again], 2)).to.equal(undefined);
      expect(assembleSeal([one, again, two, two], 2)).to.equal(joined(ascending([one, two])));
    });

    it("orders by number and not by text", () => {
      const low = { signer: `0x00${"ff".repeat(19)}` as Hex, signature: `0x${"01".repeat(65)}` as Hex };
      const high = { signer: `0xAA${"00".repeat(19)}` as Hex, signature: `0x${"02".repeat(65)}` as Hex };
      const higher = { signer: `0xab${"00".repeat(19)}` as Hex, signature: `0x${"03".repeat(65)}` as Hex };
      expect(assembleSeal([higher, high, low], 3)).to.equal(joined([low, high, higher]));
    });
  });
});
