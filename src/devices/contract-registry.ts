import { isError } from "ethers";
import type { DeviceRegistry } from "../../types/ethers-contracts/contracts/trade/devices/DeviceRegistry.ts";
import { loadAbi } from "../chains/abis.ts";
import { asHuangpuError, HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import type { RegistryChain } from "./anchor-batches.ts";
import type { RegistryAddress } from "./device-messages.ts";

/** Afterwards it counts as not sent; whether it is mined all the same shows in its word. */
const MINED_WITHIN_MS = 60_000;

const abis = ["trade/devices/DeviceRegistry", "access/Participants"].map(loadAbi);

/** The registry through a contract that its operator's account signs for. */
export function contractRegistry(contract: DeviceRegistry, registry: RegistryAddress): RegistryChain {
  return {
    registry,
    batchWord: async (deviceId, firstCounter) =>
      await attempt(async () => (await contract.batchWord(deviceId, firstCounter)) as Hex),
    submit: async (batch, signature) =>
      await attempt(async () => {
        const sent = await contract.submit(batch, signature);
        await sent.wait(1, MINED_WITHIN_MS);
      }),
  };
}

async function attempt<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (caught) {
    const refusal = refusalIn(caught);
    if (refusal === undefined) throw asHuangpuError(caught);
    throw new HuangpuError("BATCH_REFUSED", "The registry does not take the batch", {
      fields: { refusal },
      cause: caught,
    });
  }
}

/** The name of the contract's error; undefined when the chain, and not the contract, has failed. */
function refusalIn(caught: unknown): string | undefined {
  const data = isError(caught, "CALL_EXCEPTION") ? caught.data : null;
  return data === null ? undefined : abis.map((abi) => abi.parseError(data)?.name).find((name) => name !== undefined);
}
