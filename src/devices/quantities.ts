import { HuangpuError } from "../core/errors.ts";

/** One thing that a device measures; values are whole numbers of 10^-decimals units. As `IDeviceRegistry.Quantity`. */
export interface Quantity {
  /** A number of {@link quantityKinds}. */
  kind: number;
  /** UN/CEFACT Recommendation 20. */
  unit: string;
  /** 0 to 9. */
  decimals: number;
  min: bigint;
  max: bigint;
  /** Largest plausible change from one reading to the next; 0: any. */
  maxStep: bigint;
}

/** What nature allows of a kind, in its units; `perHour` bounds how fast it grows, and says that it never shrinks. */
interface QuantityKind {
  kind: number;
  units: readonly string[];
  least: number;
  most: number;
  perHour?: number;
}

/** Kinds of quantities. Numbers are never used again for something else. */
export const quantityKinds = {
  /** Degrees north, WGS 84. */
  latitude: { kind: 1, units: ["DD"], least: -90, most: 90 },
  /** Degrees east, WGS 84. */
  longitude: { kind: 2, units: ["DD"], least: -180, most: 180 },
  temperature: { kind: 3, units: ["CEL"], least: -273.15, most: 5_000 },
  /** Relative, in per cent. */
  humidity: { kind: 4, units: ["P1"], least: 0, most: 100 },
  /** Since the machine was made. */
  runningHours: { kind: 5, units: ["HUR"], least: 0, most: 1_000_000, perHour: 1 },
  /** Quantity in store: kilograms, tonnes, litres, cubic metres or pieces. */
  stock: { kind: 6, units: ["KGM", "TNE", "LTR", "MTQ", "H87"], least: 0, most: Number.POSITIVE_INFINITY },
} as const satisfies Record<string, QuantityKind>;

export type QuantityName = keyof typeof quantityKinds;

const byNumber = new Map(
  (Object.entries(quantityKinds) as [QuantityName, QuantityKind][]).map(([name, kind]) => [
    kind.kind,
    { name, ...kind },
  ]),
);

/** What is known about a quantity's kind; undefined for a kind of somebody else's. */
export function kindOf(quantity: Quantity): (QuantityKind & { name: QuantityName }) | undefined {
  return byNumber.get(quantity.kind);
}

/**
 * A quantity with its limits in units.
 * @throws HuangpuError READING_INVALID when the unit is not one of the kind's.
 */
export function quantity(
  name: QuantityName,
  unit: string,
  decimals: number,
  [min, max]: readonly [number, number],
  maxStep = 0,
): Quantity {
  const { kind, units }: QuantityKind = quantityKinds[name];
  if (!units.includes(unit)) throw new HuangpuError("READING_INVALID", `${name} is not measured in ${unit}`);
  const scaled = (value: number) => scaledValue(value, decimals);
  return { kind, unit, decimals, min: scaled(min), max: scaled(max), maxStep: scaled(maxStep) };
}

/** A value in units as the whole number that a reading holds, rounded to the nearest. */
export function scaledValue(value: number, decimals: number): bigint {
  return BigInt(Math.round(value * 10 ** decimals));
}

/** A reading's whole number in units; for showing and for checks, not for money. */
export function unscaledValue(value: bigint, { decimals }: Quantity): number {
  return Number(value) / 10 ** decimals;
}

/** The three bytes that the registry keeps of a unit. */
export function unitBytes(unit: string): string {
  return `0x${Buffer.from(unit.padEnd(3, "\0"), "ascii").toString("hex")}`;
}
