import { AbiCoder, encodeBytes32String } from "ethers/abi";
import { type Hex, keccak256, toBytes } from "../core/hex.ts";
import type { PublicKey } from "./device-key.ts";
import { type Quantity, unitBytes } from "./quantities.ts";
import type { Batch, Profile } from "./reading.ts";

/** The registry that a device signs for: what is signed for one is no good for another. */
export interface RegistryAddress {
  chainId: bigint;
  address: string;
}

/** What an owner registers. As `IDeviceRegistry.Registration`, but with quantities as they are here. */
export interface Registration {
  key: PublicKey;
  operator: string;
  profile: Profile;
  quantities: Quantity[];
}

const KEY = "tuple(bytes32 x, bytes32 y)";
const QUANTITY = "tuple(uint16 kind, bytes3 unit, uint8 decimals, int64 min, int64 max, uint64 maxStep)";
const PROFILE = "tuple(uint32 interval, uint32 maxSilence, uint32 maxDelay)";
const REGISTRATION = `tuple(${KEY} key, address operator, ${PROFILE} profile, ${QUANTITY}[] quantities)`;
const EXTENT = "tuple(int64 min, int64 max)";
const BATCH = `tuple(bytes32 deviceId, uint64 firstCounter, uint32 count, uint40 from, uint40 to, bytes32 root, ${EXTENT}[] extents)`;

/** What a device signs with ECDSA-SHA256 for a batch. */
export function batchMessage(registry: RegistryAddress, batch: Batch): Uint8Array {
  return message("huangpu device batch/1", registry, [BATCH], [batch]);
}

/** What a device signs so that `owner` may register it. */
export function registrationMessage(registry: RegistryAddress, owner: string, registration: Registration): Uint8Array {
  const form = registrationForm(registration);
  return message("huangpu device registration/1", registry, ["address", REGISTRATION], [owner, form]);
}

/** What a new key signs to take the place of a device's present one. */
export function keyMessage(registry: RegistryAddress, deviceId: Hex, key: PublicKey): Uint8Array {
  return message("huangpu device key/1", registry, ["bytes32", KEY], [deviceId, key]);
}

/** A registration as the contract takes it. */
export function registrationForm({ quantities, ...others }: Registration) {
  return { ...others, quantities: quantities.map((one) => ({ ...one, unit: unitBytes(one.unit) })) };
}

/** The id of a device that is registered with this key; of another key, what its calibrator names. */
export function keyHash({ x, y }: PublicKey): Hex {
  return keccak256(`0x${x.slice(2)}${y.slice(2)}`);
}

function message(tag: string, { chainId, address }: RegistryAddress, types: string[], values: unknown[]): Uint8Array {
  const head = [encodeBytes32String(tag), chainId, address];
  const encoded = AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256", "address", ...types], [...head, ...values]);
  return toBytes(encoded as Hex);
}
