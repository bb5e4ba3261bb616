import { type TrustedValidators, trustedValidators } from "../chains/light-client.ts";
import { encodeQbftHeader, type RpcBlock } from "../core/block-header.ts";
import type { Hex } from "../core/hex.ts";
import { differences, followValidators, namedIn } from "./qbft-validators.ts";
import type { RenewRequest, SealedHeader, SealRequest, SealSource } from "./seal-source.ts";
import { sealedBlock } from "./sealed-block.ts";

export interface QbftSealsOptions {
  /** Milliseconds between looks at whom the light client trusts, as long as blocks name the same validators. */
  lookMs?: number;
  /** Milliseconds of a clock that only goes forward. */
  now?: () => number;
}

/**
 * For chains of Hyperledger Besu with QBFT: the seals that validators have put into the block itself, as `QbftHeaders`
 * takes them. Keeps the light client's validators up to date: follows changes, and confirms an unchanged set when half
 * of the trusting period has gone by.
 */
export class QbftSeals implements SealSource {
  readonly #lookMs: number;
  readonly #now: () => number;
  #looked = Number.NEGATIVE_INFINITY;
  #named: readonly Hex[] = [];

  constructor({ lookMs = 60_000, now = () => performance.now() }: QbftSealsOptions = {}) {
    this.#lookMs = lookMs;
    this.#now = now;
  }

  async seal({ block, held }: SealRequest): Promise<SealedHeader> {
    if (held) return { header: encodeQbftHeader(block).header, seal: "0x", signers: 0 };
    const { header, seal, signers } = sealedBlock(block);
    return { header, seal, signers };
  }

  async renew({ source, destination, block: number, urgent, send, signal }: RenewRequest): Promise<void> {
    const lately = this.#now() - this.#looked < this.#lookMs;
    if (number === 0 || (lately && !urgent)) return;
    const block = await source.pinned().chain.block(number);
    const named = namedIn(block);
    if (lately && differences(named, this.#named) === 0) return;

    const { lightClient } = await destination.lane();
    const trusted = await trustedValidators(destination.chain, lightClient);
    if (isBehind(trusted, block)) {
      try {
        await followValidators({ source, destination, trusted, block, send, signal });
      } catch (error) {
        // Another relayer may have done it meanwhile.
        if (isBehind(await trustedValidators(destination.chain, lightClient), block)) throw error;
      }
    }
    this.#looked = this.#now();
    this.#named = named;
  }
}

/** Whether a block names others than are trusted, or half of the period has gone by since those were confirmed. */
function isBehind({ validators, confirmedAt, trustingPeriod }: TrustedValidators, block: RpcBlock): boolean {
  const age = Number(block.timestamp) - confirmedAt;
  return differences(namedIn(block), validators) > 0 || age >= trustingPeriod / 2;
}
