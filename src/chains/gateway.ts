import { HuangpuError } from "../core/errors.ts";
import { concat, type Hex, word } from "../core/hex.ts";
import { formatInteroperableAddress } from "../core/interoperable-address.ts";
import type { LoggedMessage, Message } from "../core/message-chain.ts";
import { gatewayAbi, headersAbi, lightClientAbi, recipientAbi } from "./abis.ts";
import type { Chain, RpcReceipt } from "./chain.ts";
import { decodeMessageSent, encodeMessages } from "./message-codec.ts";
import { pinned } from "./pinned-chain.ts";

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
const LOG_OPENED = topic("LogOpened");
const MESSAGE_FAILED = topic("MessageFailed");
const DELIVER = gatewayAbi.getFunction("deliver")?.selector as Hex;
const DELIVER_PROVEN = gatewayAbi.getFunction("deliverProven")?.selector as Hex;

/** A gateway contract: what it logged as a source, and what to call on it as a destination. */
export class Gateway {
  readonly chain: Chain;
  readonly address: Hex;

  constructor(chain: Chain, address: string) {
    this.chain = chain;
    this.address = address.toLowerCase() as Hex;
  }

  /** As one unit of work reads it at final blocks: from one provider, checked against the others. */
  pinned(): Gateway {
    const chain = pinned(this.chain);
    return chain === this.chain ? this : new Gateway(chain, this.address);
  }

  /**
   * What was logged in a range of blocks: messages, in the order of the chain, and senders that may send from then on.
   * @throws HuangpuError RPC_INCONSISTENT when the node gives logs of other blocks.
   */
  async logged(fromBlock: number, toBlock: number): Promise<{ messages: SentMessage[]; opened: Hex[] }> {
    const logs = await this.chain.logs(this.address, [MESSAGE_SENT, LOG_OPENED], fromBlock, toBlock);
    for (const { blockNumber } of logs) this.#assertWithin(Number(blockNumber), fromBlock, toBlock);
    const messages = logs.filter(({ topics }) => topics[0] !== LOG_OPENED);
    const opened = logs.filter(({ topics }) => topics[0] === LOG_OPENED);
    return {
      messages: messages.map((log) => ({ ...decodeMessageSent(log), block: Number(log.blockNumber) })),
      opened: opened.map(({ topics }) => `0x${topics[1]?.slice(-40)}` as const),
    };
  }

  async messagesSent(fromBlock: number, toBlock: number): Promise<SentMessage[]> {
    return (await this.logged(fromBlock, toBlock)).messages;
  }

  /** A sender's own head as it was at the end of a block. */
  async headOf(sender: Hex, block: number): Promise<Hex> {
    const data = await this.chain.call(this.address, encode(gatewayAbi, "headOf", [sender]), block);
    return gatewayAbi.decodeFunctionResult("headOf", data)[0] as Hex;
  }

  /** The head up to which a sender's messages were delivered here, now or at the end of a block. */
  async cursor(sender: Hex, block?: number): Promise<Hex> {
    return await this.#view("cursor", [sender], block);
  }

  async lane(): Promise<LaneState> {
    const { lightClient, messageGasLimit, paused } = await this.#view<LaneState>("lane", []);
    return { lightClient: lightClient.toLowerCase() as Hex, messageGasLimit, paused };
  }

  /** Whether an equivocation froze the light client. */
  async frozen(lightClient: Hex): Promise<boolean> {
    return lightClientAbi.decodeFunctionResult(
      "frozen",
      await this.chain.call(lightClient, encode(lightClientAbi, "frozen")),
    )[0];
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

  /** Gas that a message from `sourceChainId` would take now, a transaction's own 21,000 included; undefined if it failed. */
  async estimateMessage(
    sourceChainId: number,
    sender: Hex,
    { id, recipient, payload }: LoggedMessage,
  ): Promise<bigint | undefined> {
    const from = formatInteroperableAddress({ chainId: sourceChainId, account: sender });
    try {
      return await this.chain.estimateGas(
        this.address,
        recipient,
        encode(recipientAbi, "receiveMessage", [id, from, payload]),
      );
    } catch (error) {
      if (error instanceof HuangpuError && error.code === "RPC_REJECTED") return undefined;
      throw error;
    }
  }

  #assertWithin(given: number, fromBlock: number, toBlock: number): void {
    if (given >= fromBlock && given <= toBlock) return;
    const { name: chain } = this.chain;
    throw new HuangpuError("RPC_INCONSISTENT", `The ${chain} node gave logs of other blocks than were asked for`, {
      fields: { chain, fromBlock, toBlock, given },
    });
  }

  async #view<T>(name: string, args: unknown[], block?: number): Promise<T> {
    const data = await this.chain.call(this.address, encode(gatewayAbi, name, args), block);
    return gatewayAbi.decodeFunctionResult(name, data)[0] as T;
  }
}

export function encodeDeliver(sender: Hex, from: Hex, messages: Message[], proof: HeadProof): Hex {
  const tail = encodeMessages(messages);
  const proofOffset = 128n + BigInt(bytes(tail));
  // A proof is the last argument of `proveHead`, too, after a selector and two words.
  const proofTail: Hex = `0x${encodeProveHead(sender, proof).slice(2 + 8 + 128)}`;
  return concat(DELIVER, word(sender), from, word(128n), word(proofOffset), tail, proofTail);
}

export const encodeDeliverProven = (sender: Hex, from: Hex, messages: Message[]): Hex =>
  concat(DELIVER_PROVEN, word(sender), from, word(96n), encodeMessages(messages));

export const encodeProveHead = (sender: Hex, proof: HeadProof): Hex => encode(gatewayAbi, "proveHead", [sender, proof]);

export const encodeProveEarlierHead = (sender: Hex, earlier: Hex, messageHashes: Hex[]): Hex =>
  encode(gatewayAbi, "proveEarlierHead", [sender, earlier, messageHashes]);

export const encodeReportEquivocation = (header: Hex, seal: Hex): Hex =>
  encode(lightClientAbi, "reportEquivocation", [header, seal]);

/** Whether a contract reverted because a quorum has sealed another block at a height before. */
export function isConflictingHeader(revertData: unknown): boolean {
  const selector = lightClientAbi.getError("LightClient_ConflictingHeader")?.selector ?? "";
  return typeof revertData === "string" && revertData.startsWith(selector);
}

/** The messages of a delivery whose recipients failed. They are stored on chain; anyone can retry them. */
export function failedMessages(receipt: RpcReceipt): FailedMessage[] {
  return receipt.logs
    .filter((log) => log.topics[0] === MESSAGE_FAILED)
    .map((log) => {
      const { receiveId, recipient, reason } = gatewayAbi.decodeEventLog("MessageFailed", log.data, log.topics);
      return { id: receiveId, recipient, reason };
    });
}

function bytes(hex: Hex): number {
  return (hex.length - 2) / 2;
}

function encode(abi: typeof gatewayAbi, name: string, args: unknown[] = []): Hex {
  return abi.encodeFunctionData(name, args) as Hex;
}
