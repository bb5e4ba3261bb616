import { concat, type Hex, keccak256 } from "../../../src/core/hex.ts";

/** As OpenZeppelin's contract of this name reads proofs: pairs are sorted before they are hashed. */
export const MerkleProof = {
  verify(proof: readonly Hex[], root: Hex, leaf: Hex): boolean {
    const top = proof.reduce(
      (node, other) => keccak256(node < other ? concat(node, other) : concat(other, node)),
      leaf,
    );
    return top === root;
  },
};
