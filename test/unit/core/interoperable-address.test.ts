import { expect } from "chai";
import type { Hex } from "../../../src/core/hex.ts";
import { formatInteroperableAddress, parseInteroperableAddress } from "../../../src/core/interoperable-address.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

const ACCOUNT = "d8da6bf26964af9d7eed9e03e53415d37aa96045";

describe("interoperable address", () => {
  it("reads and writes the example of ERC-7930", () => {
    const bytes: Hex = `0x00010000010114${ACCOUNT}`;
    expect(parseInteroperableAddress(bytes)).to.deep.equal({ chainId: 1, account: `0x${ACCOUNT}` });
    expect(formatInteroperableAddress({ chainId: 1, account: "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045" })).to.equal(
      bytes,
    );
  });

  it("returns the same account and chain after a round trip", () => {
    const random = new SeededRandom(1);
    const bounds = [1, 255, 256, 7101, 65_535, 65_536, 2 ** 32, 2 ** 48 - 1, Number.MAX_SAFE_INTEGER];
    const ids = [...bounds, ...Array.from({ length: 100 }, () => 1 + random.below(2 ** random.between(1, 48)))];
    for (const chainId of ids) {
      const address = { chainId, account: random.hex(20) };
      expect(parseInteroperableAddress(formatInteroperableAddress(address))).to.deep.equal(address);
    }
  });

  it("reads upper-case digits", () => {
    expect(parseInteroperableAddress(`0x00010000021BBD14${ACCOUNT.toUpperCase()}`)).to.deep.equal({
      chainId: 7101,
      account: `0x${ACCOUNT}`,
    });
  });

  it("finds the account when chain reference and account hold the length byte", () => {
    const address = { chainId: 0x1414, account: `0x${"14".repeat(20)}` as Hex };
    expect(parseInteroperableAddress(formatInteroperableAddress(address))).to.deep.equal(address);
  });

  const malformed: Record<string, Hex> = {
    nothing: "0x",
    "another version": `0x00020000010114${ACCOUNT}`,
    "another chain type": `0x00010002010114${ACCOUNT}`,
    "no chain": `0x000100000014${ACCOUNT}`,
    "chain 0": `0x00010000010014${ACCOUNT}`,
    "a leading zero in the chain reference": `0x0001000002000114${ACCOUNT}`,
    "a chain reference shorter than said": `0x00010000020114${ACCOUNT}`,
    "a chain reference longer than said": `0x0001000001010114${ACCOUNT}`,
    "a chain beyond what a number holds": `0x0001000007${"ff".repeat(7)}14${ACCOUNT}`,
    "no account": "0x000100000101",
    "an account of 19 bytes": `0x00010000010113${ACCOUNT.slice(2)}`,
    "an account shorter than said": `0x00010000010114${ACCOUNT.slice(2)}`,
    "something after the account": `0x00010000010114${ACCOUNT}00`,
    "half a byte": `0x00010000010114${ACCOUNT}0`,
    "no hexadecimal": `0x00010000010114${"zz".repeat(20)}`,
  };
  for (const [what, bytes] of Object.entries(malformed)) {
    it(`refuses ${what}`, () => {
      expect(() => parseInteroperableAddress(bytes)).to.throw(RangeError);
    });
  }
});
