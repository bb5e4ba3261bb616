import { expect } from "chai";
import type { Hex } from "../../../src/core/hex.ts";
import { isSignedBy, softwareKey } from "../../../src/devices/device-key.ts";

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const message = new TextEncoder().encode("what a device measured");
const secret = (value: number) => Buffer.alloc(32, value);
const hex = (value: bigint): Hex => `0x${value.toString(16).padStart(64, "0")}`;

describe("a device's key", () => {
  const key = softwareKey(secret(7));
  const signature = key.sign(message);

  it("signs with a low s, every time", () => {
    for (let round = 0; round < 64; round++) {
      const made = key.sign(message);
      expect(BigInt(made.s) <= ORDER / 2n).to.equal(true);
      expect(isSignedBy(key.publicKey, message, made)).to.equal(true);
    }
  });

  it("has the public key of the standard's example", () => {
    // RFC 6979, A.2.5.
    const known = softwareKey(Buffer.from("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", "hex"));
    expect(known.publicKey).to.deep.equal({
      x: "0x60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
      y: "0x7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
    });
    // The example's signature of "sample", whose s is high: taken only after turning it round.
    const r = hex(0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716n);
    const s = 0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8n;
    const sample = new TextEncoder().encode("sample");
    expect(isSignedBy(known.publicKey, sample, { r, s: hex(s) })).to.equal(false);
    expect(isSignedBy(known.publicKey, sample, { r, s: hex(ORDER - s) })).to.equal(true);
  });

  it("is not taken for another key, message or signature", () => {
    const { r, s } = signature;
    expect(isSignedBy(softwareKey(secret(8)).publicKey, message, signature)).to.equal(false);
    expect(isSignedBy(key.publicKey, message.slice(1), signature)).to.equal(false);
    expect(isSignedBy(key.publicKey, message, { r: s, s: r })).to.equal(false);
    expect(isSignedBy(key.publicKey, message, { r, s: hex(ORDER - BigInt(s)) })).to.equal(false);
    for (const odd of [0n, 1n, ORDER, ORDER - 1n, 2n ** 256n - 1n]) {
      expect(isSignedBy(key.publicKey, message, { r: hex(odd), s })).to.equal(false);
      expect(isSignedBy(key.publicKey, message, { r, s: hex(odd) })).to.equal(false);
    }
  });

  it("is never a point off the curve", () => {
    const { x, y } = key.publicKey;
    expect(isSignedBy({ x, y: hex(BigInt(y) ^ 1n) }, message, signature)).to.equal(false);
    expect(isSignedBy({ x: hex(0n), y: hex(0n) }, message, signature)).to.equal(false);
  });

  it("needs a secret between one and the order", () => {
    expect(() => softwareKey(Buffer.alloc(32))).to.throw();
    expect(() => softwareKey(Buffer.alloc(32, 0xff))).to.throw();
  });
});
