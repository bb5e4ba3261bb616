import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type BatchProof, MAX_BATCH_SIZE, requireInBatch } from "../../../src/core/batch-tree.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { merklePathLength } from "../../../src/core/merkle-tree.ts";
import { BatchBuilder, batchOf } from "../../../src/documents/batch.ts";
import {
  hex,
  referenceBatchLeaf,
  referenceBatchRoot,
  referencePath,
  sha256,
} from "../../support/documents/reference-trees.ts";
import { codeOf } from "../../support/fakes/error-of.ts";

interface Golden {
  batches: { size: number; root: Hex; proofs: { index: number; documentHash: Hex; path: Hex[] }[] }[];
}

const { batches } = JSON.parse(
  readFileSync(new URL("../../vectors/golden/documents/batches.json", import.meta.url), "utf8"),
) as Golden;

const documentHash = (number: number) => hex(sha256(Buffer.from(`huangpu vector document ${number}`))) as Hex;
const hashesOf = (size: number) => Array.from({ length: size }, (_, number) => documentHash(number));

describe("the tree of a batch", () => {
  for (const { size, root, proofs } of batches) {
    it(`is that of the vector of ${size} documents`, async () => {
      const batch = await batchOf(hashesOf(size));
      expect(batch.root).to.equal(root);
      for (const { index, documentHash, path } of proofs) {
        expect(batch.proof(index)).to.deep.equal({ root, size, index, path });
        requireInBatch(documentHash, { root, size, index, path });
      }
    });
  }

  it("is that of the second implementation at every size to 70, with every proof", async () => {
    for (let size = 1; size <= 70; size++) {
      const hashes = hashesOf(size);
      const batch = await batchOf(hashes);
      expect(batch.root).to.equal(referenceBatchRoot(hashes));
      const leaves = hashes.map(referenceBatchLeaf);
      for (const [index, hash] of hashes.entries()) {
        const proof = batch.proof(index);
        expect(proof.path).to.deep.equal(referencePath(leaves, index, 4));
        expect(proof.path).to.have.length(merklePathLength(index, size));
        requireInBatch(hash, proof);
      }
    }
  });

  it("refuses a proof at every other index, size and length", async () => {
    for (const size of [1, 2, 3, 5, 8, 13]) {
      const hashes = hashesOf(size);
      const batch = await batchOf(hashes);
      for (const [index, hash] of hashes.entries()) {
        const proof = batch.proof(index);
        for (let other = 0; other < 2 * size; other++) {
          if (other !== index)
            expect(codeOf(() => requireInBatch(hash, { ...proof, index: other }))).to.match(/^BATCH_PROOF_/);
          if (other !== size)
            expect(codeOf(() => requireInBatch(hash, { ...proof, size: other }))).to.match(/^BATCH_PROOF_/);
        }
        const [sibling = batch.root] = proof.path;
        for (const path of [
          [...proof.path, sibling],
          [sibling, ...proof.path],
          proof.path.slice(1),
          proof.path.slice(0, -1),
        ]) {
          if (path.length === proof.path.length) continue;
          expect(codeOf(() => requireInBatch(hash, { ...proof, path }))).to.equal("BATCH_PROOF_FORM");
        }
      }
    }
  });

  it("refuses a proof from another batch", async () => {
    const [one, other] = [await batchOf(hashesOf(8)), await batchOf(hashesOf(9).slice(1))];
    const mixed = { ...one.proof(3), root: other.root };
    expect(codeOf(() => requireInBatch(documentHash(3), mixed))).to.equal("BATCH_PROOF_MISMATCH");
    expect(codeOf(() => requireInBatch(documentHash(4), one.proof(3)))).to.equal("BATCH_PROOF_MISMATCH");
    expect(codeOf(() => requireInBatch(documentHash(3), other.proof(3)))).to.equal("BATCH_PROOF_MISMATCH");
  });

  it("takes no interior node, no leaf and no batch for a document", async () => {
    const hashes = hashesOf(8);
    const batch = await batchOf(hashes);
    const leaves = hashes.map(referenceBatchLeaf);
    const node = hex(sha256([4], leaves[0] ?? [], leaves[1] ?? [])) as Hex;
    const { path, root } = batch.proof(0);
    const inner: BatchProof = { root, size: 4, index: 0, path: path.slice(1) };
    for (const claimed of [node, hex(leaves[0] ?? Buffer.alloc(0)) as Hex, root]) {
      expect(codeOf(() => requireInBatch(claimed, inner))).to.equal("BATCH_PROOF_MISMATCH");
      expect(codeOf(() => requireInBatch(claimed, { ...inner, size: 8, path }))).to.equal("BATCH_PROOF_MISMATCH");
    }
    const whole: BatchProof = { root, size: 1, index: 0, path: [] };
    for (const claimed of [root, node, documentHash(0)]) {
      expect(codeOf(() => requireInBatch(claimed, whole))).to.equal("BATCH_PROOF_MISMATCH");
    }
  });

  it("tells a batch of batches, or of one document, from what it holds", async () => {
    const inner = await batchOf(hashesOf(4));
    const outer = await batchOf([inner.root, documentHash(9)]);
    expect((await batchOf([documentHash(0)])).root).not.to.equal(documentHash(0));
    const path = [...inner.proof(2).path, ...outer.proof(0).path];
    const chained: BatchProof = { root: outer.root, size: 8, index: 2, path };
    expect(codeOf(() => requireInBatch(documentHash(2), chained))).to.equal("BATCH_PROOF_MISMATCH");
  });

  for (const [name, change] of Object.entries({
    "an index that is none": { index: -1 },
    "half an index": { index: 0.5 },
    "an index that is no number": { index: Number.NaN },
    "no size": { size: 0 },
    "a size beyond 2^20": { size: MAX_BATCH_SIZE + 1 },
  })) {
    it(`refuses ${name}`, async () => {
      const proof = (await batchOf(hashesOf(3))).proof(0);
      expect(codeOf(() => requireInBatch(documentHash(0), { ...proof, ...change }))).to.equal("BATCH_PROOF_FORM");
    });
  }

  it("has 1 to 2^20 documents", async () => {
    await batchOf([]).then(
      () => expect.fail("It was not refused"),
      (error: unknown) =>
        expect(
          codeOf(() => {
            throw error;
          }),
        ).to.equal("BATCH_SIZE"),
    );
    const builder = new BatchBuilder();
    const hash = documentHash(0);
    for (let number = 0; number < MAX_BATCH_SIZE; number++) builder.add(hash);
    expect(codeOf(() => builder.add(hash))).to.equal("BATCH_SIZE");
    const proof = builder.build().proof(MAX_BATCH_SIZE - 1);
    expect(proof.path).to.have.length(20);
    requireInBatch(hash, proof);
  });

  it("has no proof for what is not in it", async () => {
    const batch = await batchOf(hashesOf(3));
    for (const index of [3, -1, 0.5]) expect(() => batch.proof(index)).to.throw(RangeError);
  });

  it("keeps its root when more documents come", async () => {
    const builder = new BatchBuilder();
    for (const hash of hashesOf(5)) builder.add(hash);
    const batch = builder.build();
    const before = batch.proof(4);
    builder.add(documentHash(5));
    expect(batch.proof(4)).to.deep.equal(before);
    requireInBatch(documentHash(4), before);
  });
});
