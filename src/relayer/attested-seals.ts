import { encodeHeader } from "../core/block-header.ts";
import type { AttestationClient } from "./attestation-client.ts";
import type { SealedHeader, SealRequest, SealSource } from "./seal-source.ts";

const SIGNATURE_BYTES = 65;

/** For chains whose headers carry no seals: the signatures of the validators' attestors, as `AttestedHeaders` takes them. */
export class AttestedSeals implements SealSource {
  readonly #attestations: AttestationClient;

  constructor(attestations: AttestationClient) {
    this.#attestations = attestations;
  }

  async seal({ source, destination, lightClient, block, held, signal }: SealRequest): Promise<SealedHeader> {
    const header = encodeHeader(block);
    if (held) return { header, seal: "0x", signers: 0 };
    const { validators, quorum } = await destination.attestors(lightClient);
    const attestation = { chainId: source.chain.chainId, number: Number(block.number), blockHash: block.hash };
    const seal = await this.#attestations.collectSeal(attestation, validators, quorum, signal);
    return { header, seal, signers: (seal.length - 2) / 2 / SIGNATURE_BYTES };
  }

  async renew(): Promise<void> {
    // Who the validators are is for VALIDATOR_ADMIN alone to say.
  }
}
