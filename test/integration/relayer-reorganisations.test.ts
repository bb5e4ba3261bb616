import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { eventuallyTrue } from "../support/world/eventually.ts";
import { expectSound } from "../support/world/ledger.ts";
import { runScript } from "../support/world/process.ts";
import type { Side } from "../support/world/stage.ts";
import { agree, EscrowState, look } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const DIRECTION = "trade-to-finance";

describe("a relayer between chains that are reorganised", function () {
  this.timeout(60_000);
  let world: World;

  beforeEach(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
  });

  afterEach(async () => await world?.stop());

  const rpc = async (side: Side, method: string, ...params: unknown[]) =>
    await world[side].provider.send(method, params);
  const mine = async (side: Side, count: number) => await rpc(side, "hardhat_mine", `0x${count.toString(16)}`);

  /** The chain goes back to a snapshot and on with other blocks, to beyond where it was. */
  async function reorganise(side: Side, snapshot: string): Promise<void> {
    const height = await world[side].provider.getBlockNumber();
    await rpc(side, "evm_revert", snapshot);
    await rpc(side, "evm_increaseTime", 1_000);
    const gone = height - (await world[side].provider.getBlockNumber());
    await mine(side, gone + 3);
  }

  it("halts when a final block of the source is gone, stays so after a restart, and goes on when it is resumed", async () => {
    const snapshot = await rpc("trade", "evm_snapshot");
    const first = await world.startRelayer();
    await mine("trade", 2);
    await eventuallyTrue("the relayer to have read the blocks", async () => {
      const height = await world.trade.provider.getBlockNumber();
      return first.told("looked").some((event) => event.direction === DIRECTION && event.throughBlock === height);
    });
    await reorganise("trade", snapshot);
    await first.complains("SOURCE_REORGANISED", DIRECTION);
    expect(first.told("alarm").map(({ direction, reason }) => [direction, reason])).to.deep.equal([
      [DIRECTION, "sourceReorganised"],
    ]);
    const trade = await agree(world);
    await first.stop();

    const second = await world.startRelayer();
    await second.complains("SOURCE_REORGANISED", DIRECTION);
    expect(await look(world, trade)).to.include({ escrow: EscrowState.Unknown });
    await second.stop();

    const resuming = runScript("src/main.ts", ["resume", "--config", configFile(), "--direction", DIRECTION]);
    expect((await resuming.ended).code, resuming.output).to.equal(0);
    expect(resuming.output).to.contain(`${DIRECTION} will read its source again`);
    const again = runScript("src/main.ts", ["resume", "--config", configFile(), "--direction", DIRECTION]);
    expect((await again.ended).code).to.equal(1);
    expect(again.output).to.contain("is not halted");

    await world.startRelayer();
    await world.settled();
    expect(await look(world, trade)).to.include({ escrow: EscrowState.Open });
    await expectSound(world);
  });

  it("carries what the source has in the end when it is reorganised above what counts as final", async () => {
    const relayer = await world.startRelayer({ confirmations: { trade: 4 } });
    await mine("trade", 6);
    const snapshot = await rpc("trade", "evm_snapshot");
    await agree(world);
    await reorganise("trade", snapshot);
    const trade = await agree(world);
    await mine("trade", 4);
    await world.settled();
    expect(await look(world, trade)).to.include({ escrow: EscrowState.Open });
    expect(relayer.told("alarm")).to.deep.equal([]);
    expect(relayer.told("halted")).to.deep.equal([]);
    await expectSound(world);
  });

  for (const [confirmations, when] of [
    [20, "before"],
    [0, "after"],
  ] as const) {
    it(`delivers again by itself when the destination loses a delivery ${when} it counted as final`, async () => {
      const relayer = await world.startRelayer({ confirmations: { finance: confirmations } });
      const snapshot = await rpc("finance", "evm_snapshot");
      const trade = await agree(world);
      await world.settled();
      await eventuallyTrue("the relayer to know", () => relayer.told("delivered").length === 1);
      await reorganise("finance", snapshot);
      await eventuallyTrue("the escrow to be open again", async () => {
        return (await look(world, trade)).escrow === EscrowState.Open;
      });
      await world.settled();
      // The other way, the finance chain is the source.
      expect(relayer.told("halted").map(({ direction }) => direction)).not.to.include(DIRECTION);
      const { gateway } = world.as("stranger").finance;
      expect(await gateway.queryFilter(gateway.filters.MessagesDelivered())).to.have.length(1);
    });
  }

  function configFile(): string {
    const file = join(world.directory, "relayer.json");
    const relayer = {
      key: { development: "relayer" },
      attestors: world.attestors.map(({ url }) => url),
      journal: join(world.directory, "relayer.sqlite"),
    };
    writeFileSync(file, JSON.stringify({ chains: world.chains, relayer, logLevel: "silent" }));
    return file;
  }
});
