import type { Hex } from "../core/hex.ts";
import { parseInteroperableAddress } from "../core/interoperable-address.ts";
import type { LoggedMessage, Message } from "../core/message-chain.ts";
import { gatewayAbi, headersAbi, lightClientAbi } from "./abis.ts";
import type { Chain, RpcLog, RpcReceipt } from "./chain.ts";

/** What shows a sender's head on the other chain; the struct of `IGateway.sol`. */
export interface HeadProof {
  header: Hex;
  seal: Hex;
  accountProof: Hex[];
  storageProof: Hex[];
}

export interface SentMessage extends LoggedMessage {
  sender: Hex;
  block: number;
}

export interface LaneState {
  lightClient: Hex;
  messageGasLimit: bigint;
  paused: boolean;
}

export interface FailedMessage {
  id: Hex;
  recipient: Hex;
  reason: Hex;
}

const topic = (event: string): Hex => gatewayAbi.getEvent(event)?.topicHash as Hex;
const MESSAGE_SENT = topic("MessageSent");
const MESSAGE_FAILED = topic("MessageFailed");

/** A gateway contract: what it logged as a source, and what to call on it as a destination. */
export class Gateway {
  readonly chain: Chain;
  readonly address: Hex;

  constructor(chain: Chain, address: string) {
    this.chain = chain;
    this.address = address.toLowerCase() as Hex;
  }

  /** Messages logged in a range of blocks, in the order of the chain. */
  async messagesSent(fromBlock: number, toBlock: number): Promise<SentMessage[]> {
    const logs = await this.chain.logs(this.address, [MESSAGE_SENT], fromBlock, toBlock);
    return logs.map(readMessageSent);
  }

  /** A sender's own head as it was at the end of a block. */
  async headOf(sender: Hex, block: number): Promise<Hex> {
    const data = await this.chain.call(this.address, encode(gatewayAbi, "headOf", [sender]), block);
    return gatewayAbi.decodeFunctionResult("headOf", data)[0] as Hex;
  }

  /** The head up to which a sender's messages were delivered here. */
  async cursor(sender: Hex): Promise<Hex> {
    return await this.#view("cursor", [sender]);
  }

  async isProven(head: Hex): Promise<boolean> {
    return await this.#view("isProven", [head]);
  }

  async lane(): Promise<LaneState> {
    const { lightClient, messageGasLimit, paused } = await this.#view<LaneState>("lane", []);
    return { lightClient: lightClient.toLowerCase() as Hex, messageGasLimit, paused };
  }

  /** Whether an equivocation stopped the lane for good. */
  async frozen(lightClient: Hex): Promise<boolean> {
    return lightClientAbi.decodeFunctionResult("frozen", await this.chain.call(lightClient, encode(lightClientAbi, "frozen")))[0];
  }

  /** Who must have signed the source chain's headers, and how many of them. */
  async attestors(lightClient: Hex): Promise<{ validators: Hex[]; quorum: number }> {
    const verifier = lightClientAbi.decodeFunctionResult(
      "verifier",
      await this.chain.call(lightClient, encode(lightClientAbi, "verifier")),
    )[0] as Hex;
    const [validators, quorum] = await Promise.all([
      this.chain.call(verifier, encode(headersAbi, "validators")),
      this.chain.call(verifier, encode(headersAbi, "quorum")),
    ]);
    return {
      validators: headersAbi.decodeFunctionResult("validators", validators)[0].map((v: string) => v.toLowerCase()),
      quorum: Number(headersAbi.decodeFunctionResult("quorum", quorum)[0]),
    };
  }

  /** The head that a proof shows, found by a call that is not sent. Rejected with what the contract says is wrong. */
  async previewHead(sender: Hex, proof: HeadProof): Promise<Hex> {
    return await this.#view("proveHead", [sender, proof]);
  }

  async #view<T>(name: string, args: unknown[]): Promise<T> {
    const data = await this.chain.call(this.address, encode(gatewayAbi, name, args));
    return gatewayAbi.decodeFunctionResult(name, data)[0] as T;
  }
}

export const encodeDeliver = (sender: Hex, from: Hex, messages: Message[], proof: HeadProof): Hex =>
  encode(gatewayAbi, "deliver", [sender, from, messages, proof]);

export const encodeDeliverProven = (sender: Hex, from: Hex, messages: Message[]): Hex =>
  encode(gatewayAbi, "deliverProven", [sender, from, messages]);

export const encodeProveHead = (sender: Hex, proof: HeadProof): Hex => encode(gatewayAbi, "proveHead", [sender, proof]);

export const encodeProveEarlierHead = (sender: Hex, earlier: Hex, messageHashes: Hex[]): Hex =>
  encode(gatewayAbi, "proveEarlierHead", [sender, earlier, messageHashes]);

/** The messages of a delivery whose recipients failed. They are stored on chain; anyone can retry them. */
export function failedMessages(receipt: RpcReceipt): FailedMessage[] {
  return receipt.logs
    .filter((log) => log.topics[0] === MESSAGE_FAILED)
    .map((log) => {
      const { receiveId, recipient, reason } = gatewayAbi.decodeEventLog("MessageFailed", log.data, log.topics);
      return { id: receiveId, recipient, reason };
    });
}

function readMessageSent(log: RpcLog): SentMessage {
  const { sendId, sender, recipient, payload } = gatewayAbi.decodeEventLog("MessageSent", log.data, log.topics);
  return {
    id: sendId,
    sender: parseInteroperableAddress(sender).account,
    recipient: parseInteroperableAddress(recipient).account,
    payload,
    block: Number(log.blockNumber),
  };
}

function encode(abi: typeof gatewayAbi, name: string, args: unknown[] = []): Hex {
  return abi.encodeFunctionData(name, args) as Hex;
}
