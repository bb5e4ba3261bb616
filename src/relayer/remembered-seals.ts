import type { Hex } from "../core/hex.ts";
import type { SealedHeader, SealRequest, SealSource } from "./seal-source.ts";

/**
 * Asks nobody twice for the seal of one block: several senders' heads are proven at it, and what failed is proven again.
 * Leaves the seal out once the light client holds the header, which then needs none.
 */
export class RememberedSeals implements SealSource {
  readonly #source: SealSource;
  /** The last block of each light client. */
  readonly #last = new Map<Hex, { hash: Hex; sealed: SealedHeader }>();

  constructor(source: SealSource) {
    this.#source = source;
  }

  async seal(request: SealRequest): Promise<SealedHeader> {
    const { destination, lightClient, block } = request;
    const last = this.#last.get(lightClient);
    if (last?.hash !== block.hash) {
      const sealed = await this.#source.seal(request);
      this.#last.set(lightClient, { hash: block.hash, sealed });
      return sealed;
    }
    const held = await destination.heldBlock(lightClient, Number(block.number));
    return held === block.hash ? { ...last.sealed, seal: "0x", signers: 0 } : last.sealed;
  }
}
