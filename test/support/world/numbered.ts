import { Contract, type ContractTransactionResponse } from "ethers";
import { type BenchContract, deployBenchContract } from "../../../bench/bench-contract.ts";
import { developmentWallet } from "../../../src/config/development.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { formatInteroperableAddress } from "../../../src/core/interoperable-address.ts";
import { mined } from "./actor.ts";
import type { World } from "./world.ts";

const PER_TRANSACTION = 50;
const GAS = { gasLimit: 15_000_000n };

/** Messages of any kind from the trade chain to a recipient on the finance chain that counts them. */
export class Numbered {
  readonly #world: World;
  readonly #recipient: BenchContract;
  readonly #sender: BenchContract;
  #sent = 0;

  private constructor(world: World, recipient: BenchContract, sender: BenchContract) {
    this.#world = world;
    this.#recipient = recipient;
    this.#sender = sender;
  }

  static async deploy(world: World): Promise<Numbered> {
    const { trade, finance, deployment } = world;
    const recipient = await deployBenchContract("BenchRecipient", finance.provider);
    const sender = await deployBenchContract("BenchSender", trade.provider, [deployment.trade.gateway]);
    const { gateway } = world.as("operator").trade;
    await mined(gateway.openLog(sender.address));
    await mined(gateway.openLog(world.as("seller").address));
    return new Numbered(world, recipient, sender);
  }

  get #to(): Hex {
    const { chainId } = this.#world.deployment.finance;
    return formatInteroperableAddress({ chainId, account: this.#recipient.address });
  }

  /** So many messages of 128 bytes, from a contract. */
  async send(count: number): Promise<void> {
    const { provider } = this.#world.trade;
    const wallet = developmentWallet("stranger").connect(provider);
    const sender = new Contract(this.#sender.address, this.#sender.abi, wallet);
    for (let sent = 0; sent < count; sent += PER_TRANSACTION) {
      const batch = Math.min(PER_TRANSACTION, count - sent);
      await mined(sender["send"]?.(this.#to, this.#sent, batch, GAS) as Promise<ContractTransactionResponse>);
      this.#sent += batch;
    }
  }

  /** One message, from the seller's account. */
  async sendBytes(payload: Hex): Promise<void> {
    const { gateway } = this.#world.as("seller").trade;
    await mined(gateway.sendMessage(this.#to, payload, []));
    this.#sent++;
  }

  /** Whether all that was sent was received. */
  async arrived(): Promise<boolean> {
    const { provider } = this.#world.finance;
    const received = await new Contract(this.#recipient.address, this.#recipient.abi, provider)["received"]?.();
    return received === BigInt(this.#sent) + 1n;
  }
}
