import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { DevelopmentAccount } from "../../src/config/development.ts";
import { developmentWallet } from "../../src/config/development.ts";
import type { Hex } from "../../src/core/hex.ts";
import { anchorBatches } from "../../src/devices/anchor-batches.ts";
import { batchFlags, flagNames } from "../../src/devices/batch-flags.ts";
import { BatchOutbox } from "../../src/devices/batch-outbox.ts";
import { contractRegistry } from "../../src/devices/contract-registry.ts";
import { type RegistryAddress, registrationForm, registrationMessage } from "../../src/devices/device-messages.ts";
import { inspect } from "../../src/devices/inspect.ts";
import { unscaledValue } from "../../src/devices/quantities.ts";
import { isGenuine, proveReading } from "../../src/devices/reading-proof.ts";
import type { SignedBatch } from "../../src/devices/recorder.ts";
import { SimulatedDevice, tampered } from "../../src/devices/simulator/simulated-device.ts";
import { entityOf } from "../local/entities.ts";
import { type Played, type ScenarioContext, type ScenarioResult, timeOf, tradeAs } from "./context.ts";
import { Journey } from "./journey.ts";
import { refusalOf } from "./refusals.ts";

const DAY = 24 * 3_600;
/** Which of a ship's quantities the refrigerated container's temperature is, and what it must stay below. */
const TEMPERATURE = 2;
const WARM = -12.5;
const WARM_COUNTER = 61n;
/** Of the ship's three batches, the warehouse's and the machine's. */
const EXPECTED_FLAGS = " LIMIT GAP  ";
/** The machine's calibration ends so many seconds from now; its next reading is a minute later. */
const CALIBRATION_LEFT = 180;

interface AnchoredBatch {
  device: string;
  firstCounter: string;
  readings: number;
  missing: string;
  flags: string[];
  gas: string;
}

/** What became of the readings, as data. */
export interface ShipDataResult extends ScenarioResult {
  devices: { name: string; deviceId: string; counter: string; batches: number }[];
  batches: AnchoredBatch[];
  findings: string[];
  proven: { counter: string; time: number; temperature: number; shownHashes: number };
  refused: { what: string; refusedWith: string }[];
}

interface Attempt {
  what: string;
  expected: string;
  refusedWith: string;
}

/** A simulated fleet, and what it has signed in the order of its counters. */
interface Fleet {
  ship: SimulatedDevice;
  warehouse: SimulatedDevice;
  machine: SimulatedDevice;
  voyage: SignedBatch[];
  others: SignedBatch[];
  /** Signed by the machine after its calibration. */
  expired: SignedBatch;
}

/**
 * A ship, a cold store and a machine sign what they measure; their owner anchors it; a single reading is proven to somebody who
 * sees no other. Whatever was tampered with, replayed or measured without calibration is refused; a gap is flagged.
 */
export async function shipData(context: ScenarioContext): Promise<Played<ShipDataResult>> {
  const journey = new Journey(context.timeline, { trade: context.trade, finance: context.finance });
  context.timeline.heading();
  const { deviceRegistry } = tradeAs(context, "shipOwner");
  const { chainId } = await context.trade.getNetwork();
  const registry = { chainId, address: await deviceRegistry.getAddress() };
  const now = await timeOf(context.trade);
  const fleet = measure(registry, now);
  const { ship, warehouse, machine } = fleet;

  await admit(context, journey, registry, ship, [now - 7 * DAY, now + 365 * DAY]);
  await admit(context, journey, registry, warehouse, [now - 7 * DAY, now + 365 * DAY]);
  await admit(context, journey, registry, machine, [now - 7 * DAY, now + CALIBRATION_LEFT]);

  const findings = lookAt(context, fleet);
  const altered = await tamper(context, fleet);
  const batches = await anchorAll(context, registry, fleet);
  const refused = [altered, ...(await cheatLater(context, fleet))];
  const proven = await proveWarmest(context, registry, fleet);

  const devices = await Promise.all(
    [ship, warehouse, machine].map(async (device) => {
      const { counter, batches: count } = await deviceRegistry.device(device.deviceId);
      return {
        name: device.model.name,
        deviceId: device.deviceId,
        counter: counter.toString(),
        batches: Number(count),
      };
    }),
  );
  const flags = batches.map((batch) => batch.flags.join()).join(" ");
  const result: ShipDataResult = {
    scenario: "ship-data",
    ok: proven.ok && flags === EXPECTED_FLAGS && refused.every(({ expected, refusedWith }) => expected === refusedWith),
    devices,
    batches,
    findings,
    proven: proven.shown,
    refused: refused.map(({ what, refusedWith }) => ({ what, refusedWith })),
  };
  return { result, report: report(result) };
}

