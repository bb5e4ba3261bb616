import { formatAmount, toDecimalString } from "../../src/core/amount.ts";

/** Of both coins. */
export const DECIMALS = 6;

/** Millionths as people read them: `USD 5,000.00`. */
export function money(currency: string, units: bigint): string {
  return `${currency} ${signed(units, DECIMALS)}`;
}

/** Hundredths, of the central ledger, likewise. */
export function centralMoney(currency: string, cents: bigint): string {
  return `${currency} ${signed(cents, 2)}`;
}

/** Millionths as data: `5000.000000`. */
export function decimal(units: bigint): string {
  return units < 0n ? `-${toDecimalString(-units, DECIMALS)}` : toDecimalString(units, DECIMALS);
}

function signed(units: bigint, decimals: number): string {
  return units < 0n ? `−${formatAmount(-units, decimals)}` : formatAmount(units, decimals);
}
