import { concat, type Hex, keccak256, word } from "./hex.ts";

/** A position of a closed cycle; amounts as `IClearingHouse.Position` has them. */
export interface CommittedPosition {
  readonly cycle: number;
  readonly member: number;
  /** ISO 4217. */
  readonly currency: string;
  /** In millionths. */
  readonly net: bigint;
  readonly carried: bigint;
  /** In hundredths. */
  readonly instructed: bigint;
}

/** The leaf of a position in its cycle's root; see `CycleRoot.sol`. */
export function positionLeaf(chainId: number, clearingHouse: Hex, position: CommittedPosition): Hex {
  const { cycle, member, currency, net, carried, instructed } = position;
  const code = [...currency].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  const fields = [
    word(BigInt(chainId)),
    word(clearingHouse.toLowerCase() as Hex),
    word(BigInt(cycle)),
    word(BigInt(member)),
    `0x${code.padEnd(64, "0")}` as const,
    word(BigInt.asUintN(256, net)),
    word(carried),
    word(BigInt.asUintN(256, instructed)),
  ];
  return keccak256(keccak256(concat(...fields)));
}

/** The root over leaves in the order of currencies, as listed, then members; a word of zeros for none. */
export function cycleRoot(leaves: readonly Hex[]): Hex {
  return levels(leaves).at(-1)?.[0] ?? word(0n);
}

/**
 * What shows that a leaf is under the root, as OpenZeppelin's `MerkleProof` reads it.
 * @throws RangeError when there is no such leaf.
 */
export function positionProof(leaves: readonly Hex[], index: number): Hex[] {
  if (leaves[index] === undefined) throw new RangeError(`There is no leaf ${index} among ${leaves.length}`);
  const neighbours = levels(leaves).map((level, height) => level[(index >> height) ^ 1]);
  return neighbours.filter((neighbour) => neighbour !== undefined);
}

/** From the leaves to the root. A node without a neighbour rises as it is. */
function levels(leaves: readonly Hex[]): (readonly Hex[])[] {
  const all = [leaves];
  for (let level = leaves; level.length > 1; all.push(level)) level = above(level);
  return all;
}

function above(level: readonly Hex[]): Hex[] {
  const nodes: Hex[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = [level[at] as Hex, level[at + 1]];
    nodes.push(right === undefined ? left : keccak256(left < right ? concat(left, right) : concat(right, left)));
  }
  return nodes;
}
