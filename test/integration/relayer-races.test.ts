import { expect } from "chai";
import { agreeMany } from "../support/world/backlog.ts";
import { expectSound } from "../support/world/ledger.ts";
import type { WatchedRelayer } from "../support/world/relayer.ts";
import { agree } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const ACCOUNTS = ["relayer", "stranger", "operator"] as const;
const TRADES = 90;
const LONE = 6;

describe("three relayers on one deployment", function () {
  this.timeout(90_000);
  let world: World;

  beforeEach(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
  });

  afterEach(async () => await world?.stop());

  const startAll = async (options: (index: number) => object = () => ({})) =>
    await Promise.all(
      ACCOUNTS.map(
        async (account, index) =>
          await world.startRelayer({ account, journal: `${index}.sqlite`, window: 4, ...options(index) }),
      ),
    );
  const overtaken = (relayers: readonly WatchedRelayer[]) => relayers.flatMap((relayer) => relayer.told("overtaken"));
  const delivered = (relayers: readonly WatchedRelayer[]) => relayers.flatMap((relayer) => relayer.told("delivered"));
  const sent = (relayers: readonly WatchedRelayer[]) => relayers.flatMap((relayer) => relayer.told("sent"));

  it("deliver a backlog exactly once; the losers' transactions are few, and cheap beside a delivery", async () => {
    await agreeMany(world, TRADES);
    const relayers = await startAll(() => ({ maxGasPerTransaction: 4_000_000 }));
    await expectSound(world);
    for (const relayer of relayers) {
      expect(relayer.told("halted")).to.deep.equal([]);
      expect(relayer.told("delayed").map(({ error }) => error.code)).not.to.include("DELIVERY_REVERTED");
    }
    const deliveries = delivered(relayers);
    expect(deliveries.reduce((sum, { count }) => sum + count, 0)).to.be.at.least(TRADES);
    // Each relayer can have a window in flight when another one is first, and then sees where the cursor is.
    expect(overtaken(relayers).length).to.be.at.most(sent(relayers).length / 2);
    const dearest = Math.max(...overtaken(relayers).map(({ gasUsed }) => Number(gasUsed)), 0);
    const typical = Math.max(...deliveries.map(({ gasUsed }) => Number(gasUsed)));
    expect(dearest).to.be.below(typical / 4);
  });

  it("deliver single messages exactly once", async () => {
    const relayers = await startAll();
    for (let index = 0; index < LONE; index++) await agree(world);
    await expectSound(world);
    expect(overtaken(relayers).length).to.be.at.most(LONE * 2);
  });

  it("waste nothing at all where two of them stand by", async () => {
    const relayers = await startAll((index) => ({ standby: { index, of: 3, delayMs: 20_000 } }));
    for (let index = 0; index < LONE; index++) {
      await agree(world);
      await world.settled();
    }
    await expectSound(world);
    expect(overtaken(relayers)).to.deep.equal([]);
    const busy = relayers.filter((relayer) => delivered([relayer]).length > 0);
    expect(busy).to.have.length(1);
  });

  it("deliver in the place of one that is gone, after its turn", async () => {
    const relayers = await startAll((index) => ({ standby: { index, of: 3, delayMs: 300 } }));
    await agree(world);
    await world.settled();
    const leader = relayers.find((relayer) => delivered([relayer]).length > 0);
    await leader?.stop();
    const before = delivered(relayers).length;
    const started = performance.now();
    await agree(world);
    await world.settled();
    expect(performance.now() - started).to.be.above(250);
    await expectSound(world);
    expect(delivered(relayers).length).to.equal(before + 1);
    expect(overtaken(relayers)).to.deep.equal([]);
  });
});
