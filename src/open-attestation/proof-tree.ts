import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

/**
 * The tree of a batch: its documents' hashes in ascending order, each pair hashed with the smaller half first, and an odd
 * last one promoted as it is.
 */
export interface ProofTree {
  root: string;
  /** Siblings of a document's hash, upwards. */
  proofOf(hash: string): string[];
}

/** @param hashes 64 digits each, different from each other, at least one. */
export function buildProofTree(hashes: readonly string[]): ProofTree {
  const layers: string[][] = [[...hashes].sort()];
  let layer = layers[0] ?? [];
  while (layer.length > 1) {
    const below = layer;
    layer = below.flatMap((hash, index) => (index % 2 === 0 ? [hashPair(hash, below[index + 1])] : []));
    layers.push(layer);
  }
  const indices = new Map((layers[0] ?? []).map((hash, index) => [hash, index]));
  return {
    root: layer[0] ?? "",
    proofOf(hash) {
      const index = indices.get(hash) ?? 0;
      return layers.flatMap((each, height) => each[Math.floor(index / 2 ** height) ^ 1] ?? []);
    },
  };
}

/** Where a proof leads from a document's hash. */
export function climb(hash: string, proof: readonly string[]): string {
  return proof.reduce(hashPair, hash);
}

function hashPair(one: string, other: string | undefined): string {
  if (other === undefined) return one;
  return bytesToHex(keccak_256(hexToBytes(one < other ? one + other : other + one)));
}
