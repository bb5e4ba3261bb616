import type { Provider } from "ethers/providers";
import type { HDNodeWallet } from "ethers/wallet";
import type { RpcReceipt } from "../src/chains/chain.ts";
import { type DevelopmentAccount, developmentWallet } from "../src/config/development.ts";
import type { Hex } from "../src/core/hex.ts";

/** Over HTTP or in this process. */
export type BenchProvider = Provider & { send<T>(method: string, params: unknown[]): Promise<T> };

export interface BenchCall {
  to: Hex;
  data?: Hex;
  value?: bigint;
  gasLimit?: bigint;
}

const GAS_LIMIT = 16_000_000n;
const MAX_FEE = 100_000_000_000n;

/**
 * Sends an account's transactions as fast as an automining chain takes them: signed here with counted nonces, one
 * request each.
 */
export class Sender {
  readonly #wallet: HDNodeWallet;
  readonly #provider: BenchProvider;
  readonly #chainId: number;
  #nonce: number;

  private constructor(wallet: HDNodeWallet, provider: BenchProvider, chainId: number, nonce: number) {
    this.#wallet = wallet;
    this.#provider = provider;
    this.#chainId = chainId;
    this.#nonce = nonce;
  }

  static async open(account: DevelopmentAccount, provider: BenchProvider): Promise<Sender> {
    const wallet = developmentWallet(account);
    const { chainId } = await provider.getNetwork();
    return new Sender(wallet, provider, Number(chainId), await provider.getTransactionCount(wallet.address));
  }

  get address(): Hex {
    return this.#wallet.address.toLowerCase() as Hex;
  }

  /** With the account's next nonce, so it must be sent before the next one. */
  async sign({ to, data = "0x", value = 0n, gasLimit = GAS_LIMIT }: BenchCall): Promise<Hex> {
    const signed = await this.#wallet.signTransaction({
      type: 2,
      chainId: this.#chainId,
      nonce: this.#nonce++,
      to,
      data,
      value,
      gasLimit,
      maxFeePerGas: MAX_FEE,
      maxPriorityFeePerGas: 0n,
    });
    return signed as Hex;
  }

  /** The hash of the sent transaction. @throws Error when the chain refuses it. */
  async push(call: BenchCall): Promise<Hex> {
    return await this.#provider.send("eth_sendRawTransaction", [await this.sign(call)]);
  }

  /** The receipt of the sent transaction. @throws Error when it is not mined at once, or reverted. */
  async run(call: BenchCall): Promise<RpcReceipt> {
    const hash = await this.push(call);
    const receipt: RpcReceipt | null = await this.#provider.send("eth_getTransactionReceipt", [hash]);
    if (receipt?.status !== "0x1") throw new Error(`Transaction ${hash} failed or was not mined`);
    return receipt;
  }

  async gasOf(call: BenchCall): Promise<number> {
    return Number((await this.run(call)).gasUsed);
  }
}
