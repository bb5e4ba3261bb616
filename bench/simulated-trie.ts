import { RLP } from "@ethereumjs/rlp";
import { type Hex, keccak256, toBytes, toHex } from "../src/core/hex.ts";
import { seededBytes } from "./seeded-bytes.ts";

/** A trie of which only one path is known: what a proof shows of it. */
export interface TriePath {
  root: Hex;
  /** Nodes, root first, as in `eth_getProof`. */
  proof: Hex[];
}

/** Nibbles of the keys besides the proven one, each as long as they share something with it, and one more. */
export type OtherKeys = readonly string[];

const NIBBLES_PER_KEY = 16;
const KEYS_PER_SEED = 4;

/**
 * As many keys without a pattern, the same in every run, each set a part of every larger one. Sixteen nibbles are enough
 * to tell a million of them apart.
 */
export function randomKeys(count: number): OtherKeys {
  const keys: string[] = [];
  for (let seed = 0; keys.length < count; seed++) {
    const nibbles = seededBytes(`key ${seed}`, 32).slice(2);
    for (let part = 0; part < KEYS_PER_SEED && keys.length < count; part++) {
      keys.push(nibbles.slice(part * NIBBLES_PER_KEY, (part + 1) * NIBBLES_PER_KEY));
    }
  }
  return keys;
}

/** The keys that make the path to `key` as long, and each node on it as large, as it can be down to a depth. */
export function crowdedKeys(key: Hex, depth: number): OtherKeys {
  const nibbles = key.slice(2);
  return Array.from({ length: depth }, (_, at) =>
    [..."0123456789abcdef"].filter((nibble) => nibble !== nibbles[at]).map((nibble) => nibbles.slice(0, at) + nibble),
  ).flat();
}

/**
 * The path to a key in a trie that has other keys too. It holds under its root by the rules of the Merkle Patricia trie;
 * what hangs beside it is random hashes, because no proof goes there.
 * @param key 32 bytes, hashed already.
 */
export function triePath(key: Hex, value: Uint8Array, others: OtherKeys): TriePath {
  const nodes: Uint8Array[] = [];
  const node = encode({ nibbles: key.slice(2), value, nodes }, 0, others);
  return { root: keccak256(toHex(node)), proof: nodes.reverse().map(toHex) };
}

interface Path {
  nibbles: string;
  value: Uint8Array;
  /** Leaf first. */
  nodes: Uint8Array[];
}

/** The node below which all `others` share the first `depth` nibbles with the path. */
function encode(path: Path, depth: number, others: OtherKeys): Uint8Array {
  const node = RLP.encode(items(path, depth, others));
  path.nodes.push(node);
  return node;
}

function items(path: Path, depth: number, others: OtherKeys): Uint8Array[] {
  if (others.length === 0) return [compact(path.nibbles.slice(depth), true), path.value];
  const shared = sharedNibbles(path.nibbles, depth, others);
  if (shared > depth) {
    return [compact(path.nibbles.slice(depth, shared), false), hashOf(encode(path, shared, others))];
  }

  const own = path.nibbles[depth] ?? "";
  const taken = new Set(others.map((key) => key[depth]));
  const next = hashOf(
    encode(
      path,
      depth + 1,
      others.filter((key) => key[depth] === own),
    ),
  );
  const children = [..."0123456789abcdef"].map((nibble) => {
    if (nibble === own) return next;
    return taken.has(nibble) ? toBytes(seededBytes(`sibling ${depth} ${nibble}`, 32)) : new Uint8Array();
  });
  return [...children, new Uint8Array()];
}

function sharedNibbles(nibbles: string, depth: number, others: OtherKeys): number {
  let shared = depth;
  while (others.every((key) => key[shared] !== undefined && key[shared] === nibbles[shared])) shared++;
  return shared;
}

/** Hex-prefix encoding. */
function compact(nibbles: string, leaf: boolean): Uint8Array {
  const odd = nibbles.length % 2;
  const flag = (leaf ? 2 : 0) + odd;
  return toBytes(`0x${flag.toString(16)}${odd === 1 ? "" : "0"}${nibbles}`);
}

/** Nodes here are never shorter than a hash, so none lies inside its parent. */
function hashOf(node: Uint8Array): Uint8Array {
  if (node.length < 32) throw new RangeError("A node that would lie inside its parent");
  return toBytes(keccak256(toHex(node)));
}
