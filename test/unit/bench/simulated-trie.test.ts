import { createMPT, createMPTFromProof, verifyMerkleProof } from "@ethereumjs/mpt";
import { expect } from "chai";
import { crowdedKeys, type OtherKeys, randomKeys, triePath } from "../../../bench/simulated-trie.ts";
import { type Hex, keccak256, keccakText, toBytes, toHex } from "../../../src/core/hex.ts";

const KEY = keccakText("the gateway");
const VALUE = toBytes(`0x${"ab".repeat(70)}`);

/** What another implementation reads at the key; it throws when the proof does not hold. */
async function read(root: Hex, proof: readonly Hex[]): Promise<Hex | undefined> {
  const trie = await createMPTFromProof(proof.map(toBytes), { root: toBytes(root) });
  const value = await trie.get(toBytes(KEY));
  return value === null ? undefined : toHex(value);
}

describe("triePath", () => {
  const populations: Record<string, OtherKeys> = {
    "no other key": [],
    "one other key": randomKeys(1),
    "a thousand other keys": randomKeys(1_000),
    "a key that shares all but the last nibble": [KEY.slice(2, -1) + (KEY.endsWith("0") ? "1" : "0")],
    "64 full levels": crowdedKeys(KEY, 64),
  };

  for (const [name, others] of Object.entries(populations)) {
    it(`holds by another implementation with ${name}`, async () => {
      const { root, proof } = triePath(KEY, VALUE, others);
      expect(await read(root, proof)).to.equal(toHex(VALUE));
      expect(await verifyMerkleProof(toBytes(KEY), proof.map(toBytes), { root: toBytes(root) })).to.deep.equal(VALUE);
    });
  }

  it("has the nodes that a trie of the same keys has", async () => {
    const others = randomKeys(300);
    const trie = await createMPT();
    await trie.put(toBytes(KEY), VALUE);
    for (const [index, nibbles] of others.entries()) {
      const rest = keccakText(`rest ${index}`).slice(2 + nibbles.length);
      await trie.put(toBytes(`0x${nibbles}${rest}`), VALUE);
    }
    const path = await trie.findPath(toBytes(KEY));
    const lengths = path.stack.map((node) => node.serialize().length);
    expect(triePath(KEY, VALUE, others).proof.map((node) => (node.length - 2) / 2)).to.deep.equal(lengths);
  });

  it("changes its root with its value", () => {
    const others = randomKeys(100);
    const { root, proof } = triePath(KEY, VALUE, others);
    const [first] = proof;
    expect(root).to.equal(keccak256(first ?? "0x"));
    expect(triePath(KEY, toBytes(`0x${"ac".repeat(70)}`), others).root).not.to.equal(root);
  });
});

describe("randomKeys", () => {
  it("makes each set a part of every larger one, without repetitions", () => {
    const many = randomKeys(5_000);
    expect(many.slice(0, 101)).to.deep.equal(randomKeys(101));
    expect(new Set(many).size).to.equal(5_000);
  });
});

describe("crowdedKeys", () => {
  it("fills every node on the way and leaves the key itself out", () => {
    const { proof } = triePath(KEY, VALUE, crowdedKeys(KEY, 12));
    expect(proof).to.have.length(13);
    expect(proof.slice(0, 12).every((node) => (node.length - 2) / 2 === 532)).to.equal(true);
  });
});
