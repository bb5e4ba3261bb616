import { Batch, MAX_BATCH_SIZE, writeBatchLeaf } from "../core/batch-tree.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { DIGEST_BYTES } from "../core/merkle-tree.ts";

const FIRST_CAPACITY = 1024;

/**
 * Documents as they come, of which only leaves are kept: 32 bytes each, and as many again for the tree.
 * @throws HuangpuError BATCH_SIZE beyond 2^20 documents, or when there is none.
 */
export class BatchBuilder {
  #leaves = Buffer.allocUnsafe(FIRST_CAPACITY * DIGEST_BYTES);
  #size = 0;

  /** @returns The document's place in the batch, from 0. */
  add(documentHash: Hex): number {
    if (this.#size === MAX_BATCH_SIZE) {
      throw new HuangpuError("BATCH_SIZE", `A batch has at most ${MAX_BATCH_SIZE} documents`);
    }
    const offset = this.#size * DIGEST_BYTES;
    if (offset === this.#leaves.length) this.#leaves = Buffer.concat([this.#leaves], 2 * this.#leaves.length);
    writeBatchLeaf(this.#leaves, offset, documentHash);
    return this.#size++;
  }

  build(): Batch {
    return new Batch(this.#leaves.subarray(0, this.#size * DIGEST_BYTES));
  }
}

/** A batch of documents that come one by one. @throws HuangpuError BATCH_SIZE as {@link BatchBuilder} does. */
export async function batchOf(hashes: AsyncIterable<Hex> | Iterable<Hex>): Promise<Batch> {
  const builder = new BatchBuilder();
  for await (const hash of hashes) builder.add(hash);
  return builder.build();
}
