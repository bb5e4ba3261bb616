import { recoverAddress } from "ethers/transaction";
import { quorumOf } from "../../../src/core/attestation.ts";
import { encodeHeader, encodeQbftHeader } from "../../../src/core/block-header.ts";
import { HuangpuError } from "../../../src/core/errors.ts";
import { concat, type Hex, keccak256 } from "../../../src/core/hex.ts";
import { decodeQbftExtraData } from "../../../src/core/qbft-extra-data.ts";
import type { Block } from "./answers.ts";

/** A header whose fields hash to its hash, and who sealed it. */
export interface SealedHeader {
  number: number;
  hash: Hex;
  parentHash: Hex;
  timestamp: number;
  stateRoot: Hex;
  /** As the header names them: those who may seal it. */
  validators: readonly Hex[];
  round: number;
  /** Recovered from the seals, in their order. The zero address where nobody can have made one. */
  signers: Hex[];
}

const NOBODY: Hex = `0x${"00".repeat(20)}`;

/** @throws HuangpuError RPC_INCONSISTENT when it is no QBFT header, or does not hash to its hash. */
export function readSealedHeader(block: Block): SealedHeader {
  const extraData = decodeQbftExtraData(block.extraData);
  if (extraData === undefined) {
    throw new HuangpuError("RPC_INCONSISTENT", `The extraData of block ${Number(block.number)} is not that of QBFT`);
  }
  const { validators, round, seals } = extraData;
  encodeHeader(block);
  return {
    number: Number(block.number),
    hash: block.hash,
    parentHash: block.parentHash,
    timestamp: Number(block.timestamp),
    stateRoot: block.stateRoot,
    validators,
    round,
    signers: seals.length === 0 || validators.length === 0 ? [] : recoverSigners(block, seals),
  };
}

/** What is wrong with a header's seals; undefined when a quorum of its validators, and nobody else, sealed it. */
export function sealProblem({ validators, signers }: SealedHeader): string | undefined {
  const quorum = quorumOf(validators.length);
  if (validators.length === 0) return "names no validators: they are in a contract, which the verifier cannot follow";
  const stranger = signers.find((signer) => !validators.includes(signer));
  if (stranger !== undefined) return `is sealed by ${stranger}, who is no validator`;
  if (new Set(signers).size < signers.length) return "is sealed twice by one validator";
  return signers.length < quorum ? `has ${signers.length} seals, and needs ${quorum}` : undefined;
}

function recoverSigners(block: Block, seals: readonly Hex[]): Hex[] {
  const digest = keccak256(encodeQbftHeader(block).header);
  return seals.map((seal) => signerOf(digest, seal));
}

/** Besu keeps 0 or 1 where Ethereum keeps 27 or 28. */
function signerOf(digest: Hex, seal: Hex): Hex {
  if (!/^0x[0-9a-f]{128}0[01]$/.test(seal)) return NOBODY;
  try {
    const v: Hex = seal.endsWith("1") ? "0x1c" : "0x1b";
    return recoverAddress(digest, concat(seal.slice(0, 130) as Hex, v)).toLowerCase() as Hex;
  } catch {
    return NOBODY;
  }
}
