import { RLP } from "@ethereumjs/rlp";
import { recoverAddress } from "ethers/transaction";
import { quorumOf } from "../../../src/core/attestation.ts";
import { encodeHeader } from "../../../src/core/block-header.ts";
import { HuangpuError } from "../../../src/core/errors.ts";
import { concat, type Hex, keccak256, toBytes, toHex } from "../../../src/core/hex.ts";
import type { Block } from "./answers.ts";

/** A header whose fields hash to its hash, and who sealed it. */
export interface SealedHeader {
  number: number;
  hash: Hex;
  parentHash: Hex;
  timestamp: number;
  stateRoot: Hex;
  /** As the header names them: those who may seal it. */
  validators: Hex[];
  round: number;
  /** Recovered from the seals, in their order. */
  signers: Hex[];
}

/** @throws HuangpuError RPC_INCONSISTENT when it is no QBFT header, or does not hash to its hash. */
export function readSealedHeader(block: Block): SealedHeader {
  const { vanity, validators, vote, round, seals } = decode(block);
  const EXTRA_DATA = 12;
  const canonical = encodeHeader({ ...block, extraData: toHex(RLP.encode([vanity, validators, vote, 0, []])) });
  const fields = RLP.decode(toBytes(canonical)) as Uint8Array[];
  const unsealed = fields.with(EXTRA_DATA, RLP.encode([vanity, validators, vote, round, []]));
  const digest = keccak256(toHex(RLP.encode(unsealed)));
  return {
    number: Number(block.number),
    hash: block.hash,
    parentHash: block.parentHash,
    timestamp: Number(block.timestamp),
    stateRoot: block.stateRoot,
    validators: validators.map(toHex),
    round,
    signers: seals.map((seal) => signerOf(digest, toHex(seal))),
  };
}

/** What is wrong with a header's seals; undefined when a quorum of its validators sealed it. */
export function sealProblem({ validators, signers }: SealedHeader): string | undefined {
  const quorum = quorumOf(validators.length);
  if (validators.length === 0) return "names no validators: they are in a contract, which the verifier cannot follow";
  const stranger = signers.find((signer) => !validators.includes(signer));
  if (stranger !== undefined) return `is sealed by ${stranger}, who is no validator`;
  if (new Set(signers).size < signers.length) return "is sealed twice by one validator";
  return signers.length < quorum ? `has ${signers.length} seals, and needs ${quorum}` : undefined;
}

function decode(block: Block) {
  const inconsistent = () =>
    new HuangpuError("RPC_INCONSISTENT", `The extraData of block ${Number(block.number)} is not that of QBFT`);
  let items: unknown;
  try {
    items = RLP.decode(toBytes(block.extraData));
  } catch {
    throw inconsistent();
  }
  if (!Array.isArray(items) || items.length !== 5) throw inconsistent();
  const [vanity, validators, vote, round, seals] = items;
  if (!isBytes(vanity) || !isList(validators) || !Array.isArray(vote) || !isBytes(round) || !isList(seals)) {
    throw inconsistent();
  }
  if (round.length > 4) throw inconsistent();
  return { vanity, validators, vote, round: Number(`0x0${toHex(round).slice(2)}`), seals };
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

function isList(value: unknown): value is Uint8Array[] {
  return Array.isArray(value) && value.every(isBytes);
}

/** Besu keeps 0 or 1 where Ethereum keeps 27 or 28. */
function signerOf(digest: Hex, seal: Hex): Hex {
  const none: Hex = `0x${"00".repeat(20)}`;
  if (!/^0x[0-9a-f]{128}0[01]$/.test(seal)) return none;
  try {
    const v: Hex = seal.endsWith("1") ? "0x1c" : "0x1b";
    return recoverAddress(digest, concat(seal.slice(0, 130) as Hex, v)).toLowerCase() as Hex;
  } catch {
    return none;
  }
}
