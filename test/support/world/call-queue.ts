import type { JsonRpcProvider } from "ethers";
import type { HDNodeWallet } from "ethers/wallet";
import type { Hex } from "../../../src/core/hex.ts";
import { signTransaction } from "../../../src/core/transaction.ts";

/** An account's calls, signed with counted nonces and sent without asking for anything in between. */
export class CallQueue {
  readonly #provider: JsonRpcProvider;
  readonly #wallet: HDNodeWallet;
  readonly #chainId: number;
  #nonce: number;

  private constructor(provider: JsonRpcProvider, wallet: HDNodeWallet, chainId: number, nonce: number) {
    this.#provider = provider;
    this.#wallet = wallet;
    this.#chainId = chainId;
    this.#nonce = nonce;
  }

  static async open(provider: JsonRpcProvider, wallet: HDNodeWallet): Promise<CallQueue> {
    const { chainId } = await provider.getNetwork();
    return new CallQueue(provider, wallet, Number(chainId), await provider.getTransactionCount(wallet.address));
  }

  /** Hands a call to the chain; nobody looks at what becomes of it. @throws Error when the chain refuses it. */
  async send(to: string, data: string, gasLimit: bigint): Promise<void> {
    const transaction = {
      chainId: this.#chainId,
      nonce: this.#nonce++,
      to: to as Hex,
      data: data as Hex,
      gasLimit,
      maxFeePerGas: 1_000_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
    };
    const { raw } = signTransaction(transaction, (digest) => this.#wallet.signingKey.sign(digest));
    await this.#provider.send("eth_sendRawTransaction", [raw]);
  }
}
