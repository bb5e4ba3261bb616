import type { JsonRpcProvider, TransactionLike, TransactionRequest, TransactionResponse } from "ethers";
import { Wallet } from "ethers/wallet";
import { type DevelopmentAccount, developmentWallet } from "../../src/config/development.ts";

/** Enough for any call of an onboarding. */
const GAS_LIMIT = 5_000_000n;
const FEES = { maxFeePerGas: 1_000_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };

/**
 * An account of a local chain that asks for nothing before it sends: nonces are counted, gas and fees are generous. What
 * it is given at once goes out in order.
 */
export class QuickSigner extends Wallet {
  #nonce: number;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(key: string, provider: JsonRpcProvider, nonce: number) {
    super(key, provider);
    this.#nonce = nonce;
  }

  static async open(account: DevelopmentAccount, provider: JsonRpcProvider): Promise<QuickSigner> {
    const { address, privateKey } = developmentWallet(account);
    return new QuickSigner(privateKey, provider, await provider.getTransactionCount(address));
  }

  override async sendTransaction(request: TransactionRequest): Promise<TransactionResponse> {
    const sending = this.#last.then(() => super.sendTransaction(request));
    this.#last = sending.catch(() => undefined);
    return await sending;
  }

  override async populateTransaction(request: TransactionRequest): Promise<TransactionLike<string>> {
    const stated = { ...request, ...FEES, type: 2, nonce: this.#nonce++, gasLimit: GAS_LIMIT };
    return await super.populateTransaction(stated);
  }
}
