import { expect } from "chai";
import { gatewayAbi, loadAbi } from "../../../src/chains/abis.ts";
import type { RpcReceipt } from "../../../src/chains/chain.ts";
import {
  encodeDeliver,
  encodeDeliverProven,
  encodeProveEarlierHead,
  encodeProveHead,
  failedMessages,
  Gateway,
} from "../../../src/chains/gateway.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { formatInteroperableAddress } from "../../../src/core/interoperable-address.ts";
import { genesis } from "../../../src/core/message-chain.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { FINANCE_GATEWAY, sendMany, TRADE_GATEWAY, type TwoChains, twoChains } from "../../support/fakes/two-chains.ts";

const SENDER: Hex = `0x${"55".repeat(20)}`;
const random = new SeededRandom(1);
const proof = {
  header: random.hex(500),
  seal: random.hex(195),
  accountProof: [random.hex(60)],
  storageProof: [random.hex(40)],
};

describe("Gateway", () => {
  let world: TwoChains;
  beforeEach(() => {
    world = twoChains();
  });

  it("keeps its address in lower case", () => {
    expect(new Gateway(world.trade, `0x${"AB".repeat(20)}`).address).to.equal(`0x${"ab".repeat(20)}`);
  });

  describe("messagesSent", () => {
    it("reads what ethers encodes", async () => {
      for (let length = 0; length < 200; length += 33) {
        const [id, recipient, payload] = [random.hex(32), random.hex(20), random.hex(length)];
        const { topics, data } = gatewayAbi.encodeEventLog("MessageSent", [
          id,
          formatInteroperableAddress({ chainId: 7101, account: SENDER }),
          formatInteroperableAddress({ chainId: 7102, account: recipient }),
          payload,
          0,
          [],
        ]);
        world.trade.log({ address: TRADE_GATEWAY, topics: topics as Hex[], data: data as Hex });
        world.trade.mine();
        const block = world.trade.height;
        expect(await world.source.messagesSent(block, block)).to.deep.equal([
          { id, sender: SENDER, recipient, payload, block },
        ]);
      }
    });

    it("returns a range of blocks in the order of the chain", async () => {
      const sent = sendMany(world, SENDER, 5);
      const read = await world.source.messagesSent(2, 4);
      expect(read.map(({ id }) => id)).to.deep.equal(sent.slice(1, 4).map(({ id }) => id));
      expect(read.map(({ block }) => block)).to.deep.equal([2, 3, 4]);
    });

    it("asks for what this gateway logs of its senders only", async () => {
      await world.source.messagesSent(1, 16);
      const topics = ["MessageSent", "LogOpened"].map((name) => gatewayAbi.getEvent(name)?.topicHash);
      expect(world.trade.requests.at(-1)).to.deep.equal({
        method: "eth_getLogs",
        params: [{ address: TRADE_GATEWAY, topics: [topics], fromBlock: "0x1", toBlock: "0x10" }],
      });
    });
  });

  it("tells who may send from a block on, beside the messages", async () => {
    world.tradeGateway.openLog(SENDER);
    world.trade.mine();
    const { messages, opened } = await world.source.logged(0, world.trade.height);
    expect(opened).to.deep.equal([SENDER]);
    expect(messages).to.deep.equal([]);
  });

  describe("reads from the contract", () => {
    it("the cursor of a sender, which is the genesis at first", async () => {
      expect(await world.destination.cursor(SENDER)).to.equal(genesis(7101, TRADE_GATEWAY, SENDER));
    });

    it("the lane, its light client and who must have signed", async () => {
      const lane = await world.destination.lane();
      expect(lane).to.deep.equal({ lightClient: `0x${"11".repeat(20)}`, messageGasLimit: 1_000_000n, paused: false });
      expect(await world.destination.attestors(lane.lightClient)).to.deep.equal({
        validators: world.validators,
        quorum: 3,
      });
    });

    it("whether the lane is paused or frozen", async () => {
      const { lightClient } = await world.destination.lane();
      expect(await world.destination.frozen(lightClient)).to.equal(false);
      world.financeGateway.frozen = true;
      world.financeGateway.paused = true;
      expect(await world.destination.frozen(lightClient)).to.equal(true);
      expect((await world.destination.lane()).paused).to.equal(true);
    });

    it("what a proof lacks, as RPC_REJECTED with the contract's error", async () => {
      world.financeGateway.frozen = true;
      const error = await thrown("RPC_REJECTED", world.destination.previewHead(SENDER, proof));
      expect(error.fields["data"]).to.equal(loadAbi("bridge/LightClient").encodeErrorResult("LightClient_Frozen", []));
    });
  });

  describe("encodes what the contract decodes", () => {
    const messages = [{ recipient: random.hex(20), payload: random.hex(70) }];
    const from = random.hex(32);
    const decode = (data: Hex) => {
      const parsed = gatewayAbi.parseTransaction({ data });
      return [parsed?.name, JSON.parse(JSON.stringify(parsed?.args.toArray(true)).toLowerCase())];
    };
    const asArrays = {
      messages: messages.map(({ recipient, payload }) => [recipient, payload]),
      proof: [proof.header, proof.seal, proof.accountProof, proof.storageProof],
    };

    it("for every call", () => {
      expect(encodeDeliver(SENDER, from, messages, proof)).to.equal(
        gatewayAbi.encodeFunctionData("deliver", [SENDER, from, messages, proof]),
      );
      expect(decode(encodeDeliver(SENDER, from, messages, proof))).to.deep.equal([
        "deliver",
        [SENDER, from, asArrays.messages, asArrays.proof],
      ]);
      expect(decode(encodeDeliverProven(SENDER, from, messages))).to.deep.equal([
        "deliverProven",
        [SENDER, from, asArrays.messages],
      ]);
      expect(decode(encodeProveHead(SENDER, proof))).to.deep.equal(["proveHead", [SENDER, asArrays.proof]]);
      expect(decode(encodeProveEarlierHead(SENDER, from, [from]))).to.deep.equal([
        "proveEarlierHead",
        [SENDER, from, [from]],
      ]);
    });
  });

  describe("failedMessages", () => {
    const receipt = (logs: RpcReceipt["logs"]): RpcReceipt => ({
      transactionHash: random.hex(32),
      status: "0x1",
      blockNumber: "0x1",
      gasUsed: "0x1",
      logs,
    });
    const log = (event: string, values: unknown[]) => {
      const { topics, data } = gatewayAbi.encodeEventLog(event, values);
      const place = { blockNumber: "0x1", transactionHash: random.hex(32), logIndex: "0x0" } as const;
      return { address: FINANCE_GATEWAY, topics: topics as Hex[], data: data as Hex, ...place };
    };

    it("finds those among other logs, with what the recipient reverted with", () => {
      const [id, recipient] = [random.hex(32), random.hex(20)];
      const logs = [
        log("HeadProven", [SENDER, id]),
        log("MessageFailed", [id, SENDER, recipient, "0xdeadbeef"]),
        log("MessagesDelivered", [SENDER, id, id, 2]),
      ];
      const [failed, ...others] = failedMessages(receipt(logs));
      expect(others).to.deep.equal([]);
      expect(failed).to.include({ id, reason: "0xdeadbeef" });
      expect(failed?.recipient.toLowerCase()).to.equal(recipient);
    });

    it("is empty when none failed", () => {
      expect(failedMessages(receipt([log("HeadProven", [SENDER, random.hex(32)])]))).to.deep.equal([]);
      expect(failedMessages(receipt([]))).to.deep.equal([]);
    });
  });
});
