/** What limits a delivery on the destination chain, in gas units. */
export interface GasBounds {
  /** The most that one transaction may ask for. */
  perTransaction: bigint;
  /** The gateway's cap for one message. */
  messageLimit: bigint;
  /** What a message is expected to take, beside its bytes. */
  perMessage: bigint;
}

/** Header, seal, proofs and bookkeeping, generously. */
const FIXED = 700_000n;
/** A byte of a payload: 16 as calldata, the rest for copying and hashing. */
const PER_BYTE = 20n;
/** Recipient, offsets, length and padding around a payload. */
const ENVELOPE_BYTES = 160;
/** Header, seal and proofs: thirty validators, eight trie nodes a proof. */
const PROOF_BYTES = 20_000;
/** Widespread pools take no transaction above 128 KiB. */
const CALLDATA_BYTES = 120_000;

/** What must be left while the last message runs: its cap, the 64th that a call holds back, and the gateway's reserve. */
function reserve(messageLimit: bigint): bigint {
  return messageLimit + messageLimit / 63n + 100_000n;
}

/** The least that a transaction must ask for, by its calldata (EIP-7623), when none of the bytes is zero. */
export function floorGas(calldataBytes: number): bigint {
  return 21_000n + 40n * BigInt(calldataBytes);
}

/** What any delivery must ask for, before what its messages are expected to take. */
export function leastDeliveryGas(messageLimit: bigint): bigint {
  return FIXED + reserve(messageLimit);
}

/**
 * The gas to ask for when delivering messages with payloads of so many bytes. What is not used costs nothing.
 */
export function deliveryGas(payloads: readonly number[], bounds: GasBounds): bigint {
  const gas = payloads.reduce((sum, bytes) => sum + messageGas(bytes, bounds), FIXED);
  return most(gas + reserve(bounds.messageLimit), floorGas(calldata(payloads)));
}

/** The gas to ask for when showing an earlier head by `count` message hashes: 16 a byte, or 40, and the hashing. */
export function foldingGas(count: number): bigint {
  return 150_000n + BigInt(count) * 1_500n;
}

/**
 * The positions after which each batch ends, for messages after `delivered` with payloads of so many bytes. A batch is as
 * long as one transaction can be by its gas, the floor on calldata, and its length; and never empty.
 */
export function cutBatches(delivered: number, payloads: readonly number[], bounds: GasBounds): number[] {
  const ends: number[] = [];
  const room = bounds.perTransaction - leastDeliveryGas(bounds.messageLimit);
  const longest = Math.min(CALLDATA_BYTES, Number((bounds.perTransaction - 21_000n) / 40n)) - PROOF_BYTES;
  let [gas, length, start] = [0n, 0, delivered];
  for (const [index, bytes] of payloads.entries()) {
    gas += messageGas(bytes, bounds);
    length += bytes + ENVELOPE_BYTES;
    const before = delivered + index;
    if (before > start && (gas > room || length > longest)) {
      ends.push(before);
      [gas, length, start] = [messageGas(bytes, bounds), bytes + ENVELOPE_BYTES, before];
    }
  }
  if (payloads.length > 0) ends.push(delivered + payloads.length);
  return ends;
}

/**
 * The most that messages of a sample would take as transactions of their own; their cap when none of them could be
 * tried. The 21,000 of a transaction, which a message in a batch does not pay, are the margin.
 */
export function expectedGas(estimates: readonly (bigint | undefined)[], messageLimit: bigint): bigint {
  const highest = estimates.reduce<bigint>((a, b) => (b !== undefined && b > a ? b : a), 0n);
  return highest === 0n || highest > messageLimit ? messageLimit : highest;
}

/** Moves the expectation towards what was measured, with a quarter on top; upwards at once, downwards by halves. */
export function learnGas(expected: bigint | undefined, gasUsed: bigint, payloads: readonly number[]): bigint {
  const bytes = BigInt(payloads.reduce((sum, length) => sum + length, 0));
  const withoutBytes = gasUsed > PER_BYTE * bytes ? gasUsed - PER_BYTE * bytes : 0n;
  const measured = (withoutBytes * 5n) / (4n * BigInt(payloads.length));
  return expected === undefined || measured >= expected ? measured : (expected + measured) / 2n;
}

function messageGas(bytes: number, { perMessage }: GasBounds): bigint {
  return perMessage + PER_BYTE * BigInt(bytes);
}

function calldata(payloads: readonly number[]): number {
  return payloads.reduce((sum, bytes) => sum + bytes + ENVELOPE_BYTES, PROOF_BYTES);
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
