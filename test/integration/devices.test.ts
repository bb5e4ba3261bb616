import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openProvider } from "../../scripts/local/chains.ts";
import { LOCAL_CHAIN_IDS } from "../../src/config/development.ts";
import { HuangpuError } from "../../src/core/errors.ts";
import { anchorBatches, type RegistryChain } from "../../src/devices/anchor-batches.ts";
import { flagNames, flagsOf } from "../../src/devices/batch-flags.ts";
import { BatchOutbox } from "../../src/devices/batch-outbox.ts";
import { contractRegistry } from "../../src/devices/contract-registry.ts";
import { isSignedBy } from "../../src/devices/device-key.ts";
import { batchMessage } from "../../src/devices/device-messages.ts";
import { proveReading } from "../../src/devices/reading-proof.ts";
import type { SignedBatch } from "../../src/devices/recorder.ts";
import type { deviceModels } from "../../src/devices/simulator/models.ts";
import { type DeviceFault, SimulatedDevice, tampered } from "../../src/devices/simulator/simulated-device.ts";
import { type DeviceStage, startDeviceStage } from "../support/world/device-registry.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

describe("devices on a chain", function () {
  this.timeout(120_000);
  const directory = mkdtempSync(join(tmpdir(), "huangpu-devices-"));
  let stage: DeviceStage;
  let registry: RegistryChain;
  let seeds = 0;

  before(async () => {
    stage = await startDeviceStage();
    registry = contractRegistry(stage.contract, stage.registry);
  });

  after(async () => {
    await stage?.chain.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const newDevice = async (model: keyof typeof deviceModels = "ship", batchSize = 12) => {
    const seed = `integration ${++seeds}`;
    const device = new SimulatedDevice({
      model,
      seed,
      registry: stage.registry,
      start: stage.now - 4 * DAY,
      batchSize,
    });
    await stage.admit(device);
    return device;
  };
  const newOutbox = () => new BatchOutbox(join(directory, `outbox-${++seeds}.sqlite`));
  const flagsIn = async ({ batch }: SignedBatch) => {
    const word = await registry.batchWord(batch.deviceId, batch.firstCounter);
    return flagNames(Number(BigInt(word) & 0xffffn));
  };
  const submit = async ({ batch, signature }: SignedBatch) => await registry.submit(batch, signature);
  const refusalOf = async (attempt: Promise<unknown>): Promise<unknown> => {
    const error = await attempt.then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(HuangpuError);
    return (error as HuangpuError).fields["refusal"];
  };

  for (const model of ["ship", "warehouse", "machine"] as const) {
    it(`takes what a ${model}'s device signs, and proves each of its readings`, async () => {
      const device = await newDevice(model, 7);
      for (const signed of device.run(14)) {
        await submit(signed);
        for (const reading of signed.readings) {
          const proof = proveReading(signed, reading.counter);
          expect([...(await stage.contract.verifyReading(proof.batch, proof.reading, proof.path))][0]).to.equal(true);
          const other = { ...proof.reading, time: proof.reading.time + 1 };
          expect([...(await stage.contract.verifyReading(proof.batch, other, proof.path))][0]).to.equal(false);
        }
      }
      expect((await stage.contract.device(device.deviceId)).counter).to.equal(14n);
    });
  }

  const faults: [string, DeviceFault][] = [
    ["nothing", { kind: "silence", seconds: 0 }],
    ["a gap", { kind: "gap", readings: 5n }],
    ["a silence", { kind: "silence", seconds: 9 * HOUR }],
    ["a clock that is put forward", { kind: "clock", seconds: 9 * HOUR }],
    ["an impossible value", { kind: "value", quantity: 2, value: -300 }],
    ["a value beyond the limits", { kind: "value", quantity: 2, value: 4 }],
  ];
  for (const [name, fault] of faults) {
    it(`flags ${name} as the node foretells`, async () => {
      const device = await newDevice("ship", 6);
      const batches = [...device.run(8), ...device.suffer(fault), ...device.run(8), ...device.close()];
      const foretold: string[][] = [];
      let state = { counter: 0n, lastTime: 0 };
      for (const signed of batches) {
        await submit(signed);
        const now = (await stage.chain.provider.getBlock("latest"))?.timestamp ?? 0;
        const flags = flagsOf(signed.batch, state, device.model, now);
        expect(await flagsIn(signed)).to.deep.equal(flags);
        foretold.push(flags.filter((flag) => flag !== "LATE"));
        const { firstCounter, count, to } = signed.batch;
        state = { counter: firstCounter + BigInt(count - 1), lastTime: to };
      }
      expect(foretold.flat().length > 0).to.equal(name !== "nothing");
    });
  }

  it("has the digest that the device signs", async () => {
    const device = await newDevice("warehouse", 3);
    const [signed] = device.run(3);
    if (signed === undefined) throw new Error("The device has closed no batch");
    const message = batchMessage(stage.registry, signed.batch);
    expect(isSignedBy(device.key.publicKey, message, signed.signature)).to.equal(true);
    expect(await stage.contract.digestOf(signed.batch)).to.equal(`0x${hash("sha256", message, "hex")}`);
  });

  it("refuses what was tampered with, replayed or signed by another device", async () => {
    const [device, other] = [await newDevice(), await newDevice()];
    const [first, second] = device.run(24);
    const [others] = other.run(12);
    if (first === undefined || second === undefined || others === undefined) throw new Error("A batch is missing");
    expect(await refusalOf(submit(tampered(first, 2, -2_000n)))).to.equal("DeviceRegistry_InvalidSignature");
    expect(await refusalOf(submit({ ...first, signature: others.signature }))).to.equal(
      "DeviceRegistry_InvalidSignature",
    );
    await submit(first);
    expect(await refusalOf(submit(first))).to.equal("DeviceRegistry_OldCounter");
    await submit(second);
  });

  it("anchors everything in order once the chain is back, though the process was killed in between", async () => {
    const device = await newDevice("ship", 4);
    const batches = device.run(20);
    const file = join(directory, "crash.sqlite");
    let outbox = new BatchOutbox(file);
    for (const signed of [...batches].reverse()) outbox.add(signed);

    let calls = 0;
    const down: RegistryChain = {
      ...registry,
      submit: async (batch, signature) => {
        if (++calls === 3) throw new HuangpuError("RPC_UNAVAILABLE", "The chain is down");
        await registry.submit(batch, signature);
      },
    };
    const error = await anchorBatches(outbox, down).catch((caught: unknown) => caught);
    expect(error).to.include({ code: "RPC_UNAVAILABLE" });
    // Killed after the third was mined and before it was written down.
    await submit(batches[2] as SignedBatch);
    outbox.close();

    outbox = new BatchOutbox(file);
    const anchored: bigint[] = [];
    await anchorBatches(outbox, registry, { anchored: ({ batch }) => anchored.push(batch.firstCounter) });
    expect(anchored).to.deep.equal([9n, 13n, 17n]);
    for (const { batch } of batches) {
      expect(outbox.progress(device.deviceId, batch.firstCounter)).to.deep.equal({
        state: "anchored",
        refusal: undefined,
      });
    }
    const state = await stage.contract.device(device.deviceId);
    expect([state.counter, state.batches, flagNames(Number(state.flags)).includes("GAP")]).to.deep.equal([
      20n,
      5n,
      false,
    ]);
    outbox.close();
  });

  it("keeps a device's batches until it is no longer suspended, and goes on with the other devices", async () => {
    const [held, free] = [await newDevice("ship", 4), await newDevice("ship", 4)];
    await (await stage.calibrator.suspend(held.deviceId)).wait();
    const outbox = newOutbox();
    for (const signed of [...held.run(8), ...free.run(8)]) outbox.add(signed);
    const refused: [string, boolean][] = [];
    await anchorBatches(outbox, registry, { refused: (_, refusal, forGood) => refused.push([refusal, forGood]) });
    expect(refused).to.deep.equal([["DeviceRegistry_WrongStatus", false]]);
    expect(outbox.devices()).to.deep.equal([held.deviceId]);
    expect((await stage.contract.device(free.deviceId)).counter).to.equal(8n);

    const { calibratedFrom, calibratedUntil } = await stage.contract.device(held.deviceId);
    await (await stage.calibrator.calibrate(held.deviceId, held.deviceId, calibratedFrom, calibratedUntil)).wait();
    await anchorBatches(outbox, registry);
    expect((await stage.contract.device(held.deviceId)).counter).to.equal(8n);
    expect(outbox.devices()).to.deep.equal([]);
    outbox.close();
  });

  it("can be tried again when the endpoint does not answer", async () => {
    const dead = openProvider("http://127.0.0.1:1", LOCAL_CHAIN_IDS.trade);
    try {
      const unreachable = contractRegistry(stage.contract.connect(dead), stage.registry);
      const device = await newDevice("ship", 2);
      const [signed] = device.run(2);
      if (signed === undefined) throw new Error("The device has closed no batch");
      const error = await unreachable.batchWord(device.deviceId, 1n).catch((caught: unknown) => caught);
      expect(error).to.include({ code: "RPC_UNAVAILABLE", retryable: true });
      await submit(signed);
    } finally {
      dead.destroy();
    }
  });

  it("sets aside what will never be taken, and goes on", async () => {
    const device = await newDevice("ship", 4);
    const [first, second] = device.run(8);
    if (first === undefined || second === undefined) throw new Error("A batch is missing");
    const outbox = newOutbox();
    outbox.add(tampered(first, 0, 0n));
    outbox.add(second);
    await anchorBatches(outbox, registry);
    expect(outbox.progress(device.deviceId, 1n)).to.deep.equal({
      state: "refused",
      refusal: "DeviceRegistry_InvalidSignature",
    });
    expect(outbox.progress(device.deviceId, 5n)?.state).to.equal("anchored");
    expect(await flagsIn(second)).to.include("GAP");
    outbox.close();
  });
});

describe("gas of a batch", function () {
  this.timeout(120_000);

  /** Whole transactions of a device that has anchored before: a ship's three quantities. */
  async function gasOf(hardfork: "cancun" | "osaka", batchSize: number): Promise<bigint> {
    const stage = await startDeviceStage(hardfork);
    try {
      const options = { model: "ship", seed: "gas", registry: stage.registry, start: stage.now - 9 * DAY } as const;
      const device = new SimulatedDevice({ ...options, batchSize });
      await stage.admit(device);
      const gas: bigint[] = [];
      for (const { batch, signature } of device.run(2 * batchSize)) {
        const receipt = await (await stage.contract.submit(batch, signature)).wait();
        gas.push(receipt?.gasUsed ?? 0n);
      }
      return gas[1] ?? 0n;
    } finally {
      await stage.chain.stop();
    }
  }

  it("stays within 120,000 where the chain knows the curve, whatever the batch's size", async () => {
    const [small, large] = [await gasOf("osaka", 1), await gasOf("osaka", 512)];
    expect(large).to.be.lessThan(120_000n);
    expect(Number(large)).to.be.closeTo(Number(small), 2_000);
  });

  it("stays within 480,000 where it does not", async () => {
    expect(await gasOf("cancun", 144)).to.be.lessThan(480_000n);
  });
});
