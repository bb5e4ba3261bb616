import { HuangpuError } from "./errors.ts";
import type { Hex } from "./hex.ts";
import { DIGEST_BYTES, hashInto, merkleLevels, merklePath, merklePathLength, rootAlong } from "./merkle-tree.ts";

export const MAX_BATCH_SIZE = 2 ** 20;

const LEAF_TAG = 3;
const NODE_TAG = 4;
const BATCH_TAG = 5;

/** That a document is one of a batch; see `BatchTree.sol`. */
export interface BatchProof {
  readonly root: Hex;
  /** Documents in the batch, 1 to 2^20. */
  readonly size: number;
  /** From 0. */
  readonly index: number;
  /** Siblings, lowest first. Their number follows from size and index. */
  readonly path: readonly Hex[];
}

/** Many documents under one root, which one transaction registers. */
export class Batch {
  readonly root: Hex;
  readonly size: number;
  readonly #levels: readonly Buffer[];

  /** @param leaves Of {@link batchLeaf}, side by side. */
  constructor(leaves: Buffer) {
    this.size = leaves.length / DIGEST_BYTES;
    if (this.size === 0 || this.size > MAX_BATCH_SIZE) {
      throw new HuangpuError("BATCH_SIZE", `A batch has 1 to ${MAX_BATCH_SIZE} documents, this one ${this.size}`);
    }
    this.#levels = merkleLevels(leaves, NODE_TAG);
    this.root = batchRoot(this.size, this.#levels.at(-1) ?? leaves);
  }

  /** @throws RangeError when the batch has no such document. */
  proof(index: number): BatchProof {
    if (!Number.isInteger(index) || index < 0 || index >= this.size) {
      throw new RangeError(`There is no document ${index} in a batch of ${this.size}`);
    }
    return { root: this.root, size: this.size, index, path: merklePath(this.#levels, index) };
  }
}

/** Writes the leaf of a document at an offset: sha256(0x03 ‖ document hash). */
export function writeBatchLeaf(target: Buffer, offset: number, documentHash: Hex): void {
  const preimage = Buffer.alloc(1 + DIGEST_BYTES, LEAF_TAG);
  preimage.write(documentHash.slice(2), 1, DIGEST_BYTES, "hex");
  hashInto(target, offset, preimage);
}

/**
 * That a proof leads from a document to its batch's root.
 * @throws HuangpuError BATCH_PROOF_FORM when it has not the one form that size and index allow; BATCH_PROOF_MISMATCH when it
 * is of another document, place, size or batch.
 */
export function requireInBatch(documentHash: Hex, { root, size, index, path }: BatchProof): void {
  const isPlace = Number.isInteger(size) && Number.isInteger(index) && index >= 0 && index < size;
  if (!isPlace || size > MAX_BATCH_SIZE || path.length !== merklePathLength(index, size)) {
    const fields = { size, index, siblings: path.length };
    throw new HuangpuError("BATCH_PROOF_FORM", "The proof has no form that a batch of this size allows", { fields });
  }
  const leaf = Buffer.allocUnsafe(DIGEST_BYTES);
  writeBatchLeaf(leaf, 0, documentHash);
  if (batchRoot(size, rootAlong(leaf, index, size, path, NODE_TAG)) !== root) {
    throw new HuangpuError("BATCH_PROOF_MISMATCH", "The proof does not lead from the document to the batch's root");
  }
}

/** sha256(0x05 ‖ size (uint32) ‖ root of the tree). */
function batchRoot(size: number, treeRoot: Uint8Array): Hex {
  const preimage = Buffer.alloc(5 + DIGEST_BYTES, BATCH_TAG);
  preimage.writeUInt32BE(size, 1);
  preimage.set(treeRoot, 5);
  hashInto(preimage, 0, preimage);
  return `0x${preimage.toString("hex", 0, DIGEST_BYTES)}`;
}
