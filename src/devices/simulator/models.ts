import { type Quantity, quantity, scaledValue } from "../quantities.ts";
import type { Profile } from "../reading.ts";
import type { Random } from "./random.ts";

/** What a simulated device measures, how often, and how its values go. */
export interface DeviceModel {
  name: string;
  profile: Profile;
  quantities: Quantity[];
  /** Values at the next time; `elapsed` seconds after the last ones. */
  next(random: Random, elapsed: number): number[];
}

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** A port or a point at sea: degrees north and east. */
type Waypoint = readonly [number, number];

/** Shanghai, the straits of Taiwan and of Singapore, as a ship goes. */
const ROUTE: readonly Waypoint[] = [
  [30.62, 122.08],
  [24.6, 119.4],
  [12.5, 112.3],
  [1.24, 103.95],
];

const CRUISING_KNOTS = 16;

/** A ship on its way from Shanghai to Singapore, with one refrigerated container at −20 °C; a reading every ten minutes. */
export function shipModel(): DeviceModel {
  let miles = 0;
  let temperature = -20;
  return {
    name: "ship",
    profile: { interval: 600, maxSilence: 1_800, maxDelay: DAY },
    quantities: [
      quantity("latitude", "DD", 7, [-90, 90]),
      quantity("longitude", "DD", 7, [-180, 180]),
      quantity("temperature", "CEL", 2, [-25, -18], 3),
    ],
    next: (random, elapsed) => {
      miles += (CRUISING_KNOTS + random.around(1.5)) * (elapsed / HOUR);
      temperature += (-20 - temperature) * 0.2 + random.around(0.3);
      return [...along(ROUTE, miles), temperature];
    },
  };
}

/** A cold store: temperature, humidity and the tonnes in it; a reading every five minutes. */
export function warehouseModel(): DeviceModel {
  let [temperature, humidity, stock] = [4, 62, 840];
  return {
    name: "warehouse",
    profile: { interval: 300, maxSilence: 900, maxDelay: DAY },
    quantities: [
      quantity("temperature", "CEL", 2, [2, 8], 2),
      quantity("humidity", "P1", 1, [40, 80], 15),
      quantity("stock", "TNE", 3, [0, 1_200], 60),
    ],
    next: (random) => {
      temperature += (4 - temperature) * 0.2 + random.around(0.2);
      humidity += (62 - humidity) * 0.1 + random.around(1.5);
      if (random.next() < 0.1) stock = Math.max(0, stock + random.around(40));
      return [temperature, humidity, stock];
    },
  };
}

/** A leased machine that works in shifts: its running hours; a reading every fifteen minutes. */
export function machineModel(): DeviceModel {
  let [hours, running] = [1_250, true];
  return {
    name: "machine",
    profile: { interval: 900, maxSilence: 1_800, maxDelay: 2 * DAY },
    quantities: [quantity("runningHours", "HUR", 4, [0, 100_000])],
    next: (random, elapsed) => {
      if (running) hours += elapsed / HOUR;
      running = random.next() < (running ? 0.95 : 0.3);
      return [hours];
    },
  };
}

export const deviceModels = { ship: shipModel, warehouse: warehouseModel, machine: machineModel } as const;

/** Values in units as a reading of the model has them. */
export function valuesOf(model: DeviceModel, measured: readonly number[]): bigint[] {
  return model.quantities.map(({ decimals }, index) => scaledValue(measured[index] ?? 0, decimals));
}

/** Where a ship is after so many nautical miles: on the straight lines of a chart, and at its end in the last port. */
function along(route: readonly Waypoint[], miles: number): Waypoint {
  let left = miles;
  for (const [index, from] of route.entries()) {
    const to = route[index + 1];
    if (to === undefined) return from;
    const north = (to[0] - from[0]) * 60;
    const east = (to[1] - from[1]) * 60 * Math.cos((((to[0] + from[0]) / 2) * Math.PI) / 180);
    const length = Math.hypot(north, east);
    const part = left / length;
    if (part <= 1) return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
    left -= length;
  }
  throw new RangeError("A route has a first point");
}
