import { type Gateway, type HeadProof, isConflictingHeader } from "../chains/gateway.ts";
import { heldHash } from "../chains/light-client.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { headSlot } from "../core/message-chain.ts";
import type { SealSource } from "./seal-source.ts";

export interface ProveRequest {
  source: Gateway;
  destination: Gateway;
  seals: SealSource;
  sender: Hex;
  /** The source block to prove at. */
  block: number;
  /** The head that the sender's chain has at that block, as the logs say. */
  head: Hex;
  signal: AbortSignal;
  /** Takes a sealed header that conflicts with one which the light client holds. */
  reportEquivocation: (lightClient: Hex, header: Hex, seal: Hex) => Promise<void>;
}

export interface Proven {
  proof: HeadProof;
  /** Validators whose consent the proof carries. */
  signers: number;
  proofBytes: number;
}

/**
 * Makes the proof of a head and lets the destination's own contract check it, by a call, before anything is paid for. When
 * it turns out that a quorum has sealed two blocks at one height, that is reported, whoever is the worse for it.
 * @throws HuangpuError NO_QUORUM, PROOF_REJECTED when the proof shows nothing or another head, or EQUIVOCATION.
 */
export async function proveHead(request: ProveRequest): Promise<Proven> {
  const { destination, seals, sender, block: number, head, signal } = request;
  const source = request.source.pinned();
  const { lightClient } = await destination.lane();
  const [block, proof] = await Promise.all([
    source.chain.block(number),
    source.chain.proof(source.address, headSlot(sender), number),
  ]);

  const held = (await heldHash(destination.chain, lightClient, number)) === block.hash;
  const { header, seal, signers } = await seals.seal({ source, destination, lightClient, block, held, signal });
  const headProof = {
    header,
    seal,
    accountProof: proof.accountProof,
    storageProof: proof.storageProof[0]?.proof ?? [],
  };

  const shown = await preview(destination, sender, headProof, () =>
    request.reportEquivocation(lightClient, header, seal),
  );
  if (shown !== head) {
    throw new HuangpuError("PROOF_REJECTED", "The proof shows another head than the logs lead to", {
      fields: { sender, block: number, expected: head, shown },
    });
  }
  return { proof: headProof, signers, proofBytes: sizeOf(headProof) };
}

async function preview(destination: Gateway, sender: Hex, proof: HeadProof, report: () => Promise<void>): Promise<Hex> {
  try {
    return await destination.previewHead(sender, proof);
  } catch (cause) {
    if (!(cause instanceof HuangpuError && cause.code === "RPC_REJECTED")) throw cause;
    const fields = { sender, ...cause.fields };
    if (isConflictingHeader(cause.fields["data"])) {
      await report();
      throw new HuangpuError("EQUIVOCATION", "A quorum has sealed two blocks at one height", { fields, cause });
    }
    throw new HuangpuError("PROOF_REJECTED", "The destination's light client rejects the proof", { fields, cause });
  }
}

function sizeOf({ header, accountProof, storageProof }: HeadProof): number {
  return bytes(header) + [...accountProof, ...storageProof].reduce((sum, node) => sum + bytes(node), 0);
}

function bytes(hex: Hex): number {
  return (hex.length - 2) / 2;
}
