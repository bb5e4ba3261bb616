import { asHuangpuError } from "../core/errors.ts";

/** Ranges in a row that must be answered before a longer one is tried: a failed one can take as long as the timeout. */
const GROWS_AFTER = 8;

/**
 * How many blocks one question for logs may span: as many as configured, and fewer where the node cannot answer that, for its
 * limits are its own. It halves with a failure that a shorter range may mend, and doubles when all goes well.
 */
export class BlockRange {
  readonly #most: number;
  #size: number;
  #answered = 0;

  constructor(most: number) {
    this.#most = most;
    this.#size = most;
  }

  get size(): number {
    return this.#size;
  }

  answered(blocks: number): void {
    if (blocks < this.#size || ++this.#answered < GROWS_AFTER) return;
    this.#answered = 0;
    this.#size = Math.min(2 * this.#size, this.#most);
  }

  /** Whether less is asked next time. */
  failed(blocks: number, caught: unknown): boolean {
    const { code } = asHuangpuError(caught);
    if (blocks === 1 || (code !== "RPC_UNAVAILABLE" && code !== "RPC_REJECTED")) return false;
    this.#answered = 0;
    this.#size = Math.floor(blocks / 2);
    return true;
  }
}
