import { recoverAddress } from "ethers/transaction";
import { assembleSeal, quorumOf, type SignedAttestation } from "../core/attestation.ts";
import { encodeQbftHeader, type RpcBlock } from "../core/block-header.ts";
import { HuangpuError } from "../core/errors.ts";
import { concat, type Hex, keccak256, word } from "../core/hex.ts";
import type { SealedHeader } from "./seal-source.ts";

/** A QBFT block as `QbftHeaders` takes it. */
export interface SealedBlock extends SealedHeader {
  /** Whom the block names, ascending. */
  validators: readonly Hex[];
}

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * Takes a quorum of seals out of a block. A proposer may put in seals that the contract would refuse as they are: in any
 * order, twice, of strangers, or with an s in the upper half; of those, what is good is used.
 * @throws HuangpuError RPC_INCONSISTENT when the block does not hash to its hash, NO_QUORUM when too few seals are good.
 */
export function sealedBlock(block: RpcBlock): SealedBlock {
  const { header, extraData } = encodeQbftHeader(block);
  const { validators, seals } = extraData;
  const digest = keccak256(header);
  const signed = seals.flatMap((seal) => signedBy(digest, seal)).filter(({ signer }) => validators.includes(signer));
  const quorum = quorumOf(validators.length);
  const seal = assembleSeal(signed, quorum);
  if (seal === undefined) {
    throw new HuangpuError("NO_QUORUM", `Block ${Number(block.number)} does not have the seals of a quorum`, {
      fields: { number: block.number, quorum, seals: seals.length, good: signed.length },
    });
  }
  return { header, seal, signers: quorum, validators };
}

/** The seal with s in the lower half, and who made it; nothing when nobody can have. */
function signedBy(digest: Hex, seal: Hex): SignedAttestation[] {
  const r: Hex = `0x${seal.slice(2, 66)}`;
  const s = BigInt(`0x${seal.slice(66, 130)}`);
  const v = Number(`0x${seal.slice(130)}`);
  const high = s > CURVE_ORDER / 2n;
  const parity = high ? 1 - v : v;
  const low = word(high ? CURVE_ORDER - s : s);
  if (parity !== 0 && parity !== 1) return [];
  try {
    const signer = recoverAddress(digest, { r, s: low, v: 27 + parity }).toLowerCase() as Hex;
    return [{ signer, signature: concat(r, low, parity === 0 ? "0x00" : "0x01") }];
  } catch {
    return [];
  }
}
