/**
 * At what price gas is counted: that of a public chain on a busy day, so that nobody can call it flattering. A
 * consortium's own chains usually charge none.
 */
const GWEI_PER_GAS = 1n;
const USD_PER_ETHER = 3_000n;

export const STATED_GAS_PRICE = `${GWEI_PER_GAS} gwei at USD ${USD_PER_ETHER.toLocaleString("en-US")} an ether`;

/** The price of gas in millionths of a dollar. */
export function costInMicroUsd(gasUsed: bigint): bigint {
  return (gasUsed * GWEI_PER_GAS * USD_PER_ETHER) / 1_000n;
}

/** The price of gas in basis points of an amount of dollars, to a hundredth. */
export function costInBps(gasUsed: bigint, amount: bigint, decimals: number): number {
  const microUsd = (amount * 1_000_000n) / 10n ** BigInt(decimals);
  return Number((costInMicroUsd(gasUsed) * 1_000_000n) / microUsd) / 100;
}
