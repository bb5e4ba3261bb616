import { createHmac } from "node:crypto";
import { HuangpuError } from "../core/errors.ts";
import { type Hex, toHex } from "../core/hex.ts";
import { type DeviceState, pace } from "./batch-flags.ts";
import type { DeviceKey, Signature } from "./device-key.ts";
import { batchMessage, type RegistryAddress } from "./device-messages.ts";
import type { Batch, Extent, Profile, Reading } from "./reading.ts";
import { MAX_READINGS } from "./reading.ts";
import { rootOf } from "./reading-tree.ts";

/** A batch as it leaves a device, with the readings, which stay with its operator. */
export interface SignedBatch {
  batch: Batch;
  signature: Signature;
  readings: Reading[];
}

export interface RecorderOptions {
  deviceId: Hex;
  registry: RegistryAddress;
  profile: Profile;
  /** Readings in a batch at most. */
  batchSize: number;
  /** Where salts come from; it must stay in the device. */
  saltSecret: Uint8Array;
}

/** What runs in a device: numbers readings, and signs them in batches. A batch never spans a silence. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #key: DeviceKey;
  #counter: bigint;
  #lastTime: number;
  #readings: Reading[] = [];

  constructor(options: RecorderOptions, key: DeviceKey, state: DeviceState = { counter: 0n, lastTime: 0 }) {
    if (options.batchSize < 1 || options.batchSize > MAX_READINGS) {
      throw new HuangpuError("READING_INVALID", `A batch has 1 to ${MAX_READINGS} readings`);
    }
    this.#options = options;
    this.#key = key;
    this.#counter = state.counter;
    this.#lastTime = state.lastTime;
  }

  /**
   * Takes one reading down. Answers with the batches that this has closed: a full one, or one that a silence ends.
   * @throws HuangpuError READING_INVALID when the time is not later than the last one.
   */
  record(time: number, values: bigint[]): SignedBatch[] {
    if (time <= this.#lastTime) {
      throw new HuangpuError("READING_INVALID", "A device's clock does not go back", {
        fields: { time, lastTime: this.#lastTime },
      });
    }
    const silent = this.#readings.length > 0 && pace(time - this.#lastTime, 1n, this.#options.profile) !== undefined;
    const before = silent ? this.close() : undefined;
    this.#counter += 1n;
    this.#lastTime = time;
    this.#readings.push({ counter: this.#counter, time, salt: this.#saltOf(this.#counter), values });
    const full = this.#readings.length === this.#options.batchSize ? this.close() : undefined;
    return [before, full].filter((closed) => closed !== undefined);
  }

  /** Loses readings, as a device does that runs out of memory: their counters are spent. */
  lose(count: bigint): SignedBatch | undefined {
    const closed = this.close();
    this.#counter += count;
    return closed;
  }

  /** Signs what was read since the last batch, if anything was. */
  close(): SignedBatch | undefined {
    if (this.#readings.length === 0) return undefined;
    const readings = this.#readings;
    this.#readings = [];
    const batch = batchOf(this.#options.deviceId, readings);
    return { batch, signature: this.#key.sign(batchMessage(this.#options.registry, batch)), readings };
  }

  #saltOf(counter: bigint): Hex {
    return toHex(createHmac("sha256", this.#options.saltSecret).update(counter.toString()).digest().subarray(0, 16));
  }
}

/** What a device says of readings whose counters follow one another. @throws HuangpuError READING_INVALID when there are none. */
export function batchOf(deviceId: Hex, readings: readonly Reading[]): Batch {
  const [first, last] = [readings.at(0), readings.at(-1)];
  if (first === undefined || last === undefined) {
    throw new HuangpuError("READING_INVALID", "A batch has at least one reading");
  }
  const extents = first.values.map((_, index) => extentOf(readings.map(({ values }) => values[index] ?? 0n)));
  const [count, root] = [readings.length, rootOf(readings)];
  return { deviceId, firstCounter: first.counter, count, from: first.time, to: last.time, root, extents };
}

function extentOf(values: readonly bigint[]): Extent {
  const [first = 0n] = values;
  return values.reduce<Extent>(
    ({ min, max }, value) => ({ min: value < min ? value : min, max: value > max ? value : max }),
    { min: first, max: first },
  );
}
