import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { anchorBatches, type RegistryChain } from "../../../src/devices/anchor-batches.ts";
import { BatchOutbox } from "../../../src/devices/batch-outbox.ts";
import { batchMessage } from "../../../src/devices/device-messages.ts";
import type { SignedBatch } from "../../../src/devices/recorder.ts";
import { SimulatedDevice, tampered } from "../../../src/devices/simulator/simulated-device.ts";

const registry = { chainId: 7_101n, address: `0x${"01".repeat(20)}` };

function batchesOf(seed: string, count: number): SignedBatch[] {
  const device = new SimulatedDevice({ model: "machine", seed, registry, start: 1_800_000_000, batchSize: 2 });
  return device.run(2 * count);
}

const keyOf = (deviceId: Hex, firstCounter: bigint) => `${deviceId}/${firstCounter}`;

/** A registry that takes what comes in order, and fails as told. */
class FakeRegistry implements RegistryChain {
  readonly registry = registry;
  readonly words = new Map<string, Hex>();
  readonly order: bigint[] = [];
  fail: (batch: SignedBatch["batch"]) => HuangpuError | undefined = () => undefined;

  async batchWord(deviceId: Hex, firstCounter: bigint): Promise<Hex> {
    return this.words.get(keyOf(deviceId, firstCounter)) ?? `0x${"00".repeat(32)}`;
  }

  async submit(batch: SignedBatch["batch"]): Promise<void> {
    const error = this.fail(batch);
    if (error !== undefined) throw error;
    this.take(batch);
  }

  take(batch: SignedBatch["batch"]): void {
    this.order.push(batch.firstCounter);
    const digest = hash("sha256", batchMessage(registry, batch), "hex");
    this.words.set(keyOf(batch.deviceId, batch.firstCounter), `0x${digest.slice(0, 60)}0011`);
  }
}

const refused = (refusal: string) => new HuangpuError("BATCH_REFUSED", "No", { fields: { refusal } });

describe("batches on their way", () => {
  const directory = mkdtempSync(join(tmpdir(), "huangpu-outbox-"));
  let files = 0;
  let outbox: BatchOutbox;
  let chain: FakeRegistry;

  beforeEach(() => {
    outbox = new BatchOutbox(join(directory, `${++files}.sqlite`));
    chain = new FakeRegistry();
  });
  afterEach(() => outbox.close());
  after(() => rmSync(directory, { recursive: true, force: true }));

  it("are kept as they are, once each, and over a restart", () => {
    const batches = batchesOf("a", 3);
    for (const signed of [...batches, ...batches]) outbox.add(signed);
    outbox.close();
    outbox = new BatchOutbox(join(directory, `${files}.sqlite`));
    const [first] = batches as [SignedBatch];
    expect(outbox.next(first.batch.deviceId)).to.deep.equal(first);
    expect(outbox.containing(first.batch.deviceId, 4n)).to.deep.equal(batches[1]);
    expect(outbox.containing(first.batch.deviceId, 7n)).to.equal(undefined);
    expect(outbox.progress(first.batch.deviceId, 2n)).to.equal(undefined);
  });

  it("are refused when the device has signed another one from the same counter on", () => {
    const [first] = batchesOf("a", 1) as [SignedBatch];
    outbox.add(first);
    expect(() => outbox.add(tampered(first, 0, 0n))).to.throw(HuangpuError);
    expect(outbox.next(first.batch.deviceId)).to.deep.equal(first);
  });

  it("go in the order of their counters, also beyond ten digits", async () => {
    const [first] = batchesOf("a", 1) as [SignedBatch];
    for (const firstCounter of [10_000_000_000n, 9n, 2n ** 64n - 2n, 100n]) {
      outbox.add({ ...first, batch: { ...first.batch, firstCounter } });
    }
    await anchorBatches(outbox, chain);
    expect(chain.order).to.deep.equal([9n, 100n, 10_000_000_000n, 2n ** 64n - 2n]);
  });

  it("wait when the chain does not answer, and are all there afterwards", async () => {
    const batches = batchesOf("a", 4);
    for (const signed of batches) outbox.add(signed);
    chain.fail = ({ firstCounter }) => (firstCounter === 5n ? new HuangpuError("RPC_UNAVAILABLE", "Down") : undefined);
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await anchorBatches(outbox, chain).catch((error: unknown) => error)).to.include({ retryable: true });
    }
    expect(chain.order).to.deep.equal([1n, 3n]);
    chain.fail = () => undefined;
    await anchorBatches(outbox, chain);
    expect(chain.order).to.deep.equal([1n, 3n, 5n, 7n]);
    expect(outbox.devices()).to.deep.equal([]);
  });

  it("count as anchored when they were mined before a crash, or while they were refused", async () => {
    const [first, second] = batchesOf("a", 2) as [SignedBatch, SignedBatch];
    outbox.add(first);
    outbox.add(second);
    chain.take(first.batch);
    chain.fail = (batch) => {
      chain.take(batch);
      return refused("DeviceRegistry_OldCounter");
    };
    await anchorBatches(outbox, chain);
    for (const { batch } of [first, second]) {
      expect(outbox.progress(batch.deviceId, batch.firstCounter)?.state).to.equal("anchored");
    }
    expect(chain.order).to.deep.equal([1n, 3n]);
  });

  it("are not taken for another one that is anchored in their place", async () => {
    const [first] = batchesOf("a", 1) as [SignedBatch];
    outbox.add(first);
    chain.take(tampered(first, 0, 0n).batch);
    chain.fail = () => refused("DeviceRegistry_OldCounter");
    await anchorBatches(outbox, chain);
    expect(outbox.progress(first.batch.deviceId, 1n)).to.deep.equal({
      state: "refused",
      refusal: "DeviceRegistry_OldCounter",
    });
  });

  it("stop behind one that is not taken yet, with its reason, and no other device's do", async () => {
    const [held, free] = [batchesOf("a", 2), batchesOf("b", 2)];
    for (const signed of [...held, ...free]) outbox.add(signed);
    const deviceId = held[0]?.batch.deviceId as Hex;
    chain.fail = (batch) => (batch.deviceId === deviceId ? refused("DeviceRegistry_NotCalibrated") : undefined);
    await anchorBatches(outbox, chain);
    expect(outbox.devices()).to.deep.equal([deviceId]);
    expect(outbox.progress(deviceId, 1n)).to.deep.equal({ state: "waiting", refusal: "DeviceRegistry_NotCalibrated" });
    expect(outbox.progress(deviceId, 3n)).to.deep.equal({ state: "waiting", refusal: undefined });
    expect(chain.order).to.deep.equal([1n, 3n]);
  });

  it("stay when they are stopped", async () => {
    for (const signed of batchesOf("a", 2)) outbox.add(signed);
    await anchorBatches(outbox, chain, {}, AbortSignal.abort());
    expect(chain.order).to.deep.equal([]);
    expect(outbox.devices()).to.have.length(1);
  });
});
