import type { JsonRpcProvider, TransactionLike, TransactionRequest, TransactionResponse } from "ethers";
import { Wallet } from "ethers/wallet";
import { type DevelopmentAccount, developmentWallet } from "../../src/config/development.ts";

/** Enough for any call of an onboarding. */
const MUCH = 5_000_000n;
const FEES = { maxFeePerGas: 1_000_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };

/**
 * An account of a local chain that asks for nothing before it sends: nonces are counted, gas and fees are generous. What
 * it is given at once goes out in order.
 */
export class QuickSigner extends Wallet {
  readonly #gasLimit: bigint;
  #nonce: number;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(key: string, provider: JsonRpcProvider, nonce: number, gasLimit: bigint) {
    super(key, provider);
    this.#gasLimit = gasLimit;
    this.#nonce = nonce;
  }

  /** @param gasLimit Of each transaction. Many that share a block need a low one. */
  static async open(account: DevelopmentAccount, provider: JsonRpcProvider, gasLimit = MUCH): Promise<QuickSigner> {
    const { address, privateKey } = developmentWallet(account);
    return new QuickSigner(privateKey, provider, await provider.getTransactionCount(address), gasLimit);
  }

  override async sendTransaction(request: TransactionRequest): Promise<TransactionResponse> {
    const sending = this.#last.then(() => super.sendTransaction(request));
    this.#last = sending.catch(() => undefined);
    return await sending;
  }

  override async populateTransaction(request: TransactionRequest): Promise<TransactionLike<string>> {
    const stated = { ...request, ...FEES, type: 2, nonce: this.#nonce++, gasLimit: this.#gasLimit };
    return await super.populateTransaction(stated);
  }
}
