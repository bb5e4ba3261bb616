import { readFileSync } from "node:fs";
import { type BaseWallet, Wallet } from "ethers/wallet";
import { HuangpuError } from "../core/errors.ts";
import { developmentWallet, isDevelopmentAddress, isLocalChain } from "./development.ts";
import type { Environment } from "./load.ts";
import type { KeySource } from "./schema.ts";

/**
 * The key that a role signs with.
 * @throws HuangpuError KEY_REFUSED when it cannot be had, or when everybody has it: a key of the development mnemonic
 * is taken only on the local chains, wherever it comes from.
 */
export async function loadKey(source: KeySource, chainIds: readonly number[], environment: Environment): Promise<BaseWallet> {
  const wallet = await open(source, environment);
  if (!chainIds.every(isLocalChain) && isDevelopmentAddress(wallet.address)) {
    throw new HuangpuError("KEY_REFUSED", "The key is of the public development mnemonic, good for the local chains only", {
      fields: { address: wallet.address, chainIds },
    });
  }
  return wallet;
}

async function open(source: KeySource, environment: Environment): Promise<BaseWallet> {
  if ("development" in source) return developmentWallet(source.development);
  if ("env" in source) {
    const key = environment[source.env];
    if (key === undefined || !/^0x[0-9a-fA-F]{64}$/.test(key)) {
      throw new HuangpuError("KEY_REFUSED", `${source.env} must hold a private key: 32 bytes in hexadecimal, 0x first`);
    }
    return new Wallet(key);
  }
  const password = environment[source.passwordEnv];
  if (password === undefined) {
    throw new HuangpuError("KEY_REFUSED", `${source.passwordEnv} must hold the password of ${source.keystore}`);
  }
  try {
    return await Wallet.fromEncryptedJson(readFileSync(source.keystore, "utf8"), password);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuangpuError("KEY_REFUSED", `${source.keystore} cannot be opened: ${reason}`, { cause });
  }
}
