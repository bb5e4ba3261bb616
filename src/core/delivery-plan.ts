/** What limits a delivery on the destination chain, in gas units. */
export interface GasBounds {
  /** The most that one transaction may ask for. */
  perTransaction: bigint;
  /** The gateway's cap for one message. */
  messageLimit: bigint;
  /** What a message is expected to take. */
  perMessage: bigint;
}

/** Header, seal, proofs and bookkeeping, generously. */
const FIXED = 700_000n;

/** What must be left while the last message runs: its cap, the 64th that a call holds back, and the gateway's reserve. */
function reserve(messageLimit: bigint): bigint {
  return messageLimit + messageLimit / 63n + 100_000n;
}

/** How many messages fit into one transaction: at least one. */
export function batchSize(bounds: GasBounds): number {
  const room = bounds.perTransaction - FIXED - reserve(bounds.messageLimit);
  return room < bounds.perMessage ? 1 : Number(room / bounds.perMessage);
}

/** The gas to ask for when delivering `count` messages. What is not used costs nothing. */
export function deliveryGas(count: number, bounds: GasBounds): bigint {
  return FIXED + BigInt(count) * bounds.perMessage + reserve(bounds.messageLimit);
}

/** The gas to ask for when showing an earlier head by `count` message hashes: 16 a byte and the hashing. */
export function foldingGas(count: number): bigint {
  return 150_000n + BigInt(count) * 1_500n;
}

/**
 * The positions after which each batch ends, for `pending` messages after `delivered`. One batch when everything fits.
 */
export function batchEnds(delivered: number, pending: number, size: number): number[] {
  const ends: number[] = [];
  for (let end = delivered + size; end < delivered + pending; end += size) ends.push(end);
  if (pending > 0) ends.push(delivered + pending);
  return ends;
}

/**
 * The most that messages of a sample would take as transactions of their own; their cap when none of them could be
 * tried. The 21,000 of a transaction, which a message in a batch does not pay, are the margin.
 */
export function expectedGas(estimates: readonly (bigint | undefined)[], messageLimit: bigint): bigint {
  const most = estimates.reduce<bigint>((a, b) => (b !== undefined && b > a ? b : a), 0n);
  return most === 0n || most > messageLimit ? messageLimit : most;
}

/** Moves the expectation towards what was measured, with a quarter on top; upwards at once, downwards by halves. */
export function learnGas(expected: bigint, gasUsed: bigint, count: number): bigint {
  const measured = (gasUsed * 5n) / (4n * BigInt(count));
  return measured >= expected ? measured : (expected + measured) / 2n;
}
