import { expect } from "chai";
import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { BlockRange } from "../../../src/relayer/block-range.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import { observe } from "../../../src/relayer/observe.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { sendMany, type TwoChains, twoChains } from "../../support/fakes/two-chains.ts";

const [ANN, BOB] = [`0x01${"00".repeat(19)}`, `0x02${"00".repeat(19)}`] as [Hex, Hex];
const direction = "trade-to-finance";

describe("observe", () => {
  let world: TwoChains;
  let journal: Journal;
  beforeEach(() => {
    world = twoChains();
    journal = new Journal(":memory:");
  });
  afterEach(() => journal.close());

  const look = async ({
    blockRange = 1_000,
    ...options
  }: {
    startBlock?: number;
    confirmations?: number;
    blockRange?: number | BlockRange;
    senders?: Hex[];
  } = {}) =>
    await observe({
      direction,
      source: world.source,
      journal,
      startBlock: 0,
      confirmations: 0,
      blockRange: typeof blockRange === "number" ? new BlockRange(blockRange) : blockRange,
      senders: [],
      ...options,
    });
  const ids = (sender: Hex) => journal.pending(direction, sender, 1, 1_000).map(({ id }) => id);
  const ranges = () =>
    world.trade.requests
      .filter(({ method }) => method === "eth_getLogs")
      .map(({ params }) => params[0] as { fromBlock: Hex; toBlock: Hex })
      .map(({ fromBlock, toBlock }) => [Number(fromBlock), Number(toBlock)]);

  it("writes down what was sent", async () => {
    const ann = sendMany(world, ANN, 3);
    const bob = sendMany(world, BOB, 2);
    expect(await look()).to.deep.include({ throughBlock: 5, count: 5 });
    expect(ids(ANN)).to.deep.equal(ann.map(({ id }) => id));
    expect(ids(BOB)).to.deep.equal(bob.map(({ id }) => id));
  });

  it("writes nothing twice", async () => {
    sendMany(world, ANN, 3);
    await look();
    expect(await look()).to.deep.include({ throughBlock: 3, count: 0 });
    sendMany(world, ANN, 1);
    expect(await look()).to.deep.include({ throughBlock: 4, count: 1 });
    expect(ids(ANN)).to.have.length(4);
  });

  it("asks for every block once, range by range", async () => {
    world.trade.mine(22);
    await look({ blockRange: 10 });
    expect(ranges()).to.deep.equal([
      [0, 9],
      [10, 19],
      [20, 22],
    ]);
    world.trade.mine(1);
    await look({ blockRange: 10 });
    expect(ranges().at(-1)).to.deep.equal([23, 23]);
  });

  it("begins at the start block, and waits for it", async () => {
    world.trade.mine(5);
    expect(await look({ startBlock: 8 })).to.deep.include({ throughBlock: 7, count: 0 });
    world.trade.mine(5);
    await look({ startBlock: 8 });
    expect(ranges()).to.deep.equal([[8, 10]]);
  });

  it("leaves blocks alone until enough lie on top", async () => {
    sendMany(world, ANN, 5);
    expect(await look({ confirmations: 3 })).to.deep.include({ throughBlock: 2, count: 2 });
    world.trade.mine(2);
    expect(await look({ confirmations: 3 })).to.deep.include({ throughBlock: 4, count: 2 });
  });

  it("does nothing while the chain is shorter than the confirmations", async () => {
    expect(await look({ confirmations: 5 })).to.deep.include({ throughBlock: -1, count: 0 });
    expect(journal.blocks.scanned(direction)).to.equal(undefined);
  });

  it("keeps the ranges before a failure and goes on after them", async () => {
    sendMany(world, ANN, 9);
    let calls = 0;
    world.trade.script("eth_getLogs", (_, proceed) => {
      if ([3, 4].includes(++calls)) throw new Error("connection reset");
      return proceed();
    });
    const failure = await look({ blockRange: 3 }).catch((error: Error) => error);
    expect(failure).to.be.instanceOf(Error);
    expect(journal.blocks.scanned(direction)?.number).to.equal(5);
    expect(await look({ blockRange: 3 })).to.deep.include({ throughBlock: 9, count: 4 });
    expect(ids(ANN)).to.have.length(9);
  });

  describe("when a node does not answer a long range", () => {
    /** The node answers ranges up to a length, and says how long those were that it was asked. */
    const limitTo = (most: number, code: "RPC_REJECTED" | "RPC_UNAVAILABLE" | "RPC_RATE_LIMITED") => {
      const asked: number[] = [];
      world.trade.script("eth_getLogs", ([range], proceed) => {
        const { fromBlock, toBlock } = range as { fromBlock: Hex; toBlock: Hex };
        asked.push(Number(toBlock) - Number(fromBlock) + 1);
        if ((asked.at(-1) ?? 0) > most) throw new HuangpuError(code, "query returned more than 10000 results");
        return proceed();
      });
      return asked;
    };

    for (const code of ["RPC_REJECTED", "RPC_UNAVAILABLE"] as const) {
      it(`asks for half of it next time, down to one block, after ${code}`, async () => {
        sendMany(world, ANN, 40);
        const asked = limitTo(1, code);
        const blockRange = new BlockRange(16);
        for (let round = 0; round < 4; round++) await thrown(code, look({ blockRange }));
        expect(asked).to.deep.equal([16, 8, 4, 2]);
        expect(await look({ blockRange })).to.deep.include({ throughBlock: 40, count: 40 });
        expect(ids(ANN)).to.have.length(40);
      });
    }

    it("asks for longer ones again, and goes on at once when that is too much", async () => {
      world.trade.mine(119);
      const asked = limitTo(7, "RPC_REJECTED");
      const blockRange = new BlockRange(16);
      await thrown("RPC_REJECTED", look({ blockRange }));
      await thrown("RPC_REJECTED", look({ blockRange }));
      await look({ blockRange });
      expect(asked.slice(0, 13)).to.deep.equal([16, 8, 4, 4, 4, 4, 4, 4, 4, 4, 8, 4, 4]);
      limitTo(1_000, "RPC_REJECTED");
      world.trade.mine(400);
      await look({ blockRange });
      expect(blockRange.size).to.equal(16);
    });

    it("gives a round up when half of a range fails too", async () => {
      world.trade.mine(30);
      const blockRange = new BlockRange(8);
      const asked: string[] = [];
      world.trade.script("eth_getLogs", (_, proceed) => {
        asked.push("asked");
        if (asked.length > 1) throw new HuangpuError("RPC_UNAVAILABLE", "The node is down");
        return proceed();
      });
      await thrown("RPC_UNAVAILABLE", look({ blockRange }));
      expect(asked).to.have.length(3);
      expect(journal.blocks.scanned(direction)?.number).to.equal(7);
    });

    it("asks for no less when the node only wants to be left alone", async () => {
      world.trade.mine(30);
      const blockRange = new BlockRange(16);
      limitTo(0, "RPC_RATE_LIMITED");
      await thrown("RPC_RATE_LIMITED", look({ blockRange }));
      expect(blockRange.size).to.equal(16);
    });
  });

  it("fails with RPC_INCONSISTENT when the node leaves a log out, and reads the range again", async () => {
    sendMany(world, ANN, 4);
    world.trade.script("eth_getLogs", (_, proceed) => (proceed() as unknown[]).toSpliced(1, 1));
    await thrown("RPC_INCONSISTENT", look());
    expect(journal.blocks.scanned(direction)).to.equal(undefined);
    world.trade.script("eth_getLogs", undefined);
    expect((await look()).count).to.equal(4);
  });

  it("fails with SOURCE_REORGANISED when a block that was read is another, and writes nothing", async () => {
    sendMany(world, ANN, 4);
    await look();
    const scanned = journal.blocks.scanned(direction);
    world.trade.reorganise(2);
    world.trade.mine(3);
    const error = await thrown("SOURCE_REORGANISED", look());
    expect(error.fields).to.include({ direction, block: 4, journalled: scanned?.hash });
    expect(journal.blocks.scanned(direction)).to.deep.equal(scanned);
  });

  it("does not mind a reorganisation above what was read", async () => {
    sendMany(world, ANN, 2);
    world.trade.mine(4);
    await look({ confirmations: 3 });
    world.trade.reorganise(3);
    world.trade.mine(1);
    expect(await look({ confirmations: 3 })).to.deep.include({ throughBlock: 4, count: 0 });
  });

  it("waits when the node is behind what was read", async () => {
    sendMany(world, ANN, 4);
    await look();
    world.trade.script("eth_blockNumber", () => "0x2");
    expect(await look()).to.deep.include({ throughBlock: 4, count: 0 });
  });

  it("fails with BLOCK_UNKNOWN when the node does not have the block it announced", async () => {
    world.trade.script("eth_blockNumber", () => "0x63");
    await thrown("BLOCK_UNKNOWN", look());
  });

  describe("when logs are missing", () => {
    /** The node leaves out a sender's logs. */
    const leaveOut = (sender: Hex) =>
      world.trade.script("eth_getLogs", (_, proceed) =>
        (proceed() as { data: string; topics: string[] }[]).filter(
          ({ data, topics }) => !`${data}${topics.join()}`.includes(sender.slice(2)),
        ),
      );
    const rangesAfter = async (work: () => Promise<unknown>) => {
      const before = ranges().length;
      await work();
      return ranges().slice(before);
    };

    it("reads again only from where all was there, when that is enough", async () => {
      sendMany(world, ANN, 5);
      await look();
      sendMany(world, ANN, 3);
      leaveOut(ANN);
      await thrown("RPC_INCONSISTENT", look());
      world.trade.script("eth_getLogs", undefined);
      sendMany(world, ANN, 1);
      expect(await rangesAfter(look)).to.deep.equal([[6, 9]]);
      expect(ids(ANN)).to.have.length(9);
    });

    it("reads again from further and further back, in the end from the start block", async () => {
      for (let round = 0; round < 20; round++) {
        sendMany(world, ANN, 1);
        await look();
      }
      sendMany(world, ANN, 1);
      leaveOut(ANN);
      const starts: number[] = [];
      for (let round = 0; round < 7; round++) {
        const read = await rangesAfter(async () => await thrown("RPC_INCONSISTENT", look()));
        starts.push(read[0]?.[0] ?? -1);
      }
      expect(starts).to.deep.equal(starts.toSorted((a, b) => b - a));
      expect(starts[0]).to.equal(21);
      expect(starts.at(-1)).to.equal(0);
      world.trade.script("eth_getLogs", undefined);
      await look();
      expect(ids(ANN)).to.have.length(21);
    });

    it("finds a sender of whom all messages are left out, when its log was opened in sight", async () => {
      world.tradeGateway.openLog(BOB);
      world.trade.mine();
      await look();
      sendMany(world, BOB, 1);
      leaveOut(BOB);
      expect((await thrown("RPC_INCONSISTENT", look())).fields).to.include({ sender: BOB });
      world.trade.script("eth_getLogs", undefined);
      await look();
      expect(ids(BOB)).to.have.length(1);
    });

    it("finds a sender of whom everything is left out from the first, when it is configured", async () => {
      world.tradeGateway.openLog(BOB);
      sendMany(world, BOB, 1);
      leaveOut(BOB);
      await look();
      expect(journal.lanes(direction)).to.deep.equal([]);
      const error = await thrown("RPC_INCONSISTENT", async () => {
        world.trade.mine();
        await look({ senders: [BOB] });
      });
      expect(error.fields).to.include({ sender: BOB });
      // It is read again with everything, because the journal that missed it was believed.
      world.trade.script("eth_getLogs", undefined);
      for (let round = 0; round < 3; round++) {
        await look({ senders: [BOB] }).catch(() => undefined);
        world.trade.mine();
      }
      expect(ids(BOB)).to.have.length(1);
    });

    it("waits for a configured sender whose log is not open yet", async () => {
      world.trade.mine();
      expect(await look({ senders: [BOB] })).to.deep.include({ count: 0 });
    });
  });

  it("remembers 64 blocks that it has checked", async () => {
    for (let round = 0; round < 70; round++) {
      world.trade.mine();
      await look();
    }
    const checkpoints = journal.blocks.checkpoints(direction).map(({ number }) => number);
    expect(checkpoints).to.have.length(64);
    expect(checkpoints[0]).to.equal(70);
    expect(checkpoints.at(-1)).to.equal(7);
  });

  it("ends at a block that is new, however long the catching-up took", async () => {
    world.trade.mine(30);
    let calls = 0;
    world.trade.script("eth_getLogs", (_, proceed) => {
      if (calls++ < 3) world.trade.mine(10);
      return proceed();
    });
    const { throughBlock, sourceBlock } = await look({ blockRange: 10 });
    expect(throughBlock).to.equal(world.trade.height);
    expect(sourceBlock).to.equal(world.trade.height);
  });
});
