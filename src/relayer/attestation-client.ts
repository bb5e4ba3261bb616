import { Signature } from "ethers/crypto";
import { recoverAddress } from "ethers/transaction";
import { z } from "zod";
import { JsonEndpoint } from "../chains/json-endpoint.ts";
import { providerNames, redactor } from "../chains/provider-name.ts";
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

/** Characters; a signature with everything around it has some 200. */
const LONGEST_ANSWER = 4_096;
const LONGEST_REASON = 200;

interface Attestor {
  /** Without what may be a credential in its URL. */
  name: string;
  endpoint: JsonEndpoint;
  redact: (text: string) => string;
}

/**
 * Asks all attestors at once and stops at a quorum. An answer counts only when its signature recovers to a validator, so
 * one that lies, or signed something else, counts like one that is down.
 */
export class AttestationClient {
  readonly #attestors: readonly Attestor[];

  constructor({ urls, timeoutMs }: AttestationClientOptions) {
    const names = providerNames(urls);
    this.#attestors = urls.map((url, index) => {
      const resource = new URL("attestations", url.endsWith("/") ? url : `${url}/`);
      const endpoint = new JsonEndpoint(resource, timeoutMs, LONGEST_ANSWER);
      return { name: names[index] ?? resource.host, endpoint, redact: redactor(url) };
    });
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
      this.#attestors.map(async ({ name, endpoint, redact }) => {
        try {
          const answer = await this.#ask(endpoint, attestation, stop);
          if (!validators.includes(answer.signer)) throw new Error(`signed by ${answer.signer}, who is no validator`);
          signed.push(answer);
          if (assembleSeal(signed, quorum) !== undefined) enough.abort();
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          refusals[name] = redact(reason).slice(0, LONGEST_REASON);
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

  async #ask(endpoint: JsonEndpoint, attestation: HeaderAttestation, signal: AbortSignal): Promise<SignedAttestation> {
    const { status, body } = await endpoint.post(attestation, signal);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    // The contract takes v as 27 or 28 only, so a signer could spoil a seal with another form of its good signature.
    const signature = Signature.from(answerSchema.parse(body).signature).serialized as Hex;
    const signer = recoverAddress(attestationDigest(attestation), signature).toLowerCase() as Hex;
    return { signer, signature };
  }
}
