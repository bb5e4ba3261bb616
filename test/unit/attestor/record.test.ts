import { expect } from "chai";
import { AttestationRecord } from "../../../src/attestor/record.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { scratchFolder } from "../../support/fakes/scratch.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const random = new SeededRandom(1);
const block = (number: number, chainId = 7101) => ({ chainId, number, blockHash: random.hex(32) });

describe("AttestationRecord", () => {
  const file = scratchFolder();
  let opened: AttestationRecord[] = [];
  const open = (): AttestationRecord => {
    const record = new AttestationRecord(file("record.sqlite"));
    opened.push(record);
    return record;
  };

  afterEach(() => {
    for (const record of opened.splice(0)) record.close();
  });

  it("finds nothing where nothing was signed", () => {
    expect(open().find(block(1))).to.equal(undefined);
  });

  it("finds what was signed", () => {
    const record = open();
    const [signed, signature] = [block(1), random.hex(65)];
    expect(record.remember(signed, signature)).to.equal(signature);
    expect(record.find(signed)).to.equal(signature);
  });

  it("returns the first signature when the same block is signed again", () => {
    const record = open();
    const [signed, first, second] = [block(1), random.hex(65), random.hex(65)];
    record.remember(signed, first);
    expect(record.remember(signed, second)).to.equal(first);
    expect(record.find(signed)).to.equal(first);
  });

  it("fails with BLOCK_CONFLICT when another hash was signed at the height", async () => {
    const record = open();
    const [signed, other] = [block(5), block(5)];
    const signature = record.remember(signed, random.hex(65));
    expect(record.find(other)).to.equal(undefined);
    const error = await thrown("BLOCK_CONFLICT", async () => record.remember(other, random.hex(65)));
    expect(error.fields).to.include({ signed: signed.blockHash, asked: other.blockHash });
    expect(record.find(signed)).to.equal(signature);
  });

  it("keeps heights and chains apart", () => {
    const record = open();
    for (const signed of [block(1), block(2), block(1, 7102)]) {
      const signature = record.remember(signed, random.hex(65));
      expect(record.find(signed)).to.equal(signature);
    }
  });

  it("remembers after it is opened again", async () => {
    const first = open();
    const [signed, other] = [block(9), block(9)];
    const signature = first.remember(signed, random.hex(65));
    first.close();
    opened = [];
    const second = open();
    expect(second.find(signed)).to.equal(signature);
    await thrown("BLOCK_CONFLICT", () => second.remember(other, random.hex(65)));
  });

  it("never has two hashes at one height when two attestors share the file", async () => {
    const pair = [open(), open()] as const;
    const held = new Map<number, Hex>();
    for (let round = 0; round < 200; round++) {
      const asked = block(random.below(20));
      const record = pair[random.below(2)] ?? pair[0];
      const earlier = held.get(asked.number);
      if (earlier === undefined) {
        record.remember(asked, random.hex(65));
        held.set(asked.number, asked.blockHash);
      } else {
        const error = await thrown("BLOCK_CONFLICT", () => record.remember(asked, random.hex(65)));
        expect(error.fields["signed"]).to.equal(earlier);
      }
    }
    expect(held).to.have.length(20);
  });
});
