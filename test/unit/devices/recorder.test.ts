import { expect } from "chai";
import { HuangpuError } from "../../../src/core/errors.ts";
import { isSignedBy, softwareKey } from "../../../src/devices/device-key.ts";
import { batchMessage, keyHash } from "../../../src/devices/device-messages.ts";
import { rootOf } from "../../../src/devices/reading-tree.ts";
import { batchOf, Recorder, type SignedBatch } from "../../../src/devices/recorder.ts";
import { randomFrom } from "../../../src/devices/simulator/random.ts";

const registry = { chainId: 7_101n, address: `0x${"01".repeat(20)}` };
const profile = { interval: 600, maxSilence: 1_200, maxDelay: 86_400 };
const key = softwareKey(Buffer.alloc(32, 9));
const deviceId = keyHash(key.publicKey);
const START = 1_800_000_000;
const options = { deviceId, registry, profile, batchSize: 4, saltSecret: Buffer.alloc(32, 1) };

describe("what runs in a device", () => {
  it("numbers readings from one on and signs them when a batch is full", () => {
    const recorder = new Recorder(options, key);
    const closed = [0, 1, 2, 3, 4].flatMap((step) => recorder.record(START + 600 * step, [BigInt(-step)]));
    expect(closed).to.have.length(1);
    const [{ batch, signature, readings }] = closed as [SignedBatch];
    expect(readings.map(({ counter }) => counter)).to.deep.equal([1n, 2n, 3n, 4n]);
    expect(batch).to.deep.equal({
      deviceId,
      firstCounter: 1n,
      count: 4,
      from: START,
      to: START + 1_800,
      root: rootOf(readings),
      extents: [{ min: -3n, max: 0n }],
    });
    expect(isSignedBy(key.publicKey, batchMessage(registry, batch), signature)).to.equal(true);
    expect(recorder.close()?.batch.firstCounter).to.equal(5n);
    expect(recorder.close()).to.equal(undefined);
  });

  it("closes a batch before a silence, so that the silence lies between two", () => {
    const recorder = new Recorder(options, key);
    recorder.record(START, [1n]);
    expect(recorder.record(START + 1_875, [1n])).to.deep.equal([]);
    const [before] = recorder.record(START + 1_875 + 1_876, [1n]);
    expect(before?.batch).to.include({ from: START, to: START + 1_875, count: 2 });
    expect(recorder.close()?.batch).to.include({ firstCounter: 3n, count: 1 });
  });

  it("spends the counters of readings that it loses", () => {
    const recorder = new Recorder(options, key);
    recorder.record(START, [1n]);
    expect(recorder.lose(5n)?.batch.count).to.equal(1);
    expect(recorder.lose(1n)).to.equal(undefined);
    recorder.record(START + 4_200, [1n]);
    expect(recorder.close()?.batch.firstCounter).to.equal(8n);
  });

  it("goes on from where it was", () => {
    const recorder = new Recorder(options, key, { counter: 41n, lastTime: START });
    recorder.record(START + 600, [1n]);
    expect(recorder.close()?.batch.firstCounter).to.equal(42n);
  });

  it("takes nothing at a time that is not later, and goes on unharmed", () => {
    const recorder = new Recorder(options, key);
    recorder.record(START, [1n]);
    for (const time of [START, START - 1]) expect(() => recorder.record(time, [1n])).to.throw(HuangpuError);
    recorder.record(START + 1, [1n]);
    expect(recorder.close()?.readings.map(({ counter }) => counter)).to.deep.equal([1n, 2n]);
  });

  it("has 1 to 65,536 readings in a batch", () => {
    for (const batchSize of [0, 65_537]) {
      expect(() => new Recorder({ ...options, batchSize }, key)).to.throw(HuangpuError);
    }
    expect(() => batchOf(deviceId, [])).to.throw(HuangpuError);
  });

  it("salts each reading otherwise, and the same one the same", () => {
    const salts = (saltSecret: Uint8Array) => {
      const recorder = new Recorder({ ...options, saltSecret }, key);
      return [0, 1, 2, 3]
        .flatMap((step) => recorder.record(START + step, [1n]))
        .flatMap(({ readings }) => readings.map(({ salt }) => salt));
    };
    const [first, second] = [salts(Buffer.alloc(32, 1)), salts(Buffer.alloc(32, 2))];
    expect(new Set([...first, ...second])).to.have.length(8);
    expect(salts(Buffer.alloc(32, 1))).to.deep.equal(first);
  });

  it("never lets batches overlap or counters repeat, whatever comes", () => {
    const random = randomFrom("recorder");
    const recorder = new Recorder(options, key);
    let [time, recorded, lost] = [START, 0n, 0n];
    const closed: SignedBatch[] = [];
    for (let step = 0; step < 500; step++) {
      const choice = random.next();
      if (choice < 0.85) {
        time += 1 + Math.floor(random.next() * 4_000);
        closed.push(...recorder.record(time, [BigInt(step)]));
        recorded += 1n;
      } else {
        const count = BigInt(Math.floor(random.next() * 3));
        lost += choice < 0.95 ? 0n : count;
        const batch = choice < 0.95 ? recorder.close() : recorder.lose(count);
        if (batch !== undefined) closed.push(batch);
      }
    }
    const last = recorder.close();
    if (last !== undefined) closed.push(last);
    let [counter, before, readings] = [0n, 0, 0n];
    for (const { batch } of closed) {
      expect(batch.firstCounter > counter).to.equal(true);
      expect(batch.from).to.be.above(before);
      counter = batch.firstCounter + BigInt(batch.count - 1);
      before = batch.to;
      readings += BigInt(batch.count);
    }
    expect(readings).to.equal(recorded);
    expect(counter <= recorded + lost).to.equal(true);
  });
});
