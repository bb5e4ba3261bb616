import { expect } from "chai";
import { startAttestor } from "../../src/app.ts";
import { gatewayAbi } from "../../src/chains/abis.ts";
import { parseConfig } from "../../src/config/load.ts";
import { encodeHeader, type RpcBlock } from "../../src/core/block-header.ts";
import type { ErrorCode } from "../../src/core/errors.ts";
import { type Hex, keccakText } from "../../src/core/hex.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { thrown } from "../support/fakes/thrown.ts";
import { eventuallyTrue } from "../support/world/eventually.ts";
import { expectSound } from "../support/world/ledger.ts";
import { type Mischief, RpcProxy } from "../support/world/proxy.ts";
import type { WatchedRelayer } from "../support/world/relayer.ts";
import { AMOUNT, agree, agreeAndFund, clear, EscrowState, look, ship } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const CURSOR = gatewayAbi.getFunction("cursor")?.selector ?? "";
const SIDES = ["trade", "finance"] as const;

describe("a relayer with two providers for each chain", () => {
  let world: World;
  let first: Record<(typeof SIDES)[number], RpcProxy>;
  let second: Record<(typeof SIDES)[number], RpcProxy>;
  let relayer: WatchedRelayer;

  beforeEach(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
    const open = async () => ({
      trade: await RpcProxy.start(world.trade.rpcUrl),
      finance: await RpcProxy.start(world.finance.rpcUrl),
    });
    [first, second] = [await open(), await open()];
    relayer = await world.startRelayer({
      rpcUrls: { trade: [first.trade.url, second.trade.url], finance: [first.finance.url, second.finance.url] },
      timeoutMs: 300,
    });
  });

  afterEach(async () => {
    for (const proxy of [...Object.values(first), ...Object.values(second)]) await proxy.stop();
    await world.stop();
  });

  const faults: [what: string, mischief: Mischief][] = [
    ["is killed", () => "drop"],
    ["falls silent", () => "hang"],
    ["wants to be asked less often", () => ({ status: 429, text: "slow down" })],
    ["is overloaded", () => ({ status: 503, text: "overloaded" })],
    ["answers garbage", () => ({ status: 200, text: "<html>Welcome</html>" })],
    ["has no state any more", () => ({ error: { code: -32_000, message: "missing trie node" } })],
    ["serves another chain", ({ method }) => (method === "eth_chainId" ? { result: "0x1" } : undefined)],
  ];
  for (const [what, mischief] of faults) {
    it(`carries a trade to its end when the first of both ${what} in the middle of it`, async () => {
      const trade = await agreeAndFund(world);
      for (const proxy of Object.values(first)) proxy.misbehave(mischief);
      await ship(world, trade);
      await clear(world, trade);
      await world.settled();
      expect(await look(world, trade)).to.include({ paid: AMOUNT, escrow: EscrowState.Closed });
      expect(relayer.told("halted")).to.deep.equal([]);
      await expectSound(world);
    }).timeout(40_000);
  }

  for (const [who, liar] of [
    ["first", () => first.trade],
    ["second", () => second.trade],
  ] as const) {
    it(`delivers nothing while the ${who} gives a forged block, alarms, and goes on when it is gone`, async () => {
      await world.settled();
      await bothKnown(first.trade, second.trade);
      liar().misbehave(async ({ method }, forward) =>
        method === "eth_getBlockByNumber" ? { result: forge((await forward()) as RpcBlock) } : undefined,
      );
      const trade = await agree(world);
      await complains("RPC_DISAGREEMENT", 10);
      expect(await look(world, trade)).to.include({ escrow: EscrowState.Unknown });
      liar().misbehave(() => "drop");
      await world.settled();
      expect(await look(world, trade)).to.include({ escrow: EscrowState.Open });
      expect(relayer.told("halted")).to.deep.equal([]);
    });
  }

  it("delivers what the first hides by lying about logs and heads alike", async () => {
    await bothKnown(first.trade, second.trade);
    const { number = 0 } = (await world.trade.provider.getBlock("latest")) ?? {};
    const before = `0x${number.toString(16)}`;
    first.trade.misbehave(async ({ method, params }) => {
      if (method === "eth_getLogs") return { result: [] };
      if (method !== "eth_call" || params[1] === "latest") return undefined;
      return { result: await world.trade.provider.send(method, [params[0], before]) };
    });
    // A first message from this sender: the journal does not know yet that there is a head to compare with.
    const trade = await agree(world);
    const other = await agree(world);
    await complains("RPC_DISAGREEMENT", 10);
    for (const each of [trade, other]) expect(await look(world, each)).to.include({ escrow: EscrowState.Unknown });
    first.trade.misbehave(() => "drop");
    await world.settled();
    for (const each of [trade, other]) expect(await look(world, each)).to.include({ escrow: EscrowState.Open });
  });

  it("does not forget a message because the first claims that it has arrived", async () => {
    await bothKnown(first.finance, second.finance);
    const { tradeBook } = world.deployment.trade;
    const { gateway } = world.deployment.finance;
    first.finance.misbehave(async ({ method, params: [call] }) => {
      const { to, data } = (call ?? {}) as { to?: string; data?: string };
      const asksCursor = method === "eth_call" && to === gateway.toLowerCase() && data?.startsWith(CURSOR) === true;
      return asksCursor ? { result: await world.as("stranger").trade.gateway.headOf(tradeBook) } : undefined;
    });
    const trade = await agree(world);
    await complains("RPC_DISAGREEMENT", 1);
    await world.settled();
    expect(await look(world, trade)).to.include({ escrow: EscrowState.Open });
    expect(relayer.told("halted")).to.deep.equal([]);
  });

  it("starts with only one provider up", async () => {
    await relayer.stop();
    for (const proxy of Object.values(first)) await proxy.stop();
    relayer = await world.startRelayer({
      journal: "degraded.sqlite",
      rpcUrls: { trade: [first.trade.url, second.trade.url], finance: [first.finance.url, second.finance.url] },
    });
    const trade = await agree(world);
    await world.settled();
    expect(await look(world, trade)).to.include({ escrow: EscrowState.Open });
  });

  /** Until providers were asked for their height, and count beside each other. */
  async function bothKnown(...proxies: RpcProxy[]): Promise<void> {
    await eventuallyTrue("both providers to be surveyed", () =>
      proxies.every(({ calls }) => calls.some(({ method }) => method === "eth_blockNumber")),
    );
  }

  async function complains(code: ErrorCode, times: number): Promise<void> {
    await eventuallyTrue(
      `${times} complaints of ${code}`,
      () => relayer.told("delayed").filter(({ error }) => error.code === code).length >= times,
    );
  }
});

/** Another block in the place of one, with a hash that is its own. */
function forge(block: RpcBlock): RpcBlock & { hash: Hex } {
  const forged = { ...block, stateRoot: keccakText("another state") };
  try {
    encodeHeader({ ...forged, hash: keccakText("unknown") });
  } catch (error) {
    return { ...forged, hash: (error as { fields: { computed: Hex } }).fields.computed };
  }
  throw new Error("The header hashes to what it cannot hash to");
}

describe("an attestor with two providers for a chain", () => {
  it("does not start: it would be open which of them its signature stands for", async () => {
    const chain = { gateway: `0x${"11".repeat(20)}`, rpcUrls: ["http://127.0.0.1:1"] };
    const config = parseConfig(
      {
        chains: {
          trade: { ...chain, chainId: 7101 },
          finance: { ...chain, chainId: 7102, rpcUrls: ["http://127.0.0.1:1", "http://127.0.0.1:2"] },
        },
        attestor: { key: { development: "attestor1" }, port: 0, record: ":memory:" },
      },
      "test",
    );
    const error = await thrown(
      "CONFIG_INVALID",
      startAttestor(config, { environment: {}, logger: createLogger("silent") }),
    );
    expect(error.message).to.include("chains.finance.rpcUrls");
  });
});
