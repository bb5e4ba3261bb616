import { expect } from "chai";
import type { Hex } from "../../../src/core/hex.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import { eventsOf, tradeToFinance, unavailable, until } from "../../support/fakes/direction.ts";
import { addressOf, sendMany, type TwoChains, twoChains } from "../../support/fakes/two-chains.ts";

const ANN: Hex = `0x01${"00".repeat(19)}`;

describe("DirectionRelay.run", function () {
  this.timeout(20_000);

  let world: TwoChains;
  let journal: Journal;
  let abort: AbortController;
  let running: Promise<void> = Promise.resolve();
  beforeEach(() => {
    world = twoChains();
    journal = new Journal(":memory:");
    abort = new AbortController();
  });
  afterEach(async () => {
    abort.abort();
    await running;
    journal.close();
  });

  const start = (options = {}) => {
    const { relay, events } = tradeToFinance(world, journal, options);
    running = relay.run(abort.signal);
    return events;
  };
  const inFlight = () =>
    journal.transactions.inFlight({ chainId: world.finance.chainId, address: addressOf(world.relayer) });
  const count = () => world.financeGateway.delivered.length;

  it("delivers what comes, round after round", async () => {
    const events = start();
    for (let total = 1; total <= 3; total++) {
      sendMany(world, ANN, 1);
      await until(() => count() === total);
    }
    await until(() => eventsOf(events, "delivered").length === 3);
    expect(eventsOf(events, "delayed")).to.deep.equal([]);
  });

  it("tells of an error that may pass, and goes on", async () => {
    sendMany(world, ANN, 1);
    world.attestations.signers = [];
    const events = start();
    await until(() => eventsOf(events, "delayed").length >= 3);
    expect(new Set(eventsOf(events, "delayed").map(({ error }) => error.code))).to.deep.equal(new Set(["NO_QUORUM"]));
    world.attestations.signers = world.attestors;
    await until(() => count() === 1);
    expect(eventsOf(events, "halted")).to.deep.equal([]);
  });

  for (const side of ["trade", "finance"] as const) {
    it(`goes on when the ${side} node is back`, async () => {
      world[side].down = true;
      const events = start();
      await until(() => eventsOf(events, "delayed").length > 0);
      expect(eventsOf(events, "delayed")[0]?.error.code).to.equal("RPC_UNAVAILABLE");
      sendMany(world, ANN, 1);
      world[side].down = false;
      await until(() => count() === 1);
    });
  }

  it("takes an error that is not one of ours for one that may pass", async () => {
    let calls = 0;
    world.trade.script("eth_blockNumber", (_, proceed) => {
      if (calls++ === 0) throw new TypeError("fetch failed");
      return proceed();
    });
    const events = start();
    sendMany(world, ANN, 1);
    await until(() => count() === 1);
    expect(eventsOf(events, "delayed").map(({ error }) => error.code)).to.deep.equal(["RPC_UNAVAILABLE"]);
  });

  it("waits twice as long after every failure, and forgets that after a success", async () => {
    const times: number[] = [];
    let down = true;
    world.trade.script("eth_blockNumber", (_, proceed) => {
      times.push(performance.now());
      return down ? unavailable() : proceed();
    });
    start({ retryMs: 5, maxRetryMs: 600_000 });
    await until(() => times.length === 7);
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // Timers may be early by a part of a millisecond.
    for (const [index, least] of [5, 10, 20, 40, 80, 160].entries()) expect(waits[index]).to.be.at.least(least - 1);

    down = false;
    await until(() => times.length >= 9);
    down = true;
    const failed = times.length;
    await until(() => times.length >= failed + 2);
    expect((times[failed + 1] ?? 0) - (times[failed] ?? 0)).to.be.below(320);
  });

  it("waits no longer than the maximum", async () => {
    world.trade.down = true;
    const events = start({ retryMs: 1, maxRetryMs: 2 });
    await until(() => events.length === 30);
  });

  it("goes on when a paused lane is opened again", async () => {
    sendMany(world, ANN, 1);
    world.financeGateway.paused = true;
    const events = start();
    await until(() => eventsOf(events, "delayed").some(({ error }) => error.code === "LANE_STOPPED"));
    world.financeGateway.paused = false;
    await until(() => count() === 1);
  });

  it("does nothing while the endpoint serves another chain, and goes on when it serves the right one", async () => {
    sendMany(world, ANN, 1);
    world.trade.script("eth_chainId", () => "0x1");
    const events = start();
    await until(() => eventsOf(events, "delayed").length > 0);
    expect(eventsOf(events, "delayed")[0]?.error.code).to.equal("RPC_WRONG_CHAIN");
    expect(count()).to.equal(0);
    world.trade.script("eth_chainId", undefined);
    await until(() => count() === 1);
  });

  it("halts when the source is reorganised below what was read", async () => {
    sendMany(world, ANN, 3);
    const events = start();
    await until(() => count() === 3);
    world.trade.reorganise(2);
    await running;
    expect(eventsOf(events, "halted")[0]?.error.code).to.equal("SOURCE_REORGANISED");
  });

  describe("stops promptly and quietly when it is aborted", () => {
    it("while it waits for the next look", async () => {
      const events = start({ pollMs: 600_000 });
      await until(() => world.trade.countOf("eth_blockNumber") === 1);
      abort.abort();
      await running;
      expect(events.filter(({ type }) => type !== "looked")).to.deep.equal([]);
    });

    it("while it waits to try again", async () => {
      world.trade.down = true;
      const events = start({ retryMs: 600_000, maxRetryMs: 600_000 });
      await until(() => events.length === 1);
      abort.abort();
      await running;
      expect(events).to.have.length(1);
    });

    it("while it waits for a receipt, and leaves the transaction in flight", async () => {
      sendMany(world, ANN, 1);
      world.finance.automine = false;
      const events = start({ pollMs: 600_000, receiptTimeoutMs: 600_000 });
      await until(() => world.finance.countOf("eth_getTransactionReceipt") > 0);
      abort.abort();
      await running;
      expect(eventsOf(events, "delayed")).to.deep.equal([]);
      expect(inFlight()).to.have.length(1);
    });

    it("before it begins", async () => {
      abort.abort();
      start();
      await running;
      expect(world.trade.requests).to.deep.equal([]);
    });
  });
});
