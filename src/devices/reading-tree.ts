import { hash } from "node:crypto";
import { HuangpuError } from "../core/errors.ts";
import { type Hex, toBytes, toHex } from "../core/hex.ts";
import type { Reading } from "./reading.ts";

const LEAF = 0x06;
const NODE = 0x07;
const ROOT = 0x08;
const LEAF_HEAD = 1 + 8 + 5 + 16;

/** A reading's leaf, by the rules of `ReadingTree.sol`. @throws RangeError when a number does not fit its field. */
export function leafOf({ counter, time, salt, values }: Reading): Buffer {
  const leaf = Buffer.alloc(LEAF_HEAD + 8 * values.length);
  leaf.writeUInt8(LEAF, 0);
  leaf.writeBigUInt64BE(counter, 1);
  leaf.writeUIntBE(time, 9, 5);
  leaf.set(saltBytes(salt), 14);
  for (const [index, value] of values.entries()) leaf.writeBigInt64BE(value, LEAF_HEAD + 8 * index);
  return sha256(leaf);
}

/** The root over readings in the order of their counters. */
export function rootOf(readings: readonly Reading[]): Hex {
  return treeOf(readings, 0).root;
}

/** The siblings of one reading, from the leaf upwards. */
export function pathOf(readings: readonly Reading[], index: number): Hex[] {
  if (!Number.isInteger(index) || index < 0 || index >= readings.length) {
    throw new HuangpuError("READING_INVALID", "The batch has no such reading", {
      fields: { index, count: readings.length },
    });
  }
  return treeOf(readings, index).path;
}

/** Whether a reading is at `index` of `count` under the root: the same answer as the contract's. */
export function contains(root: Hex, count: number, index: number, reading: Reading, path: readonly Hex[]): boolean {
  if (!Number.isInteger(index) || index < 0 || index >= count) return false;
  let node = leafOf(reading);
  let used = 0;
  let at = index;
  for (let width = count; width > 1; width = Math.ceil(width / 2)) {
    const besides = at % 2 === 0 ? at + 1 : at - 1;
    if (besides < width) {
      const sibling = path[used++];
      if (sibling === undefined) return false;
      node = at % 2 === 0 ? join(node, toBytes(sibling)) : join(toBytes(sibling), node);
    }
    at = Math.floor(at / 2);
  }
  return used === path.length && rootHash(count, node) === root;
}

function treeOf(readings: readonly Reading[], index: number): { root: Hex; path: Hex[] } {
  let level = readings.map(leafOf);
  const path: Hex[] = [];
  let at = index;
  while (level.length > 1) {
    const sibling = level[at % 2 === 0 ? at + 1 : at - 1];
    if (sibling !== undefined) path.push(toHex(sibling));
    level = pairs(level);
    at = Math.floor(at / 2);
  }
  const [top] = level;
  if (top === undefined) throw new HuangpuError("READING_INVALID", "A batch has at least one reading");
  return { root: rootHash(readings.length, top), path };
}

function pairs(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = [];
  for (let index = 0; index < level.length; index += 2) {
    const [left, right] = level.slice(index, index + 2);
    if (left !== undefined) above.push(right === undefined ? left : join(left, right));
  }
  return above;
}

function join(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([Uint8Array.of(NODE), left, right]));
}

function rootHash(count: number, top: Uint8Array): Hex {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(count);
  return toHex(sha256(Buffer.concat([Uint8Array.of(ROOT), size, top])));
}

function saltBytes(salt: Hex): Uint8Array {
  const bytes = toBytes(salt);
  if (bytes.length !== 16) throw new RangeError("A salt has 16 bytes");
  return bytes;
}

function sha256(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer");
}
