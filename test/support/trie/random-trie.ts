import { createMerkleProof, createMPT, type MerklePatriciaTrie } from "@ethereumjs/mpt";
import { toBytes } from "../../../src/core/hex.ts";
import type { SeededRandom } from "../fakes/seeded-random.ts";

/** A trie with all that it has. Paths have 32 bytes. */
export interface RandomTrie {
  readonly root: Uint8Array;
  readonly paths: readonly Uint8Array[];
  valueAt(path: Uint8Array): Promise<Uint8Array | null>;
  /** Nodes towards a path, as `eth_getProof` gives them: what lies in its parent is not listed beside it. */
  prove(path: Uint8Array): Promise<Uint8Array[]>;
  /** The same with those nodes as well. */
  proveListingShortNodes(path: Uint8Array): Promise<Uint8Array[]>;
}

/** Paths that share beginnings of any length make extensions; short values under late partings make short nodes. */
export async function randomTrie(random: SeededRandom): Promise<RandomTrie> {
  const trie = await createMPT();
  const paths: Uint8Array[] = [];
  const size = random.below(4) === 0 ? random.between(1, 4) : random.between(2, 60);
  const dense = random.below(3) === 0;
  for (let i = 0; i < size; i++) {
    const path = nearby(random, dense ? undefined : paths.at(random.below(Math.max(1, paths.length))));
    await trie.put(path, toBytes(random.hex(random.below(3) === 0 ? random.between(30, 120) : random.between(1, 4))));
    paths.push(path);
  }
  return { root: trie.root(), paths, valueAt: (path) => trie.get(path), ...provers(trie) };
}

function provers(trie: MerklePatriciaTrie) {
  const proveListingShortNodes = async (path: Uint8Array) => await createMerkleProof(trie, path);
  return {
    proveListingShortNodes,
    prove: async (path: Uint8Array) =>
      (await proveListingShortNodes(path)).filter((node, index) => index === 0 || node.length >= 32),
  };
}

/** A path that parts from another one at a nibble of any depth, or any path. */
export function nearby(random: SeededRandom, path?: Uint8Array): Uint8Array {
  const result = toBytes(random.hex(32));
  if (path === undefined || random.below(5) === 0) return result;
  const shared = random.below(2) === 0 ? random.below(64) : random.between(56, 63);
  const half = Math.floor(shared / 2);
  result.set(path.subarray(0, half));
  if (shared % 2 === 1) result[half] = ((path[half] ?? 0) & 0xf0) | random.below(16);
  return result;
}
