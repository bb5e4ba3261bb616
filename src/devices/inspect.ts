import { type DeviceState, pace } from "./batch-flags.ts";
import { kindOf, type Quantity, unscaledValue } from "./quantities.ts";
import type { Profile, Reading } from "./reading.ts";

export type FindingCode =
  | "MALFORMED"
  | "REPLAY"
  | "GAP"
  | "CLOCK_BACK"
  | "CLOCK_JUMP"
  | "SILENCE"
  | "LIMIT"
  | "STEP"
  | "IMPOSSIBLE";

/** Something odd about one reading. */
export interface Finding {
  code: FindingCode;
  counter: bigint;
  message: string;
}

/** What a device measures and how often. */
export interface DeviceTerms {
  profile: Profile;
  quantities: readonly Quantity[];
}

/** Faster than any ship; the fastest ferries make 58. */
const MAX_KNOTS = 60;
const EARTH_NAUTICAL_MILES = 3_440.065;

/**
 * Looks at each reading and at each step from one to the next: what the registry cannot see of a batch. Reads in the order
 * given and goes on after whatever it finds. A replayed reading is compared with nothing.
 * @param before The device's state before the first of them.
 */
export function inspect(terms: DeviceTerms, before: DeviceState, readings: Iterable<Reading>): Finding[] {
  const findings: Finding[] = [];
  let { counter, lastTime } = before;
  let last: Reading | undefined;
  for (const reading of readings) {
    const find = (code: FindingCode, message: string) => findings.push({ code, counter: reading.counter, message });
    if (reading.values.length !== terms.quantities.length) {
      find("MALFORMED", `${reading.values.length} values for ${terms.quantities.length} quantities`);
      continue;
    }
    if (reading.counter <= counter) {
      find("REPLAY", `the last counter was ${counter}`);
      continue;
    }
    const missing = reading.counter - counter - 1n;
    if (missing > 0n) find("GAP", `${missing} readings are missing`);
    inspectValues(terms, reading, find);
    if (lastTime > 0) inspectTime(terms, reading.time - lastTime, missing + 1n, find);
    if (last !== undefined && reading.time > last.time) inspectStep(terms, last, reading, missing, find);
    counter = reading.counter;
    lastTime = Math.max(lastTime, reading.time);
    last = reading;
  }
  return findings;
}

type Find = (code: FindingCode, message: string) => void;

function inspectTime({ profile }: DeviceTerms, elapsed: number, steps: bigint, find: Find): void {
  if (elapsed <= 0) {
    find("CLOCK_BACK", `${-elapsed} seconds before the last time`);
    return;
  }
  const odd = pace(elapsed, steps, profile);
  if (odd !== undefined) find(odd, `${elapsed} seconds for ${steps} readings of ${profile.interval} seconds`);
}

function inspectValues({ quantities }: DeviceTerms, { values }: Reading, find: Find): void {
  for (const [index, quantity] of quantities.entries()) {
    const value = values[index] ?? 0n;
    const kind = kindOf(quantity);
    const measured = unscaledValue(value, quantity);
    const text = `${kind?.name ?? `kind ${quantity.kind}`} of ${measured} ${quantity.unit}`;
    if (kind !== undefined && (measured < kind.least || measured > kind.most)) find("IMPOSSIBLE", `a ${text}`);
    else if (value < quantity.min || value > quantity.max) find("LIMIT", `a ${text}`);
  }
}

function inspectStep(terms: DeviceTerms, last: Reading, next: Reading, missing: bigint, find: Find): void {
  const hours = (next.time - last.time) / 3_600;
  for (const [index, quantity] of terms.quantities.entries()) {
    const [from, to] = [last.values[index] ?? 0n, next.values[index] ?? 0n];
    const change = to - from;
    const kind = kindOf(quantity);
    const grown = unscaledValue(change, quantity);
    // One of the smallest parts is what rounding can make of it.
    const most = kind?.perHour === undefined ? undefined : kind.perHour * hours + 10 ** -quantity.decimals;
    if (most !== undefined && (change < 0n || grown > most)) {
      find("IMPOSSIBLE", `${kind?.name} changed by ${grown} ${quantity.unit} in ${hours} hours`);
    } else if (quantity.maxStep > 0n && missing === 0n && magnitude(change) > quantity.maxStep) {
      find("STEP", `${kind?.name ?? "a quantity"} changed by ${grown} ${quantity.unit}`);
    }
  }
  const knots = milesBetween(terms, last, next) / hours;
  if (knots > MAX_KNOTS) find("IMPOSSIBLE", `${Math.round(knots)} knots`);
}

/** Along the great circle; 0 for a device that measures no position. */
function milesBetween({ quantities }: DeviceTerms, from: Reading, to: Reading): number {
  const radians = (name: "latitude" | "longitude", { values }: Reading): number | undefined => {
    const index = quantities.findIndex((quantity) => kindOf(quantity)?.name === name);
    const [quantity, value] = [quantities[index], values[index]];
    return quantity === undefined || value === undefined ? undefined : (unscaledValue(value, quantity) * Math.PI) / 180;
  };
  const [south, west] = [radians("latitude", from), radians("longitude", from)];
  const [north, east] = [radians("latitude", to), radians("longitude", to)];
  if (south === undefined || west === undefined || north === undefined || east === undefined) return 0;
  const half = (angle: number) => Math.sin(angle / 2) ** 2;
  const haversine = half(north - south) + Math.cos(south) * Math.cos(north) * half(east - west);
  return 2 * EARTH_NAUTICAL_MILES * Math.asin(Math.min(1, Math.sqrt(haversine)));
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
