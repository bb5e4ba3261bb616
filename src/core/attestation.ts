import { concat, type Hex, keccak256, keccakText, word } from "./hex.ts";

/** What an attestor signs: on this chain, the block at this height has this hash. */
export interface HeaderAttestation {
  chainId: number;
  number: number;
  blockHash: Hex;
}

export interface SignedAttestation {
  signer: Hex;
  /** r, s, v: 65 bytes. */
  signature: Hex;
}

const DOMAIN_SEPARATOR = keccak256(
  concat(keccakText("EIP712Domain(string name,string version)"), keccakText("Huangpu"), keccakText("1")),
);
const TYPE_HASH = keccakText("HeaderAttestation(uint256 chainId,uint256 number,bytes32 blockHash)");

/** The EIP-712 digest of an attestation, as `AttestedHeaders.attestationDigest`. */
export function attestationDigest(attestation: HeaderAttestation): Hex {
  const struct = keccak256(
    concat(TYPE_HASH, word(BigInt(attestation.chainId)), word(BigInt(attestation.number)), attestation.blockHash),
  );
  return keccak256(concat("0x1901", DOMAIN_SEPARATOR, struct));
}

/** How many of n validators must sign: ⌈2n/3⌉. */
export function quorumOf(validators: number): number {
  return Math.ceil((2 * validators) / 3);
}

/**
 * The seal that `AttestedHeaders` takes: a quorum of signatures, by ascending signer, one of each. Undefined while there
 * are too few.
 */
export function assembleSeal(signed: readonly SignedAttestation[], quorum: number): Hex | undefined {
  const bySigner = new Map(signed.map((attestation) => [BigInt(attestation.signer), attestation.signature]));
  if (bySigner.size < quorum) return undefined;
  const ascending = [...bySigner].sort(([a], [b]) => (a < b ? -1 : 1));
  return concat(...ascending.slice(0, quorum).map(([, signature]) => signature));
}
