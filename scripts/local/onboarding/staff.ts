import type { ContractTransactionResponse, JsonRpcProvider } from "ethers";
import type { ContractRunner } from "ethers/providers";
import type { DevelopmentAccount } from "../../../src/config/development.ts";
import { QuickSigner } from "../quick-signer.ts";

/** Opens a chain's contracts as one of the development accounts calls them. */
export type Staff<T> = (account: DevelopmentAccount) => Promise<T>;

export function staff<T>(provider: JsonRpcProvider, open: (runner: ContractRunner) => T): Staff<T> {
  const opened = new Map<DevelopmentAccount, Promise<T>>();
  return async (account) => {
    const opening = opened.get(account) ?? QuickSigner.open(account, provider).then(open);
    opened.set(account, opening);
    return await opening;
  };
}

/** Waits for transactions that may be sent at once. @throws Error when one of them fails. */
export async function mined(...sent: Promise<ContractTransactionResponse>[]): Promise<void> {
  await Promise.all(sent.map(async (sending) => await (await sending).wait()));
}
