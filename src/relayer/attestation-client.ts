import { Signature } from "ethers/crypto";
import { recoverAddress } from "ethers/transaction";
import { z } from "zod";
import {
  assembleSeal,
  attestationDigest,
  type HeaderAttestation,
  type SignedAttestation,
} from "../core/attestation.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";

export interface AttestationClientOptions {
  /** Base URLs of the attestors. */
  urls: readonly string[];
  timeoutMs: number;
}

const answerSchema = z.object({ signature: z.string().regex(/^0x[0-9a-f]{130}$/i) });

/**
 * Asks all attestors at once and stops at a quorum. An answer counts only when its signature recovers to a validator, so
 * one that lies, or signed something else, counts like one that is down.
 */
export class AttestationClient {
  readonly #options: AttestationClientOptions;

  constructor(options: AttestationClientOptions) {
    this.#options = options;
  }

  /** @throws HuangpuError NO_QUORUM, with what each attestor answered. */
  async collectSeal(
    attestation: HeaderAttestation,
    validators: readonly Hex[],
    quorum: number,
    signal: AbortSignal,
  ): Promise<Hex> {
    const signed: SignedAttestation[] = [];
    const refusals: Record<string, string> = {};
    const enough = new AbortController();
    const stop = AbortSignal.any([signal, enough.signal]);

    await Promise.all(
      this.#options.urls.map(async (url) => {
        try {
          const answer = await this.#ask(url, attestation, stop);
          if (!validators.includes(answer.signer)) throw new Error(`signed by ${answer.signer}, who is no validator`);
          signed.push(answer);
          if (assembleSeal(signed, quorum) !== undefined) enough.abort();
        } catch (error) {
          refusals[url] = error instanceof Error ? error.message : String(error);
        }
      }),
    );

    const seal = assembleSeal(signed, quorum);
    if (seal === undefined) {
      throw new HuangpuError(
        "NO_QUORUM",
        `${signed.length} of ${quorum} attestors signed block ${attestation.number}`,
        {
          fields: { ...attestation, quorum, refusals },
        },
      );
    }
    return seal;
  }

  async #ask(url: string, attestation: HeaderAttestation, signal: AbortSignal): Promise<SignedAttestation> {
    const response = await fetch(new URL("attestations", url.endsWith("/") ? url : `${url}/`), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(attestation),
      signal: AbortSignal.any([signal, AbortSignal.timeout(this.#options.timeoutMs)]),
    });
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(body)}`);
    // The contract takes v as 27 or 28 only, so a signer could spoil a seal with another form of its good signature.
    const signature = Signature.from(answerSchema.parse(body).signature).serialized as Hex;
    const signer = recoverAddress(attestationDigest(attestation), signature).toLowerCase() as Hex;
    return { signer, signature };
  }
}
