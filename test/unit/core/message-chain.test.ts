import { expect } from "chai";
import { AbiCoder, id, keccak256, solidityPacked } from "ethers";
import type { Hex } from "../../../src/core/hex.ts";
import {
  append,
  firstBreak,
  genesis,
  headSlot,
  type LoggedMessage,
  messageHash,
} from "../../../src/core/message-chain.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

const abi = AbiCoder.defaultAbiCoder();
const GATEWAY: Hex = "0xAbCdEf0000000000000000000000000000000001";
const SENDER: Hex = "0xFeDcBa0000000000000000000000000000000002";
const START = genesis(7101, GATEWAY, SENDER);

function chainOf(random: SeededRandom, length: number): LoggedMessage[] {
  const messages: LoggedMessage[] = [];
  let head = START;
  for (let index = 0; index < length; index++) {
    const message = { recipient: random.hex(20), payload: random.hex(random.below(200)) };
    head = append(head, message);
    messages.push({ ...message, id: head });
  }
  return messages;
}

/** Many chains of one to twenty messages. */
function* chains(seed: number): Generator<{ random: SeededRandom; messages: LoggedMessage[] }> {
  const random = new SeededRandom(seed);
  for (let round = 0; round < 60; round++) yield { random, messages: chainOf(random, random.between(1, 20)) };
}

const at = (messages: LoggedMessage[], index: number): LoggedMessage => messages[index] as LoggedMessage;

describe("message chain", () => {
  it("begins as MessageChain.sol begins", () => {
    const encoded = abi.encode(
      ["bytes32", "uint256", "address", "address"],
      [id("huangpu.message-chain.v1"), 7101, GATEWAY.toLowerCase(), SENDER.toLowerCase()],
    );
    expect(START).to.equal(keccak256(encoded));
  });

  it("begins differently for another chain, gateway or sender", () => {
    expect(
      new Set([START, genesis(7102, GATEWAY, SENDER), genesis(7101, SENDER, SENDER), genesis(7101, GATEWAY, GATEWAY)]),
    ).to.have.length(4);
  });

  it("goes on as MessageChain.sol goes on", () => {
    const random = new SeededRandom(3);
    for (let length = 0; length < 130; length += 13) {
      const message = { recipient: random.hex(20), payload: random.hex(length) };
      const hash = keccak256(solidityPacked(["address", "bytes"], [message.recipient, message.payload]));
      expect(messageHash(message)).to.equal(hash);
      expect(append(START, message)).to.equal(keccak256(solidityPacked(["bytes32", "bytes32"], [START, hash])));
    }
  });

  it("finds the slot where a mapping in slot 0 has it", () => {
    expect(headSlot(SENDER)).to.equal(keccak256(abi.encode(["address", "uint256"], [SENDER.toLowerCase(), 0])));
  });

  it("does not care for the case of addresses", () => {
    const lower = <T extends string>(hex: T) => hex.toLowerCase() as Hex;
    expect(genesis(7101, lower(GATEWAY), lower(SENDER))).to.equal(START);
    expect(headSlot(lower(SENDER))).to.equal(headSlot(SENDER));
    expect(messageHash({ recipient: lower(SENDER), payload: "0x01" })).to.equal(
      messageHash({ recipient: SENDER, payload: "0x01" }),
    );
  });

  describe("firstBreak", () => {
    it("is -1 when every message follows, and when there is none", () => {
      expect(firstBreak(START, [])).to.equal(-1);
      for (const { messages } of chains(4)) expect(firstBreak(START, messages)).to.equal(-1);
    });

    it("goes on from any head in the middle", () => {
      for (const { random, messages } of chains(5)) {
        const index = random.below(messages.length);
        expect(firstBreak(at(messages, index).id, messages.slice(index + 1))).to.equal(-1);
      }
    });

    it("is where the payload is altered", () => {
      for (const { random, messages } of chains(6)) {
        const index = random.below(messages.length);
        const altered = messages.with(index, { ...at(messages, index), payload: `${at(messages, index).payload}00` });
        expect(firstBreak(START, altered)).to.equal(index);
      }
    });

    it("is where the recipient or the id is altered", () => {
      for (const { random, messages } of chains(7)) {
        const index = random.below(messages.length);
        const message = at(messages, index);
        expect(firstBreak(START, messages.with(index, { ...message, recipient: random.hex(20) }))).to.equal(index);
        expect(firstBreak(START, messages.with(index, { ...message, id: random.hex(32) }))).to.equal(index);
      }
    });

    it("is after the gap when a message is left out", () => {
      for (const { random, messages } of chains(8)) {
        if (messages.length < 2) continue;
        const index = random.below(messages.length - 1);
        expect(firstBreak(START, messages.toSpliced(index, 1))).to.equal(index);
      }
    });

    it("is at the first of two exchanged messages", () => {
      for (const { random, messages } of chains(9)) {
        if (messages.length < 2) continue;
        const index = random.below(messages.length - 1);
        const swapped = messages.with(index, at(messages, index + 1)).with(index + 1, at(messages, index));
        expect(firstBreak(START, swapped)).to.equal(index);
      }
    });

    it("is at the second of two equal messages", () => {
      for (const { random, messages } of chains(10)) {
        const index = random.below(messages.length);
        expect(firstBreak(START, messages.toSpliced(index, 0, at(messages, index)))).to.equal(index + 1);
      }
    });

    it("is at once when the chain is another sender's", () => {
      for (const { messages } of chains(11)) expect(firstBreak(genesis(7101, GATEWAY, GATEWAY), messages)).to.equal(0);
    });
  });
});
