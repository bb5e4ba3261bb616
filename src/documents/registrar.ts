import { setTimeout as sleep } from "node:timers/promises";
import type { BaseWallet } from "ethers/wallet";
import type { Chain, RpcReceipt } from "../chains/chain.ts";
import { asHuangpuError, classifyRefusal, HuangpuError } from "../core/errors.ts";
import { type FeePolicy, marketFees } from "../core/fees.ts";
import type { Hex } from "../core/hex.ts";
import { signTransaction } from "../core/transaction.ts";
import { documentRegistryAbi } from "./registered-documents.ts";
import { registryRefusal } from "./registry-refusal.ts";

export interface RegistrarOptions {
  registry: Hex;
  fees: FeePolicy;
  pollMs: number;
  receiptTimeoutMs: number;
}

/** Changes what the document registry says, for one account, a transaction at a time. */
export class Registrar {
  readonly #options: RegistrarOptions;
  readonly #chain: Chain;
  readonly #wallet: BaseWallet;

  constructor(options: RegistrarOptions, chain: Chain, wallet: BaseWallet) {
    this.#options = options;
    this.#chain = chain;
    this.#wallet = wallet;
  }

  get account(): Hex {
    return this.#wallet.address.toLowerCase() as Hex;
  }

  /**
   * Calls a function of the registry and waits until it is mined. Nothing is sent when the registry would refuse it.
   * @throws HuangpuError REGISTRY_… when it is refused, REGISTRY_UNCONFIRMED when it is not mined in time: then it may be yet.
   */
  async call(name: string, args: readonly unknown[]): Promise<RpcReceipt> {
    const { registry, fees } = this.#options;
    const data = documentRegistryAbi.encodeFunctionData(name, args) as Hex;
    const estimate = await this.#chain.estimateGas(this.account, registry, data).catch((error: unknown) => {
      throw registryRefusal(asHuangpuError(error));
    });
    const { baseFeePerGas } = await this.#chain.latestBlock();
    const call = {
      chainId: this.#chain.chainId,
      nonce: await this.#chain.nonce(this.account),
      to: registry,
      data,
      gasLimit: estimate + estimate / 4n,
      ...marketFees(BigInt(baseFeePerGas ?? 0), fees),
    };
    const { raw, hash } = signTransaction(call, (digest) => this.#wallet.signingKey.sign(digest));
    await this.#chain.sendRaw(raw).catch((error: unknown) => tolerateKnown(asHuangpuError(error)));
    const receipt = await this.#receipt(hash);
    if (receipt.status === "0x1") return receipt;
    throw new HuangpuError("REGISTRY_REFUSED", "The registry refused what it would have taken before: look again", {
      fields: { transaction: hash },
    });
  }

  async #receipt(hash: Hex): Promise<RpcReceipt> {
    const { pollMs, receiptTimeoutMs } = this.#options;
    const deadline = Date.now() + receiptTimeoutMs;
    for (;;) {
      const receipt = await this.#chain.receipt(hash);
      if (receipt !== null) return receipt;
      if (Date.now() > deadline) break;
      await sleep(pollMs);
    }
    const fault = `The transaction ${hash} was not mined in ${receiptTimeoutMs} ms; it may be yet, which verify shows`;
    throw new HuangpuError("REGISTRY_UNCONFIRMED", fault, { fields: { transaction: hash } });
  }
}

/** A node that has the transaction already has it from an earlier try of the same request. */
function tolerateKnown(error: HuangpuError): void {
  const { reason } = error.fields;
  if (error.code === "RPC_REJECTED" && typeof reason === "string" && classifyRefusal(reason) === "known") return;
  throw error;
}
