import { hash } from "node:crypto";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import type { BatchOutbox } from "./batch-outbox.ts";
import type { Signature } from "./device-key.ts";
import { batchMessage, type RegistryAddress } from "./device-messages.ts";
import type { Batch } from "./reading.ts";
import type { SignedBatch } from "./recorder.ts";

/** The registry on its chain, as an operator uses it. Every call throws a retryable HuangpuError when the chain does not answer. */
export interface RegistryChain {
  readonly registry: RegistryAddress;
  /** See `IDeviceRegistry.batchWord`. */
  batchWord(deviceId: Hex, firstCounter: bigint): Promise<Hex>;
  /** Anchors a batch, and is done when it is mined. @throws HuangpuError BATCH_REFUSED with the `refusal`'s name. */
  submit(batch: Batch, signature: Signature): Promise<void>;
}

/** Told of each batch that is anchored, or that the registry does not take. */
export interface AnchorEvents {
  anchored?(signed: SignedBatch): void;
  refused?(signed: SignedBatch, refusal: string, forGood: boolean): void;
}

/** Waiting cannot mend these: the batch is set aside, and the next one may go. */
const FOR_GOOD = new Set([
  "DeviceRegistry_InvalidSignature",
  "DeviceRegistry_OldCounter",
  "DeviceRegistry_InvalidCount",
  "DeviceRegistry_ClockWentBack",
  "DeviceRegistry_InvalidTimes",
  "DeviceRegistry_InvalidExtents",
]);

/**
 * Anchors what waits, each device's batches in the order of their counters: a later one would shut the earlier ones out. So a
 * batch that the registry does not take yet, say before a calibration, stops its device and no other. May be called again after
 * any error, or by another process after a crash: a batch that is anchored already is found by its word.
 * @throws HuangpuError, retryable, when the chain does not answer; nothing is lost.
 */
export async function anchorBatches(
  outbox: BatchOutbox,
  chain: RegistryChain,
  events: AnchorEvents = {},
  signal?: AbortSignal,
): Promise<void> {
  for (const deviceId of outbox.devices()) {
    for (let signed = outbox.next(deviceId); signed !== undefined; signed = outbox.next(deviceId)) {
      if (signal?.aborted === true) return;
      if (!(await anchor(signed, outbox, chain, events))) break;
    }
  }
}

/** Whether the device's next batch may go. */
async function anchor(
  signed: SignedBatch,
  outbox: BatchOutbox,
  chain: RegistryChain,
  events: AnchorEvents,
): Promise<boolean> {
  const refusal = await refusalOf(signed, chain);
  if (refusal === undefined) {
    outbox.mark(signed, "anchored");
    events.anchored?.(signed);
    return true;
  }
  const forGood = FOR_GOOD.has(refusal);
  outbox.mark(signed, forGood ? "refused" : "waiting", refusal);
  events.refused?.(signed, refusal, forGood);
  return forGood;
}

/** Undefined when the batch is anchored. */
async function refusalOf(signed: SignedBatch, chain: RegistryChain): Promise<string | undefined> {
  if (await isAnchored(signed, chain)) return undefined;
  try {
    await chain.submit(signed.batch, signed.signature);
    return undefined;
  } catch (error) {
    if (!(error instanceof HuangpuError) || error.code !== "BATCH_REFUSED") throw error;
    // It may have been mined since: what a process sent before it was killed.
    return (await isAnchored(signed, chain)) ? undefined : String(error.fields["refusal"]);
  }
}

const WORD_DIGEST_CHARACTERS = 62;

async function isAnchored({ batch }: SignedBatch, chain: RegistryChain): Promise<boolean> {
  const word = await chain.batchWord(batch.deviceId, batch.firstCounter);
  const digest = hash("sha256", batchMessage(chain.registry, batch), "hex");
  return word.slice(0, WORD_DIGEST_CHARACTERS) === `0x${digest}`.slice(0, WORD_DIGEST_CHARACTERS);
}
