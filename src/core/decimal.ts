import { parseAmount } from "./amount.ts";

/** Form of a decimal number as a text: no sign, no leading zero, no exponent, at most six decimals. */
export const DECIMAL_FORM = /^(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,6})?$/;

/** Decimals that a decimal text can have: the ledgers count in millionths. */
const DECIMALS = 6;
const MILLION = 1_000_000n;

/** A decimal text in millionths. @throws RangeError when it is none. */
export function millionths(text: string): bigint {
  return parseAmount(text, DECIMALS);
}

/** Millionths as the shortest decimal text, with a sign when negative. */
export function fromMillionths(value: bigint): string {
  const magnitude = value < 0n ? -value : value;
  const fraction = (magnitude % MILLION).toString().padStart(DECIMALS, "0").replace(/0+$/, "");
  const whole = `${value < 0n ? "-" : ""}${magnitude / MILLION}`;
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** Whether `amount` is `a` times `b`, rounded up or down to the decimals that it is written with. */
export function isProduct(amount: string, a: string, b: string): boolean {
  return isRounded(amount, millionths(a) * millionths(b), MILLION * MILLION);
}

/** Whether `amount` is `percent` of `of`, rounded up or down to the decimals that it is written with. */
export function isPercentage(amount: string, of: string, percent: string): boolean {
  return isRounded(amount, millionths(of) * millionths(percent), 100n * MILLION * MILLION);
}

/** Whether a decimal text is `exact / scale`, up to less than one of its last decimal. */
function isRounded(amount: string, exact: bigint, scale: bigint): boolean {
  const step = scale / 10n ** BigInt(amount.split(".")[1]?.length ?? 0);
  const difference = millionths(amount) * (scale / MILLION) - exact;
  return difference < step && -difference < step;
}
