import { expect } from "chai";
import { keccak256 as ethersKeccak, id, zeroPadValue } from "ethers";
import { concat, type Hex, keccak256, keccakText, toBytes, toHex, word } from "../../../src/core/hex.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

describe("hex", () => {
  it("returns the same bytes after a round trip", () => {
    const random = new SeededRandom(1);
    for (let length = 0; length < 100; length++) {
      const hex = random.hex(length);
      expect(toHex(toBytes(hex))).to.equal(hex);
      expect(toBytes(hex)).to.have.length(length);
    }
  });

  it("refuses what is no whole number of bytes", () => {
    expect(() => toBytes("0xabc")).to.throw();
    expect(() => toBytes("0xzz")).to.throw();
  });

  it("reads upper-case digits", () => {
    expect(toBytes("0xAbCD")).to.deep.equal(Uint8Array.of(0xab, 0xcd));
  });

  it("concatenates any number of parts", () => {
    expect(concat()).to.equal("0x");
    expect(concat("0x", "0x01", "0x0203", "0x")).to.equal("0x010203");
  });

  it("hashes bytes and texts as ethers does", () => {
    const random = new SeededRandom(2);
    for (let length = 0; length < 300; length += 7) {
      const hex = random.hex(length);
      expect(keccak256(hex)).to.equal(ethersKeccak(hex));
    }
    for (const text of ["", "MessageSent(bytes32)", "黄浦江", "\u{1F6A2}"]) expect(keccakText(text)).to.equal(id(text));
  });

  it("aligns words to the right", () => {
    expect(word(0n)).to.equal(`0x${"0".repeat(64)}`);
    expect(word(2n ** 256n - 1n)).to.equal(`0x${"f".repeat(64)}`);
    const account: Hex = `0x${"ab".repeat(20)}`;
    expect(word(account)).to.equal(zeroPadValue(account, 32));
  });
});
