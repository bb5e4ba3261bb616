/** `5000000000` with 6 decimals is `5,000.00`; decimals beyond cents are shown when they are not zero. */
export function formatAmount(units: bigint, decimals: number): string {
  const [whole, fraction] = split(units, decimals);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${grouped}.${fraction.replace(/0+$/, "").padEnd(2, "0")}`;
}

/** `5000000000` with 6 decimals is `5000.000000`: exact, for data. */
export function toDecimalString(units: bigint, decimals: number): string {
  const [whole, fraction] = split(units, decimals);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/**
 * `5000.5` with 6 decimals is `5000500000`.
 * @throws RangeError when the text is no decimal number or has more decimals than that.
 */
export function parseAmount(text: string, decimals: number): bigint {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[2] ?? "";
  if (match === null || fraction.length > decimals) {
    throw new RangeError(`"${text}" is not an amount with at most ${decimals} decimals`);
  }
  return BigInt(`${match[1]}${fraction.padEnd(decimals, "0")}`);
}

function split(units: bigint, decimals: number): [string, string] {
  if (units < 0n) throw new RangeError("An amount is never negative");
  const digits = units.toString().padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  return [digits.slice(0, point), digits.slice(point)];
}