/** What the devices have measured by now: a container that warms up once, and three readings that are lost. */
function measure(registry: RegistryAddress, now: number): Fleet {
  const seed = randomUUID();
  const device = (model: "ship" | "warehouse" | "machine", start: number, batchSize: number) =>
    new SimulatedDevice({ model, seed: `${seed} ${model}`, registry, start, batchSize });
  const ship = device("ship", now - 112 * 600, 48);
  const warehouse = device("warehouse", now - 49 * 300, 48);
  const machine = device("machine", now + CALIBRATION_LEFT + 60 - 24 * 900, 24);

  const voyage = ship.run(Number(WARM_COUNTER) - 1);
  ship.suffer({ kind: "value", quantity: TEMPERATURE, value: WARM });
  voyage.push(...ship.run(36), ...ship.suffer({ kind: "gap", readings: 3n }), ...ship.run(12), ...ship.close());
  const others = [...warehouse.run(48), ...machine.run(24)];
  machine.run(1);
  const [expired] = machine.close();
  if (expired === undefined) throw new Error("The machine has measured nothing");
  return { ship, warehouse, machine, voyage, others, expired };
}

async function admit(
  context: ScenarioContext,
  journey: Journey,
  registry: RegistryAddress,
  { deviceId, key, model }: SimulatedDevice,
  [from, until]: readonly [number, number],
): Promise<void> {
  const owner = developmentWallet("shipOwner").address;
  const { profile, quantities } = model;
  const registration = { key: key.publicKey, operator: owner, profile, quantities };
  const signature = key.sign(registrationMessage(registry, owner, registration));
  await journey.act(
    "trade",
    `${nameOf("shipOwner")} registers the ${model.name}'s device ${short(deviceId)}`,
    tradeAs(context, "shipOwner").deviceRegistry.register(registrationForm(registration), signature),
    "signed by the device itself",
  );
  const days = Math.floor((until - Math.floor(Date.now() / 1_000)) / DAY);
  await journey.act(
    "trade",
    `${nameOf("inspector")} calibrates it`,
    tradeAs(context, "inspector").deviceRegistry.calibrate(deviceId, deviceId, from, until),
    days > 0 ? `for ${days} days` : "for a few minutes more",
  );
}

/** What the owner sees in the readings themselves before anything is anchored. */
function lookAt({ timeline }: ScenarioContext, { ship, voyage }: Fleet): string[] {
  const readings = voyage.flatMap((signed) => signed.readings);
  const found = inspect(ship.model, { counter: 0n, lastTime: 0 }, readings);
  const findings = found.map(({ code, counter, message }) => `${code} at reading ${counter}: ${message}`);
  timeline.add("trade", `${nameOf("shipOwner")} looks at ${readings.length} readings of the ship`, ...findings);
  return findings;
}

async function anchorAll(
  context: ScenarioContext,
  registry: RegistryAddress,
  { ship, warehouse, machine, voyage, others }: Fleet,
): Promise<AnchoredBatch[]> {
  const { deviceRegistry } = tradeAs(context, "shipOwner");
  const names = new Map([ship, warehouse, machine].map(({ deviceId, model }) => [deviceId, model.name]));
  const outbox = new BatchOutbox(join(context.directory, `devices-${randomUUID()}.sqlite`));
  try {
    for (const signed of [...voyage, ...others]) outbox.add(signed);
    await context.timeline.waiting(
      "Batches are anchored",
      anchorBatches(outbox, contractRegistry(deviceRegistry, registry)),
    );
  } finally {
    outbox.close();
  }
  const anchored: AnchoredBatch[] = [];
  for (const { batch } of [...voyage, ...others]) {
    const filter = deviceRegistry.filters.BatchAnchored(batch.deviceId, batch.firstCounter);
    const [event] = await deviceRegistry.queryFilter(filter);
    if (event === undefined) throw new Error(`The batch from counter ${batch.firstCounter} was not anchored`);
    const { gasUsed } = await event.getTransactionReceipt();
    const flags = flagNames(Number(event.args.flags));
    const device = names.get(batch.deviceId) ?? "";
    const last = batch.firstCounter + BigInt(batch.count - 1);
    context.timeline.add(
      "trade",
      `The ${device}'s readings ${batch.firstCounter}–${last} are anchored`,
      ...flags.map((flag) => `flagged ${flag}: ${batchFlags[flag].text}`),
      `root ${short(batch.root)}, gas ${gasUsed.toLocaleString("en-US")}`,
    );
    const missing = event.args.missing.toString();
    const firstCounter = batch.firstCounter.toString();
    anchored.push({ device, firstCounter, readings: batch.count, missing, flags, gas: gasUsed.toString() });
  }
  return anchored;
}

