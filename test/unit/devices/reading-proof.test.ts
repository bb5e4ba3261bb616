import { expect } from "chai";
import { HuangpuError } from "../../../src/core/errors.ts";
import { softwareKey } from "../../../src/devices/device-key.ts";
import { batchMessage } from "../../../src/devices/device-messages.ts";
import {
  isGenuine,
  proveReading,
  type ReadingProof,
  readReadingProof,
  writeReadingProof,
} from "../../../src/devices/reading-proof.ts";
import { batchOf, type SignedBatch } from "../../../src/devices/recorder.ts";
import { SimulatedDevice, tampered } from "../../../src/devices/simulator/simulated-device.ts";

const registry = { chainId: 7_101n, address: `0x${"01".repeat(20)}` };
const start = 1_800_000_000;

describe("the proof of a reading", () => {
  const device = new SimulatedDevice({ model: "ship", seed: "proof", registry, start, batchSize: 7 });
  const [signed] = device.run(7) as [SignedBatch];
  const proof = proveReading(signed, 5n);
  const genuine = (changed: ReadingProof) => isGenuine(changed, device.key.publicKey, registry);

  it("is genuine for every reading, also after it was sent as JSON", () => {
    for (const { counter } of signed.readings) {
      const sent = readReadingProof(JSON.parse(writeReadingProof(proveReading(signed, counter))));
      expect(sent).to.deep.equal(proveReading(signed, counter));
      expect(genuine(sent)).to.equal(true);
    }
  });

  it("is none for another value, time, counter, salt, path, batch, key or registry", () => {
    const { reading, batch } = proof;
    const [first = 0n, ...others] = reading.values;
    expect(genuine({ ...proof, reading: { ...reading, values: [first + 1n, ...others] } })).to.equal(false);
    expect(genuine({ ...proof, reading: { ...reading, time: reading.time + 1 } })).to.equal(false);
    for (const counter of [0n, 4n, 8n, 2n ** 64n - 1n]) {
      expect(genuine({ ...proof, reading: { ...reading, counter } })).to.equal(false);
    }
    expect(genuine({ ...proof, reading: { ...reading, salt: `0x${"00".repeat(16)}` } })).to.equal(false);
    expect(genuine({ ...proof, path: [...proof.path].reverse() })).to.equal(false);
    expect(genuine({ ...proof, batch: { ...batch, count: 8 } })).to.equal(false);
    expect(isGenuine(proof, softwareKey(Buffer.alloc(32, 3)).publicKey, registry)).to.equal(false);
    expect(isGenuine(proof, device.key.publicKey, { ...registry, address: `0x${"02".repeat(20)}` })).to.equal(false);
    expect(genuine(proveReading(tampered(signed, 2, 0n), 1n))).to.equal(false);
  });

  it("is none when the device itself says of its readings what is not so", () => {
    const readings = signed.readings.map((reading, index) => (index === 4 ? { ...reading, time: start } : reading));
    const batch = { ...batchOf(device.deviceId, readings), from: start + 1 };
    const lie = { batch, readings, signature: device.key.sign(batchMessage(registry, batch)) };
    expect(genuine(proveReading(lie, 4n))).to.equal(true);
    expect(genuine(proveReading(lie, 5n))).to.equal(false);
  });

  it("is not made for a reading that is not in the batch", () => {
    for (const counter of [0n, 8n]) expect(() => proveReading(signed, counter)).to.throw(HuangpuError);
  });

  it("is read strictly, with the place of each fault", () => {
    const json = JSON.parse(writeReadingProof(proof));
    const faulty: [string, unknown][] = [
      ["", null],
      ["", []],
      ["huangpu", { ...json, huangpu: "reading-proof/2" }],
      ["", { ...json, more: 1 }],
      ["reading.counter", { ...json, reading: { ...json.reading, counter: 5 } }],
      ["reading.counter", { ...json, reading: { ...json.reading, counter: "18446744073709551616" } }],
      ["reading.counter", { ...json, reading: { ...json.reading, counter: "05" } }],
      ["reading.values.0", { ...json, reading: { ...json.reading, values: ["9223372036854775808"] } }],
      ["reading.salt", { ...json, reading: { ...json.reading, salt: "0xAB" } }],
      ["reading.time", { ...json, reading: { ...json.reading, time: 1.5 } }],
      ["batch.count", { ...json, batch: { ...json.batch, count: 65_537 } }],
      ["path", { ...json, path: Array.from({ length: 17 }, () => `0x${"00".repeat(32)}`) }],
      ["signature.s", { ...json, signature: { ...json.signature, s: "0x00" } }],
    ];
    for (const [place, changed] of faulty) {
      const error = (() => {
        try {
          return readReadingProof(changed);
        } catch (caught) {
          return caught;
        }
      })();
      expect(error).to.include({ code: "READING_INVALID" });
      const { faults } = (error as HuangpuError).fields as { faults: { path: string }[] };
      expect(faults.map(({ path }) => path)).to.include(place);
    }
  });
});
