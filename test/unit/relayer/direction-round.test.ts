import { expect } from "chai";
import { Transaction, Wallet } from "ethers";
import { HuangpuError } from "../../../src/core/errors.ts";
import { type Hex, keccakText } from "../../../src/core/hex.ts";
import { headSlot } from "../../../src/core/message-chain.ts";
import { BlockRange } from "../../../src/relayer/block-range.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import { observe } from "../../../src/relayer/observe.ts";
import { eventsOf, tradeToFinance, unavailable } from "../../support/fakes/direction.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { addressOf, sendMany, type TwoChains, twoChains } from "../../support/fakes/two-chains.ts";

const [ANN, BOB] = [`0x01${"00".repeat(19)}`, `0x02${"00".repeat(19)}`] as [Hex, Hex];
/** All that a round asks of a node. */
const METHODS = [
  "eth_chainId",
  "eth_blockNumber",
  "eth_getBlockByNumber",
  "eth_getLogs",
  "eth_getProof",
  "eth_call",
  "eth_getTransactionCount",
  "eth_sendRawTransaction",
  "eth_getTransactionReceipt",
];
const READING = { startBlock: 0, confirmations: 0, blockRange: new BlockRange(1_000), senders: [] };
const never = new AbortController().signal;
const payloads = (messages: readonly { payload: Hex }[]) => messages.map(({ payload }) => payload);

