import { expect } from "chai";
import type { Hex } from "../../../src/core/hex.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import { resume } from "../../../src/relayer/resume.ts";
import { eventsOf, tradeToFinance } from "../../support/fakes/direction.ts";
import { scratchFolder } from "../../support/fakes/scratch.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { sendMany, type TwoChains, twoChains } from "../../support/fakes/two-chains.ts";

const [ANN, BOB] = [`0x01${"00".repeat(19)}`, `0x02${"00".repeat(19)}`] as [Hex, Hex];
const direction = "trade-to-finance";
const never = new AbortController().signal;
const payloads = (messages: readonly { payload: Hex }[]) => messages.map(({ payload }) => payload);

describe("a reorganisation", function () {
  this.timeout(30_000);
  const file = scratchFolder();
  let world: TwoChains;
  let journal: Journal;
  beforeEach(() => {
    world = twoChains();
    journal = new Journal(file("journal.sqlite"));
  });
  afterEach(() => journal.close());

  const restart = () => {
    journal.close();
    journal = new Journal(file("journal.sqlite"));
  };
  const delivered = () => payloads(world.financeGateway.delivered);
  const start = (options = {}) => tradeToFinance(world, journal, options);

  describe("of the source, before it counts as final", () => {
    it("loses nothing, delivers nothing that is gone, and halts nothing", async () => {
      const { round, events } = start({ confirmations: 3 });
      const kept = sendMany(world, ANN, 4);
      await round(never);
      sendMany(world, ANN, 2);
      world.trade.reorganise(3);
      await round(never);
      kept.push(...sendMany(world, ANN, 2));
      world.trade.mine(3);
      await round(never);
      // The fourth message was in the first of the three blocks, and went with them.
      expect(delivered()).to.deep.equal(payloads(kept.toSpliced(3, 1)));
      expect(eventsOf(events, "alarm")).to.deep.equal([]);
      expect(eventsOf(events, "halted")).to.deep.equal([]);
    });

    it("again and again, at every depth below the confirmations, is not noticed", async () => {
      const { round, events } = start({ confirmations: 4 });
      const expected: Hex[] = [];
      for (let depth = 1; depth <= 4; depth++) {
        sendMany(world, ANN, 1);
        world.trade.mine(4);
        await round(never);
        world.trade.reorganise(depth);
        await round(never);
        expected.push(...delivered().slice(expected.length));
      }
      expect(expected).to.have.length(4);
      expect(events.map(({ type }) => type)).not.to.include("alarm");
    });
  });

  describe("of the source, after it counted as final", () => {
    const halted = async () => {
      const { relay, events } = start();
      await relay.run(never);
      return events;
    };

    it("halts the direction with an alarm that says where", async () => {
      sendMany(world, ANN, 2);
      await start().round(never);
      sendMany(world, ANN, 2);
      await start().round(never);
      world.trade.reorganise(2);
      const events = await halted();
      expect(eventsOf(events, "halted")[0]?.error.code).to.equal("SOURCE_REORGANISED");
      const [alarm] = eventsOf(events, "alarm");
      expect(alarm?.reason).to.equal("sourceReorganised");
      expect(alarm?.fields).to.include({ direction, block: 4, ancestor: 2 });
    });

    it("stays halted after a restart, also when the chain looks right again, and touches no chain", async () => {
      sendMany(world, ANN, 2);
      await start().round(never);
      const { hash } = await world.trade.block(2);
      world.trade.script("eth_getBlockByNumber", (_, proceed) => {
        world.trade.script("eth_getBlockByNumber", undefined);
        world.trade.reorganise(1);
        return proceed();
      });
      await halted();
      expect(journal.blocks.halted(direction)).to.include({ block: 2, journalled: hash });
      restart();
      const before = world.trade.countOf("eth_getLogs");
      expect(eventsOf(await halted(), "halted")).to.have.length(1);
      expect(world.trade.countOf("eth_getLogs")).to.equal(before);
      expect(world.finance.countOf("eth_sendRawTransaction")).to.equal(1);
    });

    it("has its guard on the disk before anybody hears of it", async () => {
      sendMany(world, ANN, 1);
      const { round } = start();
      await round(never);
      world.trade.reorganise(1);
      await thrown("SOURCE_REORGANISED", round(never));
      restart();
      expect(journal.blocks.halted(direction)).to.include({ block: 1 });
    });

    it("is not seen in a node that lags", async () => {
      sendMany(world, ANN, 4);
      const { round, events } = start();
      await round(never);
      world.trade.script("eth_blockNumber", () => "0x2");
      world.trade.script("eth_getBlockByNumber", ([number], proceed) => (Number(number) > 2 ? null : proceed()));
      await thrown("BLOCK_UNKNOWN", round(never));
      world.trade.script("eth_blockNumber", undefined);
      world.trade.script("eth_getBlockByNumber", undefined);
      await round(never);
      expect(eventsOf(events, "alarm")).to.deep.equal([]);
      expect(journal.blocks.halted(direction)).to.equal(undefined);
    });

    describe("goes on when somebody resumes it", () => {
      const go = async () => await resume({ direction, source: world.source, journal });

      it("after the last block that is still there, when nothing final is gone", async () => {
        sendMany(world, ANN, 2);
        await start({ destinationConfirmations: 50 }).round(never);
        world.trade.mine(3);
        await start({ destinationConfirmations: 50 }).round(never);
        world.trade.reorganise(2);
        await thrown("SOURCE_REORGANISED", start().round(never));
        expect(await go()).to.deep.equal({ from: "block", block: 2 });
        const more = sendMany(world, ANN, 2);
        await start().round(never);
        expect(delivered().slice(2)).to.deep.equal(payloads(more));
      });

      it("from its start block, when messages were final that are in blocks which are gone", async () => {
        const kept = sendMany(world, ANN, 1);
        await start().round(never);
        sendMany(world, BOB, 1);
        await start().round(never);
        world.trade.reorganise(1);
        await thrown("SOURCE_REORGANISED", start().round(never));
        expect(await go()).to.deep.equal({ from: "start" });
        const more = sendMany(world, ANN, 1);
        await start().round(never);
        const [ann, bob, last] = delivered();
        expect([ann, last]).to.deep.equal([...payloads(kept), ...payloads(more)]);
        expect(bob).not.to.equal(undefined);
      });

      it("and says so when it was not halted", async () => {
        expect(await go()).to.equal(undefined);
      });

      it("but stays halted while the node does not answer", async () => {
        sendMany(world, ANN, 1);
        await start().round(never);
        world.trade.mine();
        await start().round(never);
        world.trade.reorganise(1);
        await thrown("SOURCE_REORGANISED", start().round(never));
        world.trade.script("eth_getBlockByNumber", () => null);
        await thrown("BLOCK_UNKNOWN", go());
        expect(journal.blocks.halted(direction)).not.to.equal(undefined);
      });
    });
  });

  describe("of the destination", () => {
    it("before a delivery is final has it made again, with an alarm", async () => {
      const options = { destinationConfirmations: 3 };
      const sent = sendMany(world, ANN, 3);
      const { round, events } = start(options);
      await round(never);
      expect(delivered()).to.have.length(3);
      expect(eventsOf(events, "confirmed")).to.deep.equal([]);
      journal.transactions.abandon({ chainId: 7102, address: world.relayer.address.toLowerCase() as Hex });
      world.finance.mine(1);
      world.finance.reorganise(2);
      expect(delivered()).to.deep.equal([]);
      await round(never);
      await round(never);
      expect(delivered()).to.deep.equal(payloads(sent));
      world.finance.mine(3);
      await round(never);
      expect(eventsOf(events, "confirmed").map(({ count }) => count)).to.deep.equal([3]);
      expect(journal.pending(direction, ANN, 1, 10)).to.deep.equal([]);
    });

    it("is survived by messages that a killed relayer had delivered", async () => {
      const options = { destinationConfirmations: 3 };
      const sent = sendMany(world, ANN, 3);
      await start(options).round(never);
      restart();
      world.finance.reorganise(1);
      await start(options).round(never);
      world.finance.mine(3);
      await start(options).round(never);
      expect(delivered()).to.deep.equal(payloads(sent));
    });

    it("after a delivery was final has all of the source read again, with an alarm, and the delivery made again", async () => {
      const sent = sendMany(world, ANN, 3);
      const { round, events } = start();
      await round(never);
      expect(journal.pending(direction, ANN, 1, 10)).to.deep.equal([]);
      world.finance.reorganise(1);
      expect(delivered()).to.deep.equal([]);
      await round(never);
      await round(never);
      expect(eventsOf(events, "alarm").map(({ reason }) => reason)).to.deep.equal(["destinationReorganised"]);
      expect(delivered()).to.deep.equal(payloads(sent));
    });

    it("is not seen in a node that lags", async () => {
      const options = { destinationConfirmations: 3 };
      sendMany(world, ANN, 2);
      const { round, events } = start(options);
      await round(never);
      sendMany(world, ANN, 1);
      const behind = world.finance.height - 1;
      world.finance.script("eth_blockNumber", () => `0x${behind.toString(16)}`);
      const { cursor } = world.destination;
      world.destination.cursor = async (sender) => await cursor.call(world.destination, sender, behind);
      await thrown("BLOCK_UNKNOWN", round(never));
      world.destination.cursor = cursor;
      world.finance.script("eth_blockNumber", undefined);
      await round(never);
      expect(eventsOf(events, "alarm")).to.deep.equal([]);
      expect(delivered()).to.have.length(3);
    });
  });
});
