import { gatewayAbi } from "../src/chains/abis.ts";
import {
  encodeDeliver,
  encodeDeliverProven,
  encodeProveEarlierHead,
  encodeProveHead,
  type HeadProof,
} from "../src/chains/gateway.ts";
import type { Hex } from "../src/core/hex.ts";
import { append, type Message, messageHash } from "../src/core/message-chain.ts";
import type { BenchContract } from "./bench-contract.ts";
import { seededBytes } from "./seeded-bytes.ts";
import type { Sender } from "./sender.ts";

export const PAYLOAD_BYTES = 128;

export interface LaneOptions {
  /** Whose messages travel. */
  sender: Hex;
  /** Where its delivery stands. */
  cursor: Hex;
  /** Of the destination. */
  gateway: Hex;
  /** Pays for the deliveries. */
  deliverer: Sender;
  recipient: BenchContract;
  /** Shows a head of the sender, in a header that was not used before. */
  prove: (head: Hex) => Promise<HeadProof>;
}

/** What is under way from one sender to one recipient, and what each call to the destination's gateway takes in gas. */
export class BenchLane {
  readonly #options: LaneOptions;
  #cursor: Hex;
  #made = 0;
  pending: Message[] = [];

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#cursor = options.cursor;
  }

  /** The next message, with bytes of its own. It counts as pending from now on. */
  nextMessage(): Message {
    const payload = seededBytes(`message ${this.#made++}`, PAYLOAD_BYTES);
    const message = { recipient: this.#options.recipient.address, payload };
    this.pending.push(message);
    return message;
  }

  async deliver(): Promise<number> {
    const { sender } = this.#options;
    const gas = await this.#call(encodeDeliver(sender, this.#cursor, this.pending, await this.#proof()));
    this.#arrived();
    return gas;
  }

  async proveHead(): Promise<number> {
    return await this.#call(encodeProveHead(this.#options.sender, await this.#proof()));
  }

  /** Shows the head before the last `count` messages. */
  async proveEarlierHead(count: number): Promise<number> {
    const earlier = this.#headAfter(this.pending.slice(0, -count));
    const hashes = this.pending.slice(-count).map(messageHash);
    return await this.#call(encodeProveEarlierHead(this.#options.sender, earlier, hashes));
  }

  async deliverProven(): Promise<number> {
    const gas = await this.#call(encodeDeliverProven(this.#options.sender, this.#cursor, this.pending));
    this.#arrived();
    return gas;
  }

  /** Makes the recipient fail, or no more. */
  async refuse(value: boolean): Promise<void> {
    const { recipient, deliverer } = this.#options;
    const data = recipient.abi.encodeFunctionData("refuse", [value]) as Hex;
    await deliverer.run({ to: recipient.address, data });
  }

  /** Executes the last delivered message, which failed, again. */
  async retry(message: Message): Promise<number> {
    const args = [this.#cursor, this.#options.sender, message];
    return await this.#call(gatewayAbi.encodeFunctionData("retry", args) as Hex);
  }

  async #call(data: Hex): Promise<number> {
    return await this.#options.deliverer.gasOf({ to: this.#options.gateway, data });
  }

  async #proof(): Promise<HeadProof> {
    return await this.#options.prove(this.#headAfter(this.pending));
  }

  #headAfter(messages: readonly Message[]): Hex {
    return messages.reduce(append, this.#cursor);
  }

  #arrived(): void {
    this.#cursor = this.#headAfter(this.pending);
    this.pending = [];
  }
}
