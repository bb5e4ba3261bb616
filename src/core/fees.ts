/** What a transaction offers, in wei per gas. */
export interface Fees {
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
}

export interface FeePolicy {
  /** On top of twice the base fee; 0 on chains without a fee. */
  priorityFee: bigint;
  /** More than this is never offered. */
  ceiling: bigint;
  /** By how much a stuck transaction's fees are raised, in percent. Nodes ask for 10 or 12.5. */
  bumpPercent: number;
}

/** What to offer at a base fee: it may double before the transaction is too cheap. */
export function marketFees(baseFee: bigint, { priorityFee, ceiling }: FeePolicy): Fees {
  const wanted = 2n * baseFee + priorityFee;
  const maxFeePerGas = wanted < ceiling ? wanted : ceiling;
  return { maxFeePerGas, maxPriorityFeePerGas: priorityFee < maxFeePerGas ? priorityFee : maxFeePerGas };
}

/**
 * What to offer in the place of a transaction that is not mined: both fees raised, or the market's where that is more.
 * "free" where nothing is charged, so that nothing can be raised; "ceiling" when a node would not take what may be offered.
 */
export function raisedFees(former: Fees, baseFee: bigint, policy: FeePolicy): Fees | "free" | "ceiling" {
  const market = marketFees(baseFee, policy);
  if (former.maxFeePerGas === 0n && market.maxFeePerGas === 0n) return "free";
  const least = raise(former.maxFeePerGas, policy.bumpPercent);
  if (least > policy.ceiling) return "ceiling";
  const maxFeePerGas = most(least, market.maxFeePerGas);
  const tip = most(raise(former.maxPriorityFeePerGas, policy.bumpPercent), market.maxPriorityFeePerGas);
  return { maxFeePerGas, maxPriorityFeePerGas: tip < maxFeePerGas ? tip : maxFeePerGas };
}

function raise(fee: bigint, percent: number): bigint {
  const BASIS_POINTS = 10_000n;
  const extra = (fee * BigInt(Math.ceil(percent * 100)) + BASIS_POINTS - 1n) / BASIS_POINTS;
  return fee + (extra > 0n ? extra : 1n);
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
