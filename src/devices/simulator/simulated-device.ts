import type { Hex } from "../../core/hex.ts";
import type { DeviceKey } from "../device-key.ts";
import { keyHash, type RegistryAddress } from "../device-messages.ts";
import { batchOf, Recorder, type SignedBatch } from "../recorder.ts";
import { type DeviceModel, deviceModels, valuesOf } from "./models.ts";
import { type Random, randomFrom, secretFrom, simulatedKey } from "./random.ts";

export interface SimulationOptions {
  model: keyof typeof deviceModels;
  /** The same seed gives the same key, readings and salts. */
  seed: string;
  registry: RegistryAddress;
  /** Unix seconds of the first reading. */
  start: number;
  batchSize: number;
}

/** What can go wrong with a device in the next step. */
export type DeviceFault =
  /** Readings are taken and lost: their counters are missing. */
  | { kind: "gap"; readings: bigint }
  /** It is off, and takes no readings. */
  | { kind: "silence"; seconds: number }
  /** Its clock is put forward, or back when it is negative. */
  | { kind: "clock"; seconds: number }
  /** One value of the next reading is this, in units. */
  | { kind: "value"; quantity: number; value: number };

/** A device with a real key that measures what its model says, one interval after the other. */
export class SimulatedDevice {
  readonly deviceId: Hex;
  readonly key: DeviceKey;
  readonly model: DeviceModel;
  readonly #recorder: Recorder;
  readonly #random: Random;
  #time: number;
  #elapsed = 0;
  #forged: { quantity: number; value: number } | undefined;

  constructor({ model, seed, registry, start, batchSize }: SimulationOptions) {
    this.model = deviceModels[model]();
    this.key = simulatedKey(seed);
    this.deviceId = keyHash(this.key.publicKey);
    this.#random = randomFrom(seed);
    this.#time = start;
    const { profile } = this.model;
    const options = { deviceId: this.deviceId, registry, profile, batchSize, saltSecret: secretFrom(seed, "salts") };
    this.#recorder = new Recorder(options, this.key);
  }

  /** Unix seconds that the device's clock shows at its next reading. */
  get time(): number {
    return this.#time;
  }

  /** Takes this many readings. Answers with the batches that they close. */
  run(readings: number): SignedBatch[] {
    return Array.from({ length: readings }, () => this.#read()).flat();
  }

  /** Signs what was read since the last batch. */
  close(): SignedBatch[] {
    const closed = this.#recorder.close();
    return closed === undefined ? [] : [closed];
  }

  /** Lets something go wrong before the next reading. Answers with the batch that this closes. */
  suffer(fault: DeviceFault): SignedBatch[] {
    switch (fault.kind) {
      case "gap": {
        const closed = this.#recorder.lose(fault.readings);
        const lost = Number(fault.readings) * this.model.profile.interval;
        this.#pass(lost);
        return closed === undefined ? [] : [closed];
      }
      case "silence":
        this.#pass(fault.seconds);
        return [];
      case "clock":
        this.#time += fault.seconds;
        return [];
      case "value":
        this.#forged = fault;
        return [];
    }
  }

  #read(): SignedBatch[] {
    const measured = this.model.next(this.#random, this.#elapsed);
    if (this.#forged !== undefined) measured[this.#forged.quantity] = this.#forged.value;
    this.#forged = undefined;
    const closed = this.#recorder.record(this.#time, valuesOf(this.model, measured));
    this.#elapsed = 0;
    this.#pass(this.model.profile.interval);
    return closed;
  }

  #pass(seconds: number): void {
    this.#time += seconds;
    this.#elapsed += seconds;
  }
}

/** What somebody makes of a batch on its way: one value changed, and everything but the signature made to fit. */
export function tampered({ batch, signature, readings }: SignedBatch, quantity: number, value: bigint): SignedBatch {
  const changed = readings.map((reading, index) => {
    if (index !== 0) return reading;
    return { ...reading, values: reading.values.map((old, place) => (place === quantity ? value : old)) };
  });
  return { batch: batchOf(batch.deviceId, changed), signature, readings: changed };
}
