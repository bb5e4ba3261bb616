import { expect } from "chai";
import type { Hex } from "../../../src/core/hex.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import { Relayer } from "../../../src/relayer/relayer.ts";
import { tradeToFinance, until } from "../../support/fakes/direction.ts";
import { sendMany, twoChains } from "../../support/fakes/two-chains.ts";

const ANN: Hex = `0x01${"00".repeat(19)}`;

/** The journal has read a block that the chain does not have. */
function pretendReorganised(journal: Journal, direction: string): void {
  const hash: Hex = `0x${"99".repeat(32)}`;
  journal.record(direction, [], { number: 0, hash }, () => hash);
}

describe("Relayer", function () {
  this.timeout(20_000);

  it("goes on in one direction when another has halted", async () => {
    const [broken, working] = [twoChains(), twoChains()];
    const journal = new Journal(":memory:");
    const others = new Journal(":memory:");
    const [halting, moving] = [tradeToFinance(broken, others), tradeToFinance(working, journal)];
    pretendReorganised(others, halting.relay.name);
    const relayer = new Relayer([halting.relay, moving.relay], journal);
    const ended = relayer.start();
    await until(() => halting.events.some(({ type }) => type === "halted"));
    sendMany(working, ANN, 2);
    await until(() => working.financeGateway.delivered.length === 2);
    await relayer.stop();
    await ended;
    others.close();
  });

  it("closes the journal when it stops, after the step in hand", async () => {
    const world = twoChains();
    const journal = new Journal(":memory:");
    const { relay, events } = tradeToFinance(world, journal);
    const relayer = new Relayer([relay], journal);
    const ended = relayer.start();
    await until(() => world.trade.countOf("eth_blockNumber") > 0);
    await relayer.stop();
    await ended;
    expect(() => journal.lanes(relay.name)).to.throw();
    expect(events.filter(({ type }) => type !== "looked")).to.deep.equal([]);
  });

  it("has ended when both directions have halted", async () => {
    const world = twoChains();
    const journal = new Journal(":memory:");
    const { relay, events } = tradeToFinance(world, journal);
    pretendReorganised(journal, relay.name);
    const relayer = new Relayer([relay], journal);
    await relayer.start();
    expect(events.map(({ type }) => type)).to.deep.equal(["alarm", "halted"]);
    await relayer.stop();
  });

  it("can be stopped before it is started", async () => {
    const journal = new Journal(":memory:");
    await new Relayer([], journal).stop();
    expect(() => journal.lanes("")).to.throw();
  });
});
