import type { BaseWallet } from "ethers/wallet";
import type { Chain } from "../chains/chain.ts";
import { attestationDigest, type HeaderAttestation } from "../core/attestation.ts";
import { encodeHeader } from "../core/block-header.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import type { AttestationRecord } from "./record.ts";

export interface AttestedChain {
  /** This attestor's own node. */
  chain: Chain;
  /** Blocks that must lie on top of a block before it is signed. */
  confirmations: number;
}

export interface AttestDependencies {
  /** By chain id. */
  chains: ReadonlyMap<number, AttestedChain>;
  record: AttestationRecord;
  wallet: BaseWallet;
}

/**
 * Signs that a block has a hash, if this attestor's own node says so and no other hash was ever signed at that height.
 * @throws HuangpuError CHAIN_NOT_SERVED, BLOCK_NOT_FINAL, BLOCK_UNKNOWN, BLOCK_CONFLICT, or what the node failed with.
 */
export async function attest(asked: HeaderAttestation, dependencies: AttestDependencies): Promise<Hex> {
  const { chains, record, wallet } = dependencies;
  const { chainId, number, blockHash } = asked;
  const attested = chains.get(chainId);
  if (attested === undefined) {
    throw new HuangpuError("CHAIN_NOT_SERVED", `This attestor does not follow chain ${chainId}`, {
      fields: { chainId },
    });
  }
  const earlier = record.find(asked);
  if (earlier !== undefined) return earlier;
  const { chain, confirmations } = attested;

  await chain.assertChainId();
  const latest = await chain.blockNumber();
  if (latest < number + confirmations) {
    throw new HuangpuError("BLOCK_NOT_FINAL", `Block ${number} needs ${confirmations} blocks on top of it`, {
      fields: { chainId, number, latest, confirmations },
    });
  }
  const block = await chain.block(number);
  encodeHeader(block);
  if (Number(block.number) !== number || block.hash !== blockHash) {
    throw new HuangpuError("BLOCK_CONFLICT", `Block ${number} of chain ${chainId} has another hash here`, {
      fields: { chainId, number, own: block.hash, asked: blockHash },
    });
  }
  const signature = wallet.signingKey.sign(attestationDigest(asked)).serialized as Hex;
  return record.remember(asked, signature);
}
