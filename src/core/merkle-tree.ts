import { hash } from "node:crypto";
import type { Hex } from "./hex.ts";

/**
 * Trees of SHA-256 over digests: neighbours are joined as sha256(tag ‖ left ‖ right), and an odd last one rises as it is.
 * Leaves, nodes and whatever is made of a root have different tags, so that none can pass for another.
 */
export const DIGEST_BYTES = 32;

/** sha256 of bytes, written at an offset of a buffer. */
export function hashInto(target: Buffer, offset: number, bytes: Uint8Array): void {
  // A binary string holds a byte in each unit and is made four times as fast as a buffer.
  target.write(hash("sha256", bytes, "binary"), offset, DIGEST_BYTES, "latin1");
}

/**
 * The root over digests that lie side by side. Overwrites them.
 * @param leaves At least one digest.
 */
export function reduceToRoot(leaves: Buffer, tag: number): Buffer {
  const pair = Buffer.alloc(1 + 2 * DIGEST_BYTES, tag);
  for (let size = leaves.length / DIGEST_BYTES; size > 1; size = Math.ceil(size / 2))
    joinNeighbours(leaves, size, leaves, pair);
  return leaves.subarray(0, DIGEST_BYTES);
}

/**
 * All levels of a tree over digests that lie side by side, from the leaves to the root.
 * @param leaves At least one digest.
 */
export function merkleLevels(leaves: Buffer, tag: number): readonly Buffer[] {
  const pair = Buffer.alloc(1 + 2 * DIGEST_BYTES, tag);
  const levels = [leaves];
  for (let level = leaves; level.length > DIGEST_BYTES; levels.push(level)) {
    const size = level.length / DIGEST_BYTES;
    const above = Buffer.allocUnsafe(Math.ceil(size / 2) * DIGEST_BYTES);
    joinNeighbours(level, size, above, pair);
    level = above;
  }
  return levels;
}

/** The siblings of a leaf and of what is above it, lowest first. */
export function merklePath(levels: readonly Buffer[], index: number): Hex[] {
  return levels.flatMap((level, height) => {
    const sibling = ((index >>> height) ^ 1) * DIGEST_BYTES;
    return sibling < level.length ? [`0x${level.toString("hex", sibling, sibling + DIGEST_BYTES)}` as const] : [];
  });
}

/** How many siblings the path of a leaf has in a tree of so many leaves. */
export function merklePathLength(index: number, size: number): number {
  let length = 0;
  for (let [at, last] = [index, size - 1]; last > 0; at >>>= 1, last >>>= 1) if ((at ^ 1) <= last) length++;
  return length;
}

/**
 * The root to which a path leads from a leaf.
 * @param path As many siblings as {@link merklePathLength} says.
 */
export function rootAlong(leaf: Uint8Array, index: number, size: number, path: readonly Hex[], tag: number): Buffer {
  const pair = Buffer.alloc(1 + 2 * DIGEST_BYTES, tag);
  const node = Buffer.from(leaf);
  let used = 0;
  for (let [at, last] = [index, size - 1]; last > 0; at >>>= 1, last >>>= 1) {
    if ((at ^ 1) > last) continue;
    const sibling = path[used++] ?? "0x";
    const isLeft = (at & 1) === 0;
    pair.set(node, isLeft ? 1 : 1 + DIGEST_BYTES);
    pair.write(sibling.slice(2), isLeft ? 1 + DIGEST_BYTES : 1, DIGEST_BYTES, "hex");
    hashInto(node, 0, pair);
  }
  return node;
}

function joinNeighbours(level: Buffer, size: number, above: Buffer, pair: Buffer): void {
  for (let at = 0; at < size; at += 2) {
    const from = at * DIGEST_BYTES;
    const to = from / 2;
    if (at + 1 < size) {
      level.copy(pair, 1, from, from + 2 * DIGEST_BYTES);
      hashInto(above, to, pair);
    } else level.copy(above, to, from, from + DIGEST_BYTES);
  }
}
