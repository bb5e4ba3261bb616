import process from "node:process";
import { expect } from "chai";
import { developmentWallet } from "../../src/config/development.ts";
import type { Hex } from "../../src/core/hex.ts";
import { SeededRandom } from "../support/fakes/seeded-random.ts";
import { onEveryEngine } from "../support/world/engines.ts";
import { eventuallyTrue } from "../support/world/eventually.ts";
import { Numbered } from "../support/world/numbered.ts";
import { RpcProxy } from "../support/world/proxy.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const LONGEST = 16_383;
const OSAKA_CAP = 2n ** 24n;
const NIGHTLY = process.env["HUANGPU_FUZZ"] === "nightly";
const BACKLOG = NIGHTLY ? 20_000 : 2_000;
const WINDOW = 512;

/** What the relayer's transactions on the finance chain ask for and take, from a block on. */
async function transactionsSince(world: World, block: number): Promise<{ limit: bigint; used: bigint }[]> {
  const { provider } = world.finance;
  const found: { limit: bigint; used: bigint }[] = [];
  const relayer = developmentWallet("relayer").address;
  for (let number = block + 1; number <= (await provider.getBlockNumber()); number++) {
    const { prefetchedTransactions = [] } = (await provider.getBlock(number, true)) ?? {};
    for (const { hash, from, gasLimit } of prefetchedTransactions) {
      if (from !== relayer) continue;
      const receipt = await provider.getTransactionReceipt(hash);
      found.push({ limit: gasLimit, used: receipt?.gasUsed ?? 0n });
    }
  }
  return found;
}

onEveryEngine("a relayer with the longest messages", (engine) => {
  let world: World;

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld(engine);
  });

  after(async () => await world?.stop());

  it("delivers them among short ones, in transactions that a node takes", async () => {
    const messages = await Numbered.deploy(world);
    const random = new SeededRandom(3);
    /** The dearest there can be: no byte is zero. */
    const bytes = (length: number): Hex => `0x${random.hex(length).slice(2).replaceAll("00", "01").padEnd(2, "01")}`;
    for (let index = 0; index < 14; index++) await messages.sendBytes(bytes(index % 5 === 4 ? 40 : LONGEST));
    const before = await world.finance.provider.getBlockNumber();
    const relayer = await world.startRelayer();
    await eventuallyTrue("all messages to arrive", async () => await messages.arrived(), 40);
    expect(relayer.told("delayed")).to.deep.equal([]);
    expect(relayer.told("messageFailed")).to.deep.equal([]);
    const transactions = await transactionsSince(world, before);
    expect(transactions.every(({ limit }) => limit <= OSAKA_CAP)).to.equal(true);

    await messages.sendBytes(bytes(LONGEST));
    await eventuallyTrue("a single one to arrive", async () => await messages.arrived(), 40);
    expect(relayer.told("delayed")).to.deep.equal([]);
  }).timeout(90_000);
});

describe("a relayer after an outage longer than a node keeps state", () => {
  let world: World;
  let proxy: RpcProxy;

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
    proxy = await RpcProxy.start(world.trade.rpcUrl);
  });

  after(async () => {
    await world?.stop();
    await proxy?.stop();
  });

  /** As a node does that keeps the state of the newest blocks only. */
  const pruned = (): void =>
    proxy.misbehave(async ({ method, params }) => {
      if (method !== "eth_getProof") return undefined;
      const height = await world.trade.provider.getBlockNumber();
      if (Number(params[2]) >= height - WINDOW) return undefined;
      return { error: { code: -32_000, message: "World state unavailable" } };
    });

  it(`delivers ${BACKLOG} messages in chunks, at a cost for each that does not depend on how many there are`, async () => {
    pruned();
    const messages = await Numbered.deploy(world);
    const costs: number[] = [];
    for (const count of [BACKLOG / 4, BACKLOG]) {
      await messages.send(count);
      await world.trade.provider.send("hardhat_mine", [`0x${(WINDOW + 88).toString(16)}`]);
      const before = await world.finance.provider.getBlockNumber();
      const relayer = await world.startRelayer({ rpcUrls: { trade: proxy.url } });
      await eventuallyTrue("the backlog to arrive", async () => await messages.arrived(), NIGHTLY ? 300 : 60);
      expect(relayer.told("delayed")).to.deep.equal([]);
      expect(relayer.told("proven").filter(({ direction }) => direction === "trade-to-finance")).to.have.length(1);
      const transactions = await transactionsSince(world, before);
      expect(transactions.length).to.be.above(3);
      costs.push(transactions.reduce((sum, { used }) => sum + Number(used), 0) / count);

      const deliveries = relayer.told("delivered").slice(1, -1);
      const half = Math.floor(deliveries.length / 2);
      const each = (some: typeof deliveries) =>
        some.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0) / some.reduce((sum, event) => sum + event.count, 0);
      if (half > 2) expect(each(deliveries.slice(half)) / each(deliveries.slice(0, half))).to.be.within(0.9, 1.1);
      await relayer.stop();
    }
    const [short = 0, long = 0] = costs;
    expect(long / short).to.be.within(0.8, 1.05);
  }).timeout(NIGHTLY ? 900_000 : 150_000);
});