/** What whoever carries a batch could make of it. */
async function tamper(context: ScenarioContext, { voyage: [first] }: Fleet): Promise<Attempt> {
  if (first === undefined) throw new Error("The ship has signed nothing");
  const what = "a batch in which a temperature was changed";
  return await attempt(context, what, tampered(first, TEMPERATURE, -2_100n), "DeviceRegistry_InvalidSignature");
}

async function cheatLater(context: ScenarioContext, { voyage: [first], expired }: Fleet): Promise<Attempt[]> {
  if (first === undefined) throw new Error("The ship has signed nothing");
  return [
    await attempt(context, "the first batch once more", first, "DeviceRegistry_OldCounter"),
    await attempt(context, "what the machine measured without calibration", expired, "DeviceRegistry_NotCalibrated"),
  ];
}

async function attempt(
  context: ScenarioContext,
  what: string,
  { batch, signature }: SignedBatch,
  expected: string,
): Promise<Attempt> {
  const { deviceRegistry } = tradeAs(context, "shipOwner");
  const { name } = await refusalOf(deviceRegistry.submit.staticCall(batch, signature));
  context.timeline.add("trade", `Refused: ${what}`, name);
  return { what, refusedWith: name, expected };
}

/** The insurer of the cargo is shown the one reading that matters, and asks the registry. */
async function proveWarmest(context: ScenarioContext, registry: RegistryAddress, { ship, voyage }: Fleet) {
  const signed = voyage.find(
    ({ batch }) => batch.firstCounter <= WARM_COUNTER && WARM_COUNTER < batch.firstCounter + BigInt(batch.count),
  );
  if (signed === undefined) throw new Error("The ship has not signed its warmest reading");
  const proof = proveReading(signed, WARM_COUNTER);
  const { deviceRegistry } = tradeAs(context, "insurer");
  const { batch, reading, path } = proof;
  const [genuine] = await deviceRegistry.verifyReading(batch, reading, path);
  const values = reading.values.map((value, index) => (index === TEMPERATURE ? value - 1n : value));
  const [changed] = await deviceRegistry.verifyReading(batch, { ...reading, values }, path);
  const [quantity, value] = [ship.model.quantities[TEMPERATURE], reading.values[TEMPERATURE]];
  if (quantity === undefined || value === undefined) throw new Error("A ship's device measures a temperature");
  const temperature = unscaledValue(value, quantity);
  context.timeline.add(
    "trade",
    `${nameOf("insurer")} is shown reading ${reading.counter}: ${temperature} ${quantity.unit}`,
    genuine ? "the registry confirms it" : "the registry does not know it",
    changed ? "and a hundredth of a degree less as well" : "but not with a hundredth of a degree less",
    `${path.length} hashes in place of ${batch.count - 1} other readings`,
  );
  return {
    ok: genuine && !changed && isGenuine(proof, ship.key.publicKey, registry),
    shown: { counter: reading.counter.toString(), time: reading.time, temperature, shownHashes: path.length },
  };
}

function report({ devices, batches, refused, proven }: ShipDataResult): string {
  const readings = batches.reduce((sum, batch) => sum + batch.readings, 0);
  const gas = batches.reduce((sum, batch) => sum + Number(batch.gas), 0);
  const flagged = batches.filter(({ flags }) => flags.length > 0);
  const lines = [
    `${readings} readings of ${devices.length} devices in ${batches.length} batches:`,
    ...devices.map(
      ({ name, counter, batches: count }) =>
        `  ${name.padEnd(9)} up to reading ${counter.padStart(3)}, ${count === 1 ? "one batch" : `${count} batches`}`,
    ),
    `  ${Math.round(gas / readings).toLocaleString("en-US")} gas a reading`,
    "Flagged, not refused, since it is what others must know:",
    ...flagged.map(
      (batch) =>
        `  ${batch.device} from reading ${batch.firstCounter}: ${batch.flags.join(", ")}, ${batch.missing} missing`,
    ),
    "Refused:",
    ...refused.map(({ what, refusedWith }) => `  ${what}: ${refusedWith.replace("DeviceRegistry_", "")}`),
    `One reading proven with ${proven.shownHashes} hashes; the others stay with the ship's owner.`,
  ];
  return `\n${lines.join("\n")}\n`;
}

function nameOf(account: DevelopmentAccount): string {
  return entityOf(account).name;
}

function short(hash: Hex): string {
  return `${hash.slice(0, 10)}…`;
}