describe("DirectionRelay.round", function () {
  this.timeout(30_000);
  let world: TwoChains;
  let journal: Journal;
  beforeEach(() => {
    world = twoChains();
    journal = new Journal(":memory:");
  });
  afterEach(() => journal.close());

  const direction = (options = {}) => tradeToFinance(world, journal, options);
  const inFlight = () =>
    journal.transactions.inFlight({ chainId: world.finance.chainId, address: addressOf(world.relayer) });
  const delivered = () => payloads(world.financeGateway.delivered);
  const sentTransactions = () => world.finance.countOf("eth_sendRawTransaction");

  it("is called after its chains", () => {
    expect(direction().relay.name).to.equal("trade-to-finance");
  });

  it("does nothing when nothing was sent", async () => {
    const { events, round } = direction();
    expect(await round(never)).to.equal(false);
    expect(events.map(({ type }) => type)).to.deep.equal(["looked"]);
    expect(world.attestations.asked).to.deep.equal([]);
  });

  it("delivers what was sent, and tells every step", async () => {
    const sent = sendMany(world, ANN, 3);
    const { relay, events, round } = direction();
    expect(await round(never)).to.equal(true);
    expect(delivered()).to.deep.equal(payloads(sent));
    expect(events.map(({ type }) => type)).to.deep.equal([
      "observed",
      "proven",
      "sent",
      "delivered",
      "confirmed",
      "looked",
    ]);
    expect(events[0]).to.include({ count: 3, throughBlock: 3 });
    expect(events[1]).to.include({ sender: ANN, head: sent[2]?.id, block: 3, signers: 3 });
    expect(events[2]).to.include({ nonce: 0, attempt: 1, maxFeePerGas: 15n });
    expect(events[3]).to.include({ sender: ANN, count: 3, block: 1, gasUsed: 550_000n });
    expect(events[4]).to.include({ sender: ANN, count: 3 });
    expect(events[5]).to.include({ sourceBlock: 3, throughBlock: 3, pending: 0, signerBalance: 10n ** 18n });
    expect(journal.lanes(relay.name)[0]).to.include({ delivered: 3, pending: 0, head: sent[2]?.id });
  });

  it("delivers nothing twice", async () => {
    sendMany(world, ANN, 3);
    const { round } = direction();
    await round(never);
    expect(await round(never)).to.equal(false);
    expect(sentTransactions()).to.equal(1);
  });

  it("carries every sender on its own", async () => {
    const [ann, bob] = [sendMany(world, ANN, 2), sendMany(world, BOB, 3)];
    const { events, round } = direction();
    await round(never);
    expect(delivered()).to.deep.equal([...payloads(ann), ...payloads(bob)]);
    expect(eventsOf(events, "delivered").map(({ sender, count }) => [sender, count])).to.deep.equal([
      [ANN, 2],
      [BOB, 3],
    ]);
  });

  it("delivers what one sender sent although another's cannot be proven, and fails for that one", async () => {
    sendMany(world, ANN, 1);
    const sent = sendMany(world, BOB, 2);
    world.trade.script("eth_getProof", (params, proceed) => {
      if ((params[1] as Hex[])[0] === headSlot(ANN)) throw new HuangpuError("RPC_REJECTED", "The state is pruned");
      return proceed();
    });
    const { round } = direction();
    await thrown("RPC_REJECTED", round(never));
    expect(delivered()).to.deep.equal(payloads(sent));
    world.trade.script("eth_getProof", undefined);
    await round(never);
    expect(delivered()).to.have.length(3);
  });

  it("delivers a backlog in batches and windows, in order", async () => {
    const sent = sendMany(world, ANN, 40);
    const { events, round } = direction({ maxGasPerTransaction: 6_000_000n, window: 4 });
    await round(never);
    expect(delivered()).to.deep.equal(payloads(sent));
    const counts = eventsOf(events, "delivered").map(({ count }) => count);
    expect(counts.length).to.be.above(4);
    expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(40);
    expect(inFlight()).to.deep.equal([]);
  });

  it("learns what a message takes, and makes larger batches from then on", async () => {
    const { events, round } = direction({ maxGasPerTransaction: 6_000_000n });
    sendMany(world, ANN, 1);
    await round(never);
    sendMany(world, ANN, 9);
    await round(never);
    expect(eventsOf(events, "delivered").map(({ count }) => count)).to.deep.equal([1, 9]);
  });

  it("tells of messages that failed at their recipient, and goes on", async () => {
    const recipient: Hex = `0x${"dd".repeat(20)}`;
    world.financeGateway.failing.add(recipient);
    sendMany(world, ANN, 1);
    const [bad] = sendMany(world, ANN, 1, recipient);
    sendMany(world, ANN, 1);
    const { events, round } = direction();
    await round(never);
    const failed = eventsOf(events, "messageFailed");
    expect(failed).to.have.length(1);
    expect(failed[0]?.message).to.include({ id: bad?.id, reason: "0xdead" });
    expect(delivered()).to.have.length(3);
  });

  describe("goes on from wherever the one before ended", () => {
    it("at a killed process after any call to a node", async () => {
      let calls = 0;
      for (let limit = 0; limit < 60; limit++) {
        world = twoChains();
        journal.close();
        journal = new Journal(":memory:");
        const sent = sendMany(world, ANN, 3);
        calls = 0;
        const dying = (_: unknown[], proceed: () => unknown) => (calls++ >= limit ? unavailable() : proceed());
        for (const chain of [world.trade, world.finance]) for (const method of METHODS) chain.script(method, dying);
        const failure = await direction()
          .round(never)
          .catch((error: Error) => error);
        for (const chain of [world.trade, world.finance]) for (const method of METHODS) chain.script(method, undefined);
        await direction().round(never);
        await direction().round(never);
        expect(delivered(), `after ${limit} calls`).to.deep.equal(payloads(sent));
        expect(sentTransactions()).to.be.at.most(2);
        if (failure === true) break;
      }
      expect(calls).to.be.within(15, 50);
    });

    it("at a journal that was lost", async () => {
      const sent = sendMany(world, ANN, 3);
      await direction().round(never);
      journal.close();
      journal = new Journal(":memory:");
      const { round } = direction();
      expect(await round(never)).to.equal(false);
      sent.push(...sendMany(world, ANN, 2));
      expect(await round(never)).to.equal(true);
      expect(delivered()).to.deep.equal(payloads(sent));
    });
  });

  describe("beside another relayer", () => {
    /** Another relayer, with a journal and a key of its own. */
    async function other(): Promise<void> {
      const own = new Journal(":memory:");
      const relayer = new Wallet(keccakText("another relayer"));
      await tradeToFinance({ ...world, relayer }, own).round(never);
      own.close();
    }

    it("sends nothing when the other has delivered", async () => {
      const sent = sendMany(world, ANN, 3);
      await other();
      const before = sentTransactions();
      const { relay, round } = direction();
      expect(await round(never)).to.equal(false);
      expect(sentTransactions()).to.equal(before);
      expect(journal.lanes(relay.name)[0]).to.include({ delivered: 3, pending: 0 });
      expect(delivered()).to.deep.equal(payloads(sent));
    });

    it("loses a race by a moment, says what that cost, and finds all done", async () => {
      const sent = sendMany(world, ANN, 3);
      const { events, round } = direction();
      let raced = false;
      world.finance.script("eth_sendRawTransaction", async (_, proceed) => {
        if (!raced) {
          raced = true;
          world.finance.script("eth_sendRawTransaction", undefined);
          await other();
        }
        return proceed();
      });
      expect(await round(never)).to.equal(true);
      expect(eventsOf(events, "overtaken")).to.have.length(1);
      expect(eventsOf(events, "overtaken")[0]).to.include({ sender: ANN });
      expect(await round(never)).to.equal(false);
      expect(delivered()).to.deep.equal(payloads(sent));
    });

    it("fails with RPC_INCONSISTENT when the destination is further than the source shows", async () => {
      const sent = sendMany(world, ANN, 4);
      await other();
      const { round } = direction({ confirmations: 2 });
      const error = await thrown("RPC_INCONSISTENT", round(never));
      expect(error.fields).to.include({ sender: ANN, cursor: sent[3]?.id });
      world.trade.mine(2);
      expect(await round(never)).to.equal(false);
    });
  });

  it("reads all of the source again when the destination stays further than the journal knows", async () => {
    const sent = sendMany(world, ANN, 2);
    const { round } = direction();
    await round(never);
    sent.push(...sendMany(world, ANN, 1));
    // An endpoint made the journal forget a message that was not delivered.
    await observe({ ...world, direction: "trade-to-finance", journal, ...READING });
    journal.finalise("trade-to-finance", ANN, 3, sent[2]?.id as Hex);
    sent.push(...sendMany(world, ANN, 1));
    await thrown("RPC_INCONSISTENT", round(never));
    for (let again = 0; again < 4; again++) {
      world.trade.mine(15);
      await new Promise((resolve) => setTimeout(resolve, 10));
      await round(never).catch(() => undefined);
    }
    expect(delivered()).to.deep.equal(payloads(sent));
    expect(world.trade.countOf("eth_getLogs")).to.be.below(9);
  });

  it("counts a delivery as the call that made it when another transaction took a nonce before it", async () => {
    sendMany(world, ANN, 9);
    const { events, round } = direction({ maxGasPerTransaction: 6_000_000n });
    let first = true;
    world.finance.script("eth_sendRawTransaction", async (params, proceed) => {
      if (!first) return proceed();
      first = false;
      // The head is shown by the same account in another transaction: same nonce, other fee.
      const { to, data, gasLimit, chainId } = Transaction.from(params[0] as Hex);
      const fees = { maxFeePerGas: 99n, maxPriorityFeePerGas: 2n };
      await world.finance.sendRaw(
        (await world.relayer.signTransaction({ type: 2, nonce: 0, to, data, gasLimit, chainId, ...fees })) as Hex,
      );
      return proceed();
    });
    await round(never);
    const counts = eventsOf(events, "delivered").map(({ count }) => count);
    expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(9);
  });

  describe("fails with LANE_STOPPED, before it proves or pays for anything", () => {
    for (const [state, stop] of [
      ["paused", { paused: true }],
      ["frozen", { frozen: true }],
    ] as const) {
      it(`when the lane is ${state}`, async () => {
        sendMany(world, ANN, 1);
        Object.assign(world.financeGateway, stop);
        const { relay, round } = direction();
        const error = await thrown("LANE_STOPPED", round(never));
        expect(error.fields).to.deep.equal({ direction: relay.name, paused: state === "paused" });
        expect(world.attestations.asked).to.deep.equal([]);
        expect(sentTransactions()).to.equal(0);
      });
    }
  });

  it("freezes the lane when two blocks were sealed at one height, and stops", async () => {
    sendMany(world, ANN, 1);
    world.financeGateway.equivocated = true;
    const { round } = direction();
    await thrown("EQUIVOCATION", round(never));
    expect(world.financeGateway.frozen).to.equal(true);
    await thrown("LANE_STOPPED", round(never));
    expect(world.financeGateway.delivered).to.deep.equal([]);
  });

  for (const side of ["trade", "finance"] as const) {
    it(`fails with RPC_WRONG_CHAIN when the ${side} endpoint serves another chain, before it reads anything`, async () => {
      sendMany(world, ANN, 1);
      world[side].script("eth_chainId", () => "0x1");
      await thrown("RPC_WRONG_CHAIN", direction().round(never));
      expect(world.trade.countOf("eth_getLogs")).to.equal(0);
    });
  }
});
