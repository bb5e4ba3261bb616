/**
 * The trees of documents and batches once more, written from docs/document-format.md alone: slow, recursive, without anything
 * of the code that is tested.
 */
import { createHash } from "node:crypto";

const LARGEST_LEVEL = 64;

export function sha256(...parts: (Uint8Array | number[])[]): Buffer {
  return createHash("sha256")
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();
}

/** `[path, value]` of every field, in the order of the leaves. */
export function referenceFields(value: unknown, path: (string | number)[] = []): [(string | number)[], unknown][] {
  if (path.length > LARGEST_LEVEL) throw new Error("too deep");
  if (typeof value !== "object" || value === null) return [[path, value]];
  const children = Array.isArray(value) ? [...value.entries()] : Object.entries(value).sort(byName);
  if (children.length === 0) return [[path, value]];
  return children.flatMap(([step, child]) => referenceFields(child, [...path, step]));
}

/** The leaves of a document, one for each field. */
export function referenceLeaves(data: unknown, salts: readonly Uint8Array[]): Buffer[] {
  return referenceFields(data).map((field, index) =>
    sha256([0], salts[index] ?? [], Buffer.from(JSON.stringify(field), "utf8")),
  );
}

export function referenceDocumentHash(data: unknown, kind: string, salts: readonly Uint8Array[]): string {
  const leaves = referenceLeaves(data, salts);
  return hex(sha256([2], uint32(leaves.length), referenceRoot(leaves, 1), Buffer.from(kind, "utf8")));
}

export function referenceBatchRoot(hashes: readonly string[]): string {
  const leaves = hashes.map(referenceBatchLeaf);
  return hex(sha256([5], uint32(leaves.length), referenceRoot(leaves, 4)));
}

export function referenceBatchLeaf(hash: string): Buffer {
  return sha256([3], Buffer.from(hash.slice(2), "hex"));
}

/** Siblings from the leaf upwards. */
export function referencePath(leaves: readonly Uint8Array[], index: number, tag: number): string[] {
  if (leaves.length === 1) return [];
  const half = largestPowerBelow(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...referencePath(left, index, tag), hex(referenceRoot(right, tag))]
    : [...referencePath(right, index - half, tag), hex(referenceRoot(left, tag))];
}

/** As RFC 6962 §2.1 divides: the largest power of two below the whole goes to the left. */
export function referenceRoot(leaves: readonly Uint8Array[], tag: number): Buffer {
  if (leaves.length === 1) return Buffer.from(leaves[0] ?? []);
  const half = largestPowerBelow(leaves.length);
  return sha256([tag], referenceRoot(leaves.slice(0, half), tag), referenceRoot(leaves.slice(half), tag));
}

export function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

export function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

export function uint32(value: number): Buffer {
  return Buffer.from(value.toString(16).padStart(8, "0"), "hex");
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
