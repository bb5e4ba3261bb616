import { hash } from "node:crypto";
import { HuangpuError } from "../core/errors.ts";
import { type Hex, toBytes, toHex } from "../core/hex.ts";
import { merkleLevels, merklePath, merklePathLength, reduceToRoot, rootAlong } from "../core/merkle-tree.ts";
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
  return rootHash(readings.length, reduceToRoot(leavesOf(readings), NODE));
}

/** The siblings of one reading, from the leaf upwards. */
export function pathOf(readings: readonly Reading[], index: number): Hex[] {
  if (!Number.isInteger(index) || index < 0 || index >= readings.length) {
    throw new HuangpuError("READING_INVALID", "The batch has no such reading", {
      fields: { index, count: readings.length },
    });
  }
  return merklePath(merkleLevels(leavesOf(readings), NODE), index);
}

/** Whether a reading is at `index` of `count` under the root: the same answer as the contract's. */
export function contains(root: Hex, count: number, index: number, reading: Reading, path: readonly Hex[]): boolean {
  if (!Number.isInteger(index) || index < 0 || index >= count) return false;
  if (path.length !== merklePathLength(index, count)) return false;
  return rootHash(count, rootAlong(leafOf(reading), index, count, path, NODE)) === root;
}

function leavesOf(readings: readonly Reading[]): Buffer {
  if (readings.length === 0) throw new HuangpuError("READING_INVALID", "A batch has at least one reading");
  return Buffer.concat(readings.map(leafOf));
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
