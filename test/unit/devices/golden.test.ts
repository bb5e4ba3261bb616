import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { z } from "zod";
import { type Hex, toHex } from "../../../src/core/hex.ts";
import { isSignedBy, type PublicKey } from "../../../src/devices/device-key.ts";
import { batchMessage, keyHash, keyMessage, registrationMessage } from "../../../src/devices/device-messages.ts";
import { batchForm, hexForm, readingForm, signatureForm } from "../../../src/devices/forms.ts";
import { isGenuine } from "../../../src/devices/reading-proof.ts";
import { contains, leafOf, pathOf, rootOf } from "../../../src/devices/reading-tree.ts";
import { batchOf } from "../../../src/devices/recorder.ts";
import { shipModel } from "../../../src/devices/simulator/models.ts";

const signed = z.object({ message: z.string(), digest: hexForm(32), signature: signatureForm });
const key = z.object({ x: hexForm(32), y: hexForm(32) });
const vectors = z
  .object({
    registry: z.object({ chainId: z.string().transform(BigInt), address: z.string() }),
    deviceId: hexForm(32),
    registration: signed.extend({ owner: z.string(), operator: z.string(), key, units: z.array(z.string()) }),
    newKey: signed,
    batch: z.object(batchForm.shape).extend(signed.shape),
    readings: z.array(z.object(readingForm.shape).extend({ leaf: hexForm(32), path: z.array(hexForm(32)) })),
  })
  .parse(JSON.parse(readFileSync("test/vectors/golden/devices/batch.json", "utf8")));

/** What firmware is written against: nothing here may change without a new version in the tags. */
describe("the golden vectors of devices", () => {
  const { registry, deviceId, registration, newKey, batch, readings } = vectors;
  const plain = readings.map(({ leaf: _, path: __, ...reading }) => reading);
  const { message: _, digest: __, signature: ___, ...said } = batch;

  const expectSigned = (publicKey: PublicKey, message: Uint8Array, expected: z.infer<typeof signed>) => {
    expect(toHex(message)).to.equal(expected.message);
    expect(`0x${hash("sha256", message, "hex")}`).to.equal(expected.digest);
    expect(isSignedBy(publicKey, message, expected.signature)).to.equal(true);
  };

  it("have the leaves, the root and every path", () => {
    expect(readings.map(({ leaf }) => leaf)).to.deep.equal(plain.map((reading) => toHex(leafOf(reading))));
    expect(rootOf(plain)).to.equal(batch.root);
    for (const [index, { path }] of readings.entries()) {
      expect(pathOf(plain, index)).to.deep.equal(path);
      expect(contains(batch.root, batch.count, index, plain[index] as (typeof plain)[0], path)).to.equal(true);
    }
    expect(batchOf(deviceId, plain)).to.deep.equal(said);
  });

  it("have the messages of a registration, a new key and a batch, signed", () => {
    const { profile, quantities } = shipModel();
    const { owner, operator, key: publicKey } = registration;
    const registered = { key: publicKey, operator, profile, quantities };
    expect(keyHash(publicKey)).to.equal(deviceId);
    expectSigned(publicKey, registrationMessage(registry, owner, registered), registration);
    expectSigned(publicKey, keyMessage(registry, deviceId, publicKey), newKey);
    expectSigned(publicKey, batchMessage(registry, said), batch);
    expect(registration.units).to.deep.equal(["0x444400", "0x444400", "0x43454c"]);
  });

  it("are genuine, each of them, and for this registry alone", () => {
    for (const [index, reading] of plain.entries()) {
      const path = readings[index]?.path ?? ([] as Hex[]);
      const proof = { batch: said, signature: batch.signature, reading, path };
      expect(isGenuine(proof, registration.key, registry)).to.equal(true);
      expect(isGenuine(proof, registration.key, { ...registry, chainId: registry.chainId + 1n })).to.equal(false);
    }
  });
});
