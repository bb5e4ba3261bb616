import { HuangpuError } from "../core/errors.ts";
import { concat, type Hex, word } from "../core/hex.ts";
import { parseInteroperableAddress } from "../core/interoperable-address.ts";
import type { Message } from "../core/message-chain.ts";
import type { RpcLog } from "./chain.ts";

/** The ABI of messages, by hand: nearly all that a relayer decodes and encodes is messages, by the thousand. */

export interface MessageSent extends Message {
  id: Hex;
  sender: Hex;
}

const WORD = 64;

/**
 * Reads a log of `MessageSent(bytes32 indexed sendId, bytes sender, bytes recipient, bytes payload, uint256, bytes[])`.
 * @throws HuangpuError RPC_INCONSISTENT when it is none.
 */
export function decodeMessageSent({ topics: [, id], data }: RpcLog): MessageSent {
  try {
    return {
      id: id as Hex,
      sender: parseInteroperableAddress(bytesArgument(data, 0)).account,
      recipient: parseInteroperableAddress(bytesArgument(data, 1)).account,
      payload: bytesArgument(data, 2),
    };
  } catch (cause) {
    throw new HuangpuError("RPC_INCONSISTENT", "A log of the gateway is no message", { fields: { id }, cause });
  }
}

/** `Message[]` as the tail of a call's arguments. */
export function encodeMessages(messages: readonly Message[]): Hex {
  const bodies = messages.map(encodeMessage);
  const offsets: Hex[] = [];
  let offset = 32 * messages.length;
  for (const body of bodies) {
    offsets.push(word(BigInt(offset)));
    offset += (body.length - 2) / 2;
  }
  return concat(word(BigInt(messages.length)), ...offsets, ...bodies);
}

function encodeMessage({ recipient, payload }: Message): Hex {
  const digits = payload.slice(2);
  const padded = digits.padEnd(Math.ceil(digits.length / WORD) * WORD, "0");
  return concat(word(recipient), word(64n), word(BigInt(digits.length / 2)), `0x${padded}`);
}

function bytesArgument(data: Hex, index: number): Hex {
  const start = 2 * numberAt(data, index * WORD);
  const end = start + WORD + 2 * numberAt(data, start);
  if (2 + end > data.length) throw new RangeError("The data ends too early");
  return `0x${data.slice(2 + start + WORD, 2 + end)}`;
}

/** The number in the word that begins `position` digits after 0x. Past the end it is not a number. */
function numberAt(data: Hex, position: number): number {
  const value = Number(`0x${data.slice(2 + position, 2 + position + WORD)}`);
  if (!Number.isSafeInteger(value)) throw new RangeError("An offset or a length is out of range");
  return value;
}
