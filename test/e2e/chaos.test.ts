import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { openProvider } from "../../scripts/local/chains.ts";
import { customerFunds } from "../../scripts/local/onboarding/coins.ts";
import { developmentWallet, LOCAL_CHAIN_IDS } from "../../src/config/development.ts";
import type { Hex } from "../../src/core/hex.ts";
import { Journal } from "../../src/relayer/journal.ts";
import type { SenderAccount } from "../../src/relayer/transaction-journal.ts";
import { SeededRandom } from "../support/fakes/seeded-random.ts";
import { Chaos } from "../support/world/chaos.ts";
import { eventuallyTrue } from "../support/world/eventually.ts";
import { Fleet } from "../support/world/fleet.ts";
import { balanceOf, expectExactlyOnce, expectMoneyConserved } from "../support/world/ledger.ts";
import { type Child, runScript } from "../support/world/process.ts";
import { createStage, isSettled, type Stage } from "../support/world/stage.ts";
import { Traders } from "../support/world/traders.ts";

const { HUANGPU_CHAOS_TRADES = "2000", HUANGPU_CHAOS_SEED = "1" } = process.env;
const TRADES = Number(HUANGPU_CHAOS_TRADES);
/** Nothing may stand still for so long, however slow the machine is. */
const STILL_SECONDS = 60;
const MINUTES = 10;
const BLOCK_TIME_MS = 200;

const directions = ["trade-to-finance", "finance-to-trade"] as const;

describe("the node in chaos", () => {
  const directory = mkdtempSync(join(tmpdir(), "huangpu-chaos-"));
  const random = new SeededRandom(Number(HUANGPU_CHAOS_SEED));
  const chaos = new Chaos(random);
  let chains: Child;
  let stage: Stage;
  let fleet: Fleet;

  before(async function () {
    this.timeout(60_000);
    chains = runScript("test/support/world/serve-chains.ts", [`${BLOCK_TIME_MS}`]);
    const { tradeRpcUrl, financeRpcUrl, deployment } = JSON.parse(await chains.line(/^\{"tradeRpcUrl/));
    const trade = { rpcUrl: tradeRpcUrl, provider: openProvider(tradeRpcUrl, LOCAL_CHAIN_IDS.trade) };
    const finance = { rpcUrl: financeRpcUrl, provider: openProvider(financeRpcUrl, LOCAL_CHAIN_IDS.finance) };
    stage = createStage({ deployment, trade, finance }, directory);
    fleet = await Fleet.start(stage, directory, chaos, random);
  });

  after(async () => {
    await fleet?.stop();
    for (const side of ["trade", "finance"] as const) stage?.[side].provider.destroy();
    await chains?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it(`carries ${TRADES} trades, each message once and all money to its owner (HUANGPU_CHAOS_SEED=${HUANGPU_CHAOS_SEED})`, async () => {
    const traders = await Traders.open(stage, random, TRADES);
    await finish(traders);
    await fleet.allUp();
    await eventuallyTrue("the relayer to have nothing pending", () => nothingPending());
    expect((await fleet.stop()).at(-1), "the relayer's end").to.deep.equal({ code: 0, signal: null });

    await expectPaidOut(traders);
    await expectMoneyConserved(stage);
    await expectExactlyOnce(stage);
    await expectNothingFailed();
  }).timeout(60_000 * MINUTES);

  // In fewer trades, not every fault has its turn.
  if (TRADES >= 1_000) {
    it("met every kind of fault, and every process was killed", () => {
      expect(
        [...chaos.met].filter(([, times]) => times === 0),
        "faults that were not met",
      ).to.deep.equal([]);
      expect([...fleet.kills.keys()]).to.have.length(5);
      expect(fleet.journalsLost).to.be.above(0);
    });
  }

  /** Nobody does anything but trade, kill, fail and lie until all has arrived. */
  async function finish(traders: Traders): Promise<void> {
    const finished = new AbortController();
    const killing = fleet.killNowAndThen(finished.signal);
    let moved = Date.now();
    try {
      while (!(traders.done && (await isSettled(stage)))) {
        fleet.assertAlive();
        if ((await traders.act()) > 0) moved = Date.now();
        if (Date.now() > moved + STILL_SECONDS * 1_000) {
          throw new Error(`Nothing moves: ${traders.ended} of ${TRADES} trades ended\n${fleet.lastWords}`);
        }
        await sleep(BLOCK_TIME_MS / 2);
      }
    } finally {
      finished.abort();
      await killing;
    }
  }

  async function expectPaidOut({ sales }: Traders): Promise<void> {
    const paid = [...sales.values()].filter(({ course }) => course !== "cancelled");
    const income = paid.reduce((sum, { amount }) => sum + amount, 0n);
    expect(await balanceOf(stage, stage.as("seller").address), "the seller's income").to.equal(income);
    expect(await balanceOf(stage, stage.as("buyer").address), "what the buyer has left").to.equal(
      customerFunds.USD - income,
    );
    const { settlement } = stage.as("stranger").finance;
    expect(await settlement.queryFilter(settlement.filters.EscrowClosed())).to.have.length(TRADES);
    expect(await settlement.queryFilter(settlement.filters.HeldInSuspense())).to.have.length(0);
  }

  async function expectNothingFailed(): Promise<void> {
    for (const side of ["trade", "finance"] as const) {
      const { gateway } = stage.as("stranger")[side];
      expect(await gateway.queryFilter(gateway.filters.MessageFailed()), `failed on ${side}`).to.deep.equal([]);
    }
  }

  function nothingPending(): boolean {
    const journal = new Journal(fleet.journal);
    try {
      const pending = directions.flatMap((direction) => journal.lanes(direction)).map((lane) => lane.pending);
      const inFlight = directions.flatMap((direction) => journal.transactions.inFlight(payer(direction)));
      return pending.length >= directions.length && pending.every((count) => count === 0) && inFlight.length === 0;
    } finally {
      journal.close();
    }
  }

  /** Who pays for what goes in a direction, and where. */
  function payer(direction: (typeof directions)[number]): SenderAccount {
    const { chainId } = stage.deployment[direction === "trade-to-finance" ? "finance" : "trade"];
    return { chainId, address: developmentWallet("relayer").address.toLowerCase() as Hex };
  }
});
