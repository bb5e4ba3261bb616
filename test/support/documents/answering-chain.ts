import { type BatchProof, requireInBatch } from "../../../src/core/batch-tree.ts";
import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import type { DocumentChain, DocumentIssuer, RegisteredDocument } from "../../../src/verification/document-chain.ts";

export const LEI = "5493001KJTIIGC8Y1R12";
export const ISSUER: Hex = `0x${"1".repeat(40)}`;
export const ANCHORED_AT = 1_790_000_000;

export const active: RegisteredDocument = {
  state: "active",
  issuer: ISSUER,
  documentType: 705,
  anchoredAt: ANCHORED_AT,
};
export const trusted: DocumentIssuer = { lei: LEI, active: true, accredited: true };

/** The trade chain as it answers whoever asks. */
export class AnsweringChain implements DocumentChain {
  readonly alone = new Map<Hex, RegisteredDocument>();
  /** By root and hash. */
  readonly inBatch = new Map<string, RegisteredDocument>();
  readonly issuers = new Map<Hex, DocumentIssuer>([[ISSUER, trusted]]);

  async statusOf(hash: Hex) {
    return this.alone.get(hash);
  }

  async batchStatusOf(hash: Hex, batch: BatchProof) {
    requireInBatch(hash, batch);
    return this.inBatch.get(batch.root + hash);
  }

  async issuerOf(account: Hex, documentType: number) {
    return documentType === 705 ? this.issuers.get(account) : undefined;
  }
}

/** A chain that cannot be reached. */
export const silent: DocumentChain = {
  statusOf: () => Promise.reject(new HuangpuError("RPC_UNAVAILABLE", "No endpoint answers")),
  batchStatusOf: () => Promise.reject(new Error("socket hang up")),
  issuerOf: () => Promise.reject(new Error("socket hang up")),
};
