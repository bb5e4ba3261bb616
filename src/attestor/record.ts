import type { DatabaseSync } from "node:sqlite";
import type { HeaderAttestation } from "../core/attestation.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { inTransaction, openDatabase } from "../storage/database.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS attestation (
    chain_id INTEGER NOT NULL, number INTEGER NOT NULL, block_hash TEXT NOT NULL, signature TEXT NOT NULL,
    PRIMARY KEY (chain_id, number)
  ) STRICT;
`;

/**
 * What this attestor has signed. The one file that must never be lost or rolled back: without it, an attestor on a
 * misled node could sign a second hash at one height, and that freezes the lane.
 */
export class AttestationRecord {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = openDatabase(file, SCHEMA);
  }

  /** The signature given earlier for the same block, if any. */
  find({ chainId, number, blockHash }: HeaderAttestation): Hex | undefined {
    const row = this.#row(chainId, number);
    return row?.blockHash === blockHash ? row.signature : undefined;
  }

  /**
   * Remembers a signature before anybody sees it, and returns the one that holds: an earlier one for the same block wins.
   * @throws HuangpuError BLOCK_CONFLICT when another hash was signed at this height.
   */
  remember({ chainId, number, blockHash }: HeaderAttestation, signature: Hex): Hex {
    return inTransaction(this.#database, () => {
      const earlier = this.#row(chainId, number);
      if (earlier === undefined) {
        this.#database
          .prepare("INSERT INTO attestation (chain_id, number, block_hash, signature) VALUES (?, ?, ?, ?)")
          .run(chainId, number, blockHash, signature);
        return signature;
      }
      if (earlier.blockHash === blockHash) return earlier.signature;
      throw new HuangpuError("BLOCK_CONFLICT", `Another hash was signed for block ${number} of chain ${chainId}`, {
        fields: { chainId, number, signed: earlier.blockHash, asked: blockHash },
      });
    });
  }

  close(): void {
    this.#database.close();
  }

  #row(chainId: number, number: number): { blockHash: Hex; signature: Hex } | undefined {
    const row = this.#database
      .prepare("SELECT block_hash AS blockHash, signature FROM attestation WHERE chain_id = ? AND number = ?")
      .get(chainId, number);
    return row as unknown as { blockHash: Hex; signature: Hex } | undefined;
  }
}
