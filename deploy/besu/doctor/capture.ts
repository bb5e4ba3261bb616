import { z } from "zod";
import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { chainNames, type Network } from "../network-schema.ts";
import { validatorsOf } from "../nodes.ts";
import { verifyProofAt } from "./account-proof.ts";
import { blockSchema, forms, proofSchema } from "./answers.ts";
import type { ChainFacts, Fact } from "./examine.ts";
import { followHeaders } from "./follow-headers.ts";

const FORMAT = "huangpu-besu-capture-1";
const address = forms.addresses.element;

const captureSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** ISO 8601, UTC. */
  capturedAt: z.iso.datetime(),
  network: z.string(),
  chains: z.array(
    z.strictObject({
      chain: z.enum(chainNames),
      chainId: z.int().positive(),
      /** What the nodes say they are, by host. */
      clientVersions: z.record(z.string(), z.string()),
      /** Those of the network file, ascending. */
      validators: z.array(address),
      /** As `eth_getBlockByNumber` gave them, as far as the header goes; oldest first, without a gap. */
      headers: z.array(blockSchema),
      /** As `eth_getProof` gave them, with the blocks that they are of. */
      proofs: z.array(z.strictObject({ host: z.string(), block: blockSchema, account: address, answer: proofSchema })),
    }),
  ),
});

/** Headers and proofs of a live network, with what is needed to check them again without it. */
export type Capture = z.infer<typeof captureSchema>;

/** What a look at the network brought, right or wrong, as far as it has the form. */
export function captureOf(network: Network, facts: readonly ChainFacts[], now: Date): Capture {
  return {
    format: FORMAT,
    capturedAt: now.toISOString(),
    network: network.network,
    chains: facts.map(({ chain, nodes, headers }) => ({
      chain,
      chainId: network.chains[chain].chainId,
      clientVersions: Object.fromEntries(
        nodes.flatMap(({ node, clientVersion }) => learned(clientVersion).map((version) => [node.host, version])),
      ),
      validators: validatorsOf(network, chain),
      headers: headers?.blocks.flatMap(learned) ?? [],
      proofs: nodes.flatMap(({ node, proof }) =>
        proof === undefined ? [] : learned(proof).map((shown) => ({ host: node.host, ...shown })),
      ),
    })),
  };
}

export interface Replayed {
  headers: number;
  proofs: number;
}

/**
 * Checks a capture again: every header, seal and proof, by the code that checks live ones.
 * @throws HuangpuError CONFIG_INVALID when it is no capture, RPC_INCONSISTENT or PROOF_REJECTED when it does not hold.
 */
export async function replay(text: string): Promise<Replayed> {
  const { chains } = parseCapture(text);
  for (const { chain, headers, validators, proofs } of chains) {
    const blocks = headers.map((value) => ({ value }));
    const { problem } = followHeaders(blocks, validators as Hex[]);
    if (problem !== undefined) throw new HuangpuError("RPC_INCONSISTENT", `${chain} chain: ${problem}`);
    for (const { block, account, answer } of proofs) await verifyProofAt(block, account, answer);
  }
  const total = (count: (chain: (typeof chains)[number]) => number) => chains.reduce((sum, one) => sum + count(one), 0);
  return { headers: total(({ headers }) => headers.length), proofs: total(({ proofs }) => proofs.length) };
}

function parseCapture(text: string): Capture {
  try {
    return captureSchema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new HuangpuError("CONFIG_INVALID", `It is no capture: ${reason}`, { cause });
  }
}

function learned<T>(fact: Fact<T>): T[] {
  return "value" in fact ? [fact.value] : [];
}
