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
  /** Below 2^32. */
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

/** What extra data says; undefined when it is not QBFT's, or not in the one form that {@link encodeQbftExtraData} gives. */
export function decodeQbftExtraData(extraData: Hex): QbftExtraData | undefined {
  const items = decodeList(extraData);
  if (items === undefined || items.length !== 5) return undefined;
  const [vanity, validators, ballot, round, seals] = items;
  if (
    !isBytes(vanity, 32) ||
    !isBytes(round) ||
    round.length > 4 ||
    !isListOf(validators, 20) ||
    !isListOf(seals, 65)
  ) {
    return undefined;
  }
  const vote = decodeVote(ballot);
  if (vote === undefined) return undefined;
  const decoded = {
    vanity: toHex(vanity),
    validators: validators.map(toHex),
    ...(vote === "none" ? {} : { vote }),
    round: round.reduce((value, byte) => value * 256 + byte, 0),
    seals: seals.map(toHex),
  };
  return encodeQbftExtraData(decoded) === extraData.toLowerCase() ? decoded : undefined;
}

function decodeVote(ballot: unknown): QbftVote | "none" | undefined {
  if (!Array.isArray(ballot)) return undefined;
  if (ballot.length === 0) return "none";
  const [recipient, direction] = ballot;
  if (ballot.length !== 2 || !isBytes(recipient, 20) || !isBytes(direction)) return undefined;
  return { recipient: toHex(recipient), add: direction.length > 0 };
}

function decodeList(extraData: Hex): unknown[] | undefined {
  try {
    const decoded = RLP.decode(toBytes(extraData));
    return Array.isArray(decoded) ? decoded : undefined;
  } catch {
    return undefined;
  }
}

function isBytes(item: unknown, length?: number): item is Uint8Array {
  return item instanceof Uint8Array && (length === undefined || item.length === length);
}

function isListOf(item: unknown, length: number): item is Uint8Array[] {
  return Array.isArray(item) && item.every((one) => isBytes(one, length));
}
