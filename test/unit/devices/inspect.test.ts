import { expect } from "chai";
import { type DeviceTerms, type FindingCode, inspect } from "../../../src/devices/inspect.ts";
import { quantity, scaledValue } from "../../../src/devices/quantities.ts";
import type { Reading } from "../../../src/devices/reading.ts";
import { deviceModels } from "../../../src/devices/simulator/models.ts";
import { SimulatedDevice } from "../../../src/devices/simulator/simulated-device.ts";

const registry = { chainId: 1n, address: `0x${"01".repeat(20)}` };
const nothing = { counter: 0n, lastTime: 0 };
const profile = { interval: 600, maxSilence: 1_200, maxDelay: 86_400 };
const START = 1_800_000_000;

/** One reading each interval, with these values in units. */
function series(terms: DeviceTerms, rows: readonly (readonly number[])[], interval = profile.interval): Reading[] {
  return rows.map((row, index) => ({
    counter: BigInt(index + 1),
    time: START + interval * index,
    salt: `0x${"00".repeat(16)}`,
    values: row.map((value, place) => scaledValue(value, terms.quantities[place]?.decimals ?? 0)),
  }));
}

const codes = (terms: DeviceTerms, readings: readonly Reading[], before = nothing): FindingCode[] =>
  inspect(terms, before, readings).map(({ code }) => code);

describe("what is odd about readings", () => {
  const cold: DeviceTerms = { profile, quantities: [quantity("temperature", "CEL", 2, [-25, -18], 3)] };
  const position: DeviceTerms = {
    profile,
    quantities: [quantity("latitude", "DD", 7, [-90, 90]), quantity("longitude", "DD", 7, [-180, 180])],
  };
  const machine: DeviceTerms = { profile, quantities: [quantity("runningHours", "HUR", 4, [0, 100_000])] };
  const warehouse: DeviceTerms = {
    profile,
    quantities: [quantity("humidity", "P1", 1, [30, 80]), quantity("stock", "TNE", 3, [0, 1_000])],
  };

  for (const model of Object.keys(deviceModels) as (keyof typeof deviceModels)[]) {
    it(`is nothing with a ${model} that works, for any seed`, () => {
      for (let seed = 0; seed < 12; seed++) {
        const device = new SimulatedDevice({ model, seed: `${seed}`, registry, start: START, batchSize: 400 });
        const readings = device.run(400).flatMap((signed) => signed.readings);
        expect(readings).to.have.length(400);
        expect(inspect(device.model, nothing, readings)).to.deep.equal([]);
      }
    });
  }

  it("is a replay, a gap, and a gap before the first", () => {
    const [first, second, third] = series(cold, [[-20], [-20], [-20]]) as [Reading, Reading, Reading];
    expect(codes(cold, [first, second, second, third])).to.deep.equal(["REPLAY"]);
    expect(codes(cold, [first, third])).to.deep.equal(["GAP"]);
    expect(codes(cold, [second, third])).to.deep.equal(["GAP"]);
    expect(codes(cold, [third], { counter: 3n, lastTime: START })).to.deep.equal(["REPLAY"]);
    expect(inspect(cold, nothing, [first, third])[0]?.message).to.equal("1 readings are missing");
  });

  it("is a clock that goes back, jumps or stands still, and a silence", () => {
    const [first, second, third] = series(cold, [[-20], [-20], [-20]]) as [Reading, Reading, Reading];
    const later = (reading: Reading, seconds: number) => ({ ...reading, time: reading.time + seconds });
    expect(codes(cold, [first, later(second, -600), third])).to.deep.equal(["CLOCK_BACK"]);
    expect(codes(cold, [first, later(second, -601), third])).to.deep.equal(["CLOCK_BACK"]);
    expect(codes(cold, [first, later(second, 1_275)])).to.deep.equal([]);
    expect(codes(cold, [first, later(second, 1_276)])).to.deep.equal(["SILENCE"]);
    // Two hundred counters later, an hour later.
    const skipped = { ...second, counter: 201n, time: START + 3_600 };
    expect(codes(cold, [first, skipped])).to.deep.equal(["GAP", "CLOCK_JUMP"]);
  });

  it("is a value beyond the limits, a step too large, and what cannot be", () => {
    expect(codes(cold, series(cold, [[-20], [-17.99]]))).to.deep.equal(["LIMIT"]);
    expect(codes(cold, series(cold, [[-18], [-21.01]]))).to.deep.equal(["STEP"]);
    expect(codes(cold, series(cold, [[-18], [-21]]))).to.deep.equal([]);
    expect(codes(cold, series(cold, [[-273.15]]))).to.deep.equal(["LIMIT"]);
    expect(codes(cold, series(cold, [[-273.16]]))).to.deep.equal(["IMPOSSIBLE"]);
    expect(codes(warehouse, series(warehouse, [[100.1, 5]]))).to.deep.equal(["IMPOSSIBLE"]);
    expect(codes(warehouse, series(warehouse, [[50, -0.001]]))).to.deep.equal(["IMPOSSIBLE"]);
    expect(codes(position, series(position, [[90.0000001, 0]]))).to.deep.equal(["IMPOSSIBLE"]);
  });

  it("is a ship at four hundred knots, also across the date line", () => {
    const tenMinutes = 400 / 60 / 6; // degrees of latitude
    const fast = series(position, [
      [30, 122],
      [30 + tenMinutes, 122],
    ]);
    expect(inspect(position, nothing, fast)).to.deep.equal([{ code: "IMPOSSIBLE", counter: 2n, message: "400 knots" }]);
    const dateLine = series(position, [
      [10, 179.99],
      [10, -179.99],
    ]);
    expect(codes(position, dateLine)).to.deep.equal([]);
    const slow = series(position, [
      [30, 122],
      [30 + tenMinutes / 8, 122],
    ]);
    expect(codes(position, slow)).to.deep.equal([]);
  });

  it("is a machine that runs more than twenty-four hours a day, or back", () => {
    const day = (hours: number) => series(machine, [[1_000], [1_000 + hours]], 86_400);
    const ignoringSilence = (readings: Reading[]) => codes(machine, readings).filter((code) => code !== "SILENCE");
    expect(ignoringSilence(day(24))).to.deep.equal([]);
    expect(ignoringSilence(day(24.001))).to.deep.equal(["IMPOSSIBLE"]);
    expect(ignoringSilence(day(-0.001))).to.deep.equal(["IMPOSSIBLE"]);
  });

  it("is a reading that lacks a value, or has one too many", () => {
    const [reading] = series(cold, [[-20]]) as [Reading];
    expect(codes(cold, [{ ...reading, values: [] }])).to.deep.equal(["MALFORMED"]);
    expect(codes(cold, [{ ...reading, values: [0n, 0n] }])).to.deep.equal(["MALFORMED"]);
  });

  it("goes on after what it found, and does not believe what was replayed", () => {
    const [first, second, third] = series(cold, [[-20], [-50], [-20]]) as [Reading, Reading, Reading];
    const replayed = { ...first, values: [-27_000n] };
    expect(codes(cold, [first, second, replayed, third])).to.deep.equal(["LIMIT", "STEP", "REPLAY", "STEP"]);
  });
});
