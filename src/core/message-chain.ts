import { concat, type Hex, keccak256, keccakText, word } from "./hex.ts";

/** A message as it travels; see `MessageChain.sol`. */
export interface Message {
  recipient: Hex;
  payload: Hex;
}

/** A message with the id it got: the head of its sender's chain after it. */
export interface LoggedMessage extends Message {
  id: Hex;
}

/** The head before a sender's first message. */
export function genesis(chainId: number, gateway: Hex, sender: Hex): Hex {
  return keccak256(
    concat(keccakText("huangpu.message-chain.v1"), word(BigInt(chainId)), word(lower(gateway)), word(lower(sender))),
  );
}

export function messageHash(message: Message): Hex {
  return keccak256(concat(lower(message.recipient), message.payload));
}

/** The head after a message. */
export function append(head: Hex, message: Message): Hex {
  return keccak256(concat(head, messageHash(message)));
}

/** The storage key under which a gateway keeps a sender's head. */
export function headSlot(sender: Hex): Hex {
  const HEADS_SLOT = 0n;
  return keccak256(concat(word(lower(sender)), word(HEADS_SLOT)));
}

/**
 * Index of the first message whose id does not follow from the one before, or -1 when all do. A gap, an altered message
 * and a wrong order all show here, so logs that an RPC left out are noticed before anything rests on them.
 */
export function firstBreak(head: Hex, messages: readonly LoggedMessage[]): number {
  let expected = head;
  for (const [index, message] of messages.entries()) {
    expected = append(expected, message);
    if (expected !== message.id) return index;
  }
  return -1;
}

function lower(hex: Hex): Hex {
  return hex.toLowerCase() as Hex;
}
