import type { BatchProof } from "../core/batch-tree.ts";
import type { Hex } from "../core/hex.ts";

/** A registered document, alone or as one of a batch. */
export interface RegisteredDocument {
  readonly state: "active" | "superseded" | "revoked";
  /** The account that registered it, in lower case. */
  readonly issuer: Hex;
  /** UNTDID 1001. */
  readonly documentType: number;
  /** Unix time in seconds. */
  readonly anchoredAt: number;
  /** The document that took its place; only when superseded. */
  readonly replacement?: Hex;
}

/** The legal entity behind an account. */
export interface DocumentIssuer {
  /** ISO 17442. */
  readonly lei: string;
  /** Whether account and entity may act at present. */
  readonly active: boolean;
  /** Whether the account may issue documents of the type that was asked for, at present. */
  readonly accredited: boolean;
}

/**
 * What verification asks the trade chain. Implementations throw where the chain cannot be reached or contradicts itself, and
 * never answer undefined for that.
 */
export interface DocumentChain {
  /** A document that was registered under its own hash; undefined when it never was. */
  statusOf(hash: Hex): Promise<RegisteredDocument | undefined>;
  /**
   * A document as one of a registered batch; undefined when no batch with this root and size was registered.
   * @param batch Leads from the hash to the root: checked before.
   */
  batchStatusOf(hash: Hex, batch: BatchProof): Promise<RegisteredDocument | undefined>;
  /** Undefined when no entity is behind the account. */
  issuerOf(account: Hex, documentType: number): Promise<DocumentIssuer | undefined>;
}
