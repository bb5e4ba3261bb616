import { expect } from "chai";
import { agreeMany } from "../support/world/backlog.ts";
import { crashRelayer } from "../support/world/crash.ts";
import { expectSound } from "../support/world/ledger.ts";
import { agreeAndFund, clear, look, ship, TradeState } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const TRADES = 120;
/** Room for three agreements at what they are expected to take. */
const SMALL = 3_500_000;
const BATCHES = TRADES / 3;

describe("a backlog of 120 trades", () => {
  let world: World;

  beforeEach(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
    await agreeMany(world, TRADES);
  });

  afterEach(async () => await world?.stop());

  const escrows = async () => {
    const { settlement } = world.as("stranger").finance;
    return (await settlement.queryFilter(settlement.filters.EscrowOpened())).length;
  };
  const headsShown = async () => {
    const { gateway } = world.as("stranger").finance;
    return (await gateway.queryFilter(gateway.filters.HeadProven())).length;
  };

  it("arrives in batches under one proof, each batch's head shown from the one after it", async () => {
    const relayer = await world.startRelayer({ maxGasPerTransaction: SMALL });
    await expectSound(world);
    expect(await escrows()).to.equal(TRADES);
    expect(relayer.told("delayed")).to.deep.equal([]);
    expect(relayer.told("proven")).to.have.length(1);
    expect(await headsShown()).to.equal(BATCHES);
    const { gateway } = world.as("stranger").finance;
    const deliveries = await gateway.queryFilter(gateway.filters.MessagesDelivered());
    expect(deliveries.map(({ args }) => args.count)).to.deep.equal(Array(BATCHES).fill(3n));
  });

  it("arrives in few transactions where they may be large", async () => {
    await world.startRelayer();
    await expectSound(world);
    expect(await escrows()).to.equal(TRADES);
    expect(await headsShown()).to.be.below(BATCHES / 4);
  });

  for (const { journal, memory } of [
    { journal: "relayer.sqlite", memory: "its journal" },
    { journal: "another.sqlite", memory: "its journal lost" },
  ]) {
    it(`arrives once when the relayer is killed in the middle and comes back with ${memory}`, async () => {
      let sent = 0;
      const killed = await crashRelayer(
        world,
        {
          side: "finance",
          when: "after",
          matches: ({ method }) => method === "eth_sendRawTransaction" && ++sent === BATCHES + 10,
        },
        { maxGasPerTransaction: SMALL },
      );
      try {
        expect(await escrows()).to.be.within(1, TRADES - 1);
        await world.startRelayer({ maxGasPerTransaction: SMALL, journal });
        await expectSound(world);
        expect(await escrows()).to.equal(TRADES);
      } finally {
        await killed.stop();
      }
    });
  }

  for (const { accounts, what } of [
    { accounts: ["relayer", "stranger"], what: "two relayers race" },
    { accounts: ["relayer", "relayer"], what: "two relayers race with one key" },
  ] as const) {
    it(`arrives once when ${what}, and trades go on`, async () => {
      await Promise.all(
        accounts.map(
          async (account, index) =>
            await world.startRelayer({ account, journal: `${index}.sqlite`, maxGasPerTransaction: SMALL, window: 4 }),
        ),
      );
      await world.settled();
      const trade = await agreeAndFund(world);
      await ship(world, trade);
      await clear(world, trade);
      await expectSound(world);
      expect(await escrows()).to.equal(TRADES + 1);
      expect(await look(world, trade)).to.include({ state: TradeState.Completed });
    });
  }
});
