import { expect } from "chai";
import { HuangpuError } from "../../../src/core/errors.ts";
import { type Hex, toHex } from "../../../src/core/hex.ts";
import type { Reading } from "../../../src/devices/reading.ts";
import { contains, leafOf, pathOf, rootOf } from "../../../src/devices/reading-tree.ts";
import { randomFrom } from "../../../src/devices/simulator/random.ts";

const readings = (count: number): Reading[] =>
  Array.from({ length: count }, (_, index) => ({
    counter: BigInt(index + 1),
    time: 1_800_000_000 + 600 * index,
    salt: toHex(Buffer.alloc(16, index)),
    values: [BigInt(index) - 3n, -(2n ** 63n)],
  }));
const at = <T>(list: readonly T[], index: number): T => list[index] as T;

describe("the tree over readings", () => {
  it("proves each reading in its place, and in no other, at every size", () => {
    for (let count = 1; count <= 33; count++) {
      const list = readings(count);
      const root = rootOf(list);
      for (let index = 0; index < count; index++) {
        const path = pathOf(list, index);
        for (let place = 0; place < count; place++) {
          expect(contains(root, count, place, at(list, index), path), `${index} at ${place} of ${count}`).to.equal(
            place === index,
          );
        }
      }
    }
  });

  it("takes no other path, size or root", () => {
    const random = randomFrom("paths");
    for (let round = 0; round < 200; round++) {
      const count = 2 + Math.floor(random.next() * 60);
      const list = readings(count);
      const [root, index] = [rootOf(list), Math.floor(random.next() * count)];
      const path = pathOf(list, index);
      const refused = (changed: readonly Hex[], size = count) =>
        expect(contains(root, size, index, at(list, index), changed)).to.equal(false);
      refused(path.slice(1));
      refused([...path, `0x${"00".repeat(32)}`]);
      refused(path, count + 1);
      const broken = Math.floor(random.next() * path.length);
      refused(path.map((hash, level): Hex => (level === broken ? `0x${"11".repeat(32)}` : hash)));
    }
  });

  it("takes no node, and no leaf of another length, for a reading", () => {
    const list = readings(2);
    const root = rootOf(list);
    const [first] = list as [Reading];
    expect(contains(root, 1, 0, first, [])).to.equal(false);
    expect(contains(root, 2, 0, { ...first, values: [...first.values, 0n] }, pathOf(list, 0))).to.equal(false);
    expect(contains(root, 2, 2, first, pathOf(list, 0))).to.equal(false);
    expect(contains(root, 2, -1, first, pathOf(list, 0))).to.equal(false);
    expect(contains(root, 2, 0.5, first, pathOf(list, 0))).to.equal(false);
  });

  it("refuses what does not fit a leaf", () => {
    const [first] = readings(1) as [Reading];
    expect(() => leafOf({ ...first, counter: 2n ** 64n })).to.throw(RangeError);
    expect(() => leafOf({ ...first, counter: -1n })).to.throw(RangeError);
    expect(() => leafOf({ ...first, time: 2 ** 40 })).to.throw(RangeError);
    expect(() => leafOf({ ...first, values: [2n ** 63n] })).to.throw(RangeError);
    expect(() => leafOf({ ...first, salt: "0x00" })).to.throw(RangeError);
  });

  it("has no root without readings, and no path to one that is not there", () => {
    expect(() => rootOf([])).to.throw(HuangpuError);
    for (const index of [-1, 3, 0.5, Number.NaN]) expect(() => pathOf(readings(3), index)).to.throw(HuangpuError);
  });
});
