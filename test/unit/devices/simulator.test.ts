import { expect } from "chai";
import { HuangpuError } from "../../../src/core/errors.ts";
import { flagNames } from "../../../src/devices/batch-flags.ts";
import { inspect } from "../../../src/devices/inspect.ts";
import { quantity, scaledValue, unitBytes, unscaledValue } from "../../../src/devices/quantities.ts";
import { type DeviceFault, SimulatedDevice } from "../../../src/devices/simulator/simulated-device.ts";

const registry = { chainId: 7_101n, address: `0x${"01".repeat(20)}` };
const options = { model: "ship", seed: "simulator", registry, start: 1_800_000_000, batchSize: 50 } as const;
const readingsOf = (device: SimulatedDevice, count: number) => device.run(count).flatMap(({ readings }) => readings);

describe("simulated devices", () => {
  it("are the same for the same seed, and others for another", () => {
    const run = (seed: string) => {
      const device = new SimulatedDevice({ ...options, seed });
      return { key: device.key.publicKey, readings: readingsOf(device, 100) };
    };
    expect(run("a")).to.deep.equal(run("a"));
    expect(run("a").key).to.not.deep.equal(run("b").key);
    expect(run("a").readings).to.not.deep.equal(run("b").readings);
  });

  it("sail from Shanghai to Singapore, and stay there", () => {
    const device = new SimulatedDevice({ ...options, batchSize: 1_000 });
    const readings = readingsOf(device, 1_000);
    const place = (index: number) => readings[index]?.values.slice(0, 2).map((value) => Number(value) / 1e7);
    expect(place(0)).to.deep.equal([30.62, 122.08]);
    expect(place(999)).to.deep.equal([1.24, 103.95]);
  });

  const faults: [DeviceFault, string[]][] = [
    [{ kind: "gap", readings: 3n }, ["GAP"]],
    [{ kind: "silence", seconds: 7_200 }, ["SILENCE"]],
    [{ kind: "clock", seconds: 7_200 }, ["SILENCE"]],
    [{ kind: "value", quantity: 2, value: -17 }, ["LIMIT"]],
    [{ kind: "value", quantity: 2, value: -300 }, ["IMPOSSIBLE", "STEP", "STEP"]],
    [{ kind: "value", quantity: 0, value: -30 }, ["IMPOSSIBLE", "IMPOSSIBLE"]],
  ];
  for (const [fault, expected] of faults) {
    it(`suffer ${fault.kind} ${"value" in fault ? fault.value : ""} so that it is found`, () => {
      const device = new SimulatedDevice(options);
      const closed = [...device.run(20), ...device.suffer(fault), ...device.run(20), ...device.close()];
      const readings = closed.flatMap((signed) => signed.readings);
      expect(readings).to.have.length(40);
      const codes = inspect(device.model, { counter: 0n, lastTime: 0 }, readings).map(({ code }) => code);
      expect(codes.filter((code) => expected.includes(code))).to.include.members(expected);
      for (const code of codes) expect([...expected, "STEP"]).to.include(code);
    });
  }

  it("do not sign when their clock is put back", () => {
    const device = new SimulatedDevice(options);
    device.run(5);
    device.suffer({ kind: "clock", seconds: -7_200 });
    expect(() => device.run(1)).to.throw(HuangpuError);
  });
});

describe("quantities", () => {
  it("have units of Recommendation 20 that suit them", () => {
    expect(() => quantity("temperature", "KGM", 2, [0, 1])).to.throw(HuangpuError);
    expect(unitBytes("CEL")).to.equal("0x43454c");
    expect(unitBytes("DD")).to.equal("0x444400");
  });

  it("are whole numbers of their smallest part", () => {
    const temperature = quantity("temperature", "CEL", 2, [-25, -18], 3);
    expect(temperature).to.include({ kind: 3, min: -2_500n, max: -1_800n, maxStep: 300n });
    expect(scaledValue(-20.126, 2)).to.equal(-2_013n);
    expect(unscaledValue(-2_013n, temperature)).to.equal(-20.13);
  });

  it("have flags by their names", () => {
    expect(flagNames(0)).to.deep.equal([]);
    expect(flagNames(0b111111)).to.deep.equal(["GAP", "SILENCE", "CLOCK_JUMP", "LIMIT", "LATE", "CONTRADICTED"]);
  });
});
