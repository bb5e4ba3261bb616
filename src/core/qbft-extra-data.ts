import { RLP } from "@ethereumjs/rlp";
import { type Hex, toBytes, toHex } from "./hex.ts";

/** A vote in a block to add a validator to the set or to drop one. */
export interface QbftVote {
  recipient: Hex;
  add: boolean;
}

/** What Hyperledger Besu's QBFT keeps in a header's `extraData`. */
export interface QbftExtraData {
  /** 32 bytes without a meaning. */
  vanity: Hex;
  /** Ascending; empty where a contract holds the set. */
  validators: readonly Hex[];
  vote?: QbftVote;
  round: number;
  /** r ‖ s ‖ v of 65 bytes each, v being 0 or 1. */
  seals: readonly Hex[];
}

const ADD: Hex = "0xff";

/** RLP of `[vanity, validators, vote, round, seals]`, always five items; no vote is an empty list. */
export function encodeQbftExtraData({ vanity, validators, vote, round, seals }: QbftExtraData): Hex {
  const ballot = vote === undefined ? [] : [toBytes(vote.recipient), vote.add ? toBytes(ADD) : new Uint8Array()];
  return toHex(RLP.encode([toBytes(vanity), validators.map(toBytes), ballot, round, seals.map(toBytes)]));
}
