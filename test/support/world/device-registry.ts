import { hexlify, type JsonRpcSigner, toUtf8Bytes } from "ethers";
import { type Hardfork, type LocalChain, startLocalChain } from "../../../scripts/local/chains.ts";
import { LOCAL_CHAIN_IDS } from "../../../src/config/development.ts";
import { completeLei } from "../../../src/core/codes/lei.ts";
import {
  keyHash,
  type RegistryAddress,
  registrationForm,
  registrationMessage,
} from "../../../src/devices/device-messages.ts";
import type { SimulatedDevice } from "../../../src/devices/simulator/simulated-device.ts";
import type { DeviceRegistry } from "../../../types/ethers-contracts/contracts/trade/devices/DeviceRegistry.ts";
import { AccessManager__factory } from "../../../types/ethers-contracts/factories/@openzeppelin/contracts/access/manager/AccessManager__factory.ts";
import { Participants__factory } from "../../../types/ethers-contracts/factories/contracts/access/Participants__factory.ts";
import { DeviceRegistry__factory } from "../../../types/ethers-contracts/factories/contracts/trade/devices/DeviceRegistry__factory.ts";

const DAY = 24 * 3_600;

/** A chain with a registry of devices alone, as it is deployed, and those who matter to a device. */
export interface DeviceStage {
  chain: LocalChain;
  registry: RegistryAddress;
  /** As the device's owner and operator, who is one. */
  contract: DeviceRegistry;
  /** As an accredited calibrator of another entity. */
  calibrator: DeviceRegistry;
  /** Unix seconds of the chain. */
  now: number;
  /** Registers a device, and calibrates it from two weeks ago for a year. */
  admit(device: SimulatedDevice): Promise<void>;
  setTime(time: number): Promise<void>;
}

export async function startDeviceStage(hardfork: Hardfork = "cancun"): Promise<DeviceStage> {
  const chain = await startLocalChain("trade", 0, hardfork);
  const [owner, other] = [await chain.provider.getSigner(0), await chain.provider.getSigner(1)];
  const manager = await new AccessManager__factory(owner).deploy(owner);
  const participants = await new Participants__factory(owner).deploy(manager);
  const contract = await new DeviceRegistry__factory(owner).deploy(manager, participants);
  const calibrator = contract.connect(other);
  for (const [signer, body] of [
    [owner, "8945HPUIMPORTER000"],
    [other, "8945HPUEXPORTER000"],
  ] as readonly [JsonRpcSigner, string][]) {
    const lei = hexlify(toUtf8Bytes(completeLei(body)));
    await (await participants.admit(lei, hexlify(toUtf8Bytes("CN")))).wait();
    await (await participants.linkAccount(signer, lei)).wait();
  }
  await (await contract.setCalibrator(other, true)).wait();
  const registry = { chainId: BigInt(LOCAL_CHAIN_IDS.trade), address: await contract.getAddress() };
  const now = (await chain.provider.getBlock("latest"))?.timestamp ?? 0;
  return {
    chain,
    registry,
    contract,
    calibrator,
    now,
    admit: async (device) => {
      const { profile, quantities } = device.model;
      const registration = { key: device.key.publicKey, operator: owner.address, profile, quantities };
      const signature = device.key.sign(registrationMessage(registry, owner.address, registration));
      await (await contract.register(registrationForm(registration), signature)).wait();
      const key = keyHash(device.key.publicKey);
      await (await calibrator.calibrate(device.deviceId, key, now - 14 * DAY, now + 365 * DAY)).wait();
    },
    setTime: async (time) => {
      await chain.provider.send("evm_setNextBlockTimestamp", [time]);
      await chain.provider.send("evm_mine", []);
    },
  };
}
