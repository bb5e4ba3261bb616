import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { ErrorCode } from "../../src/core/errors.ts";
import { eventuallyTrue } from "../support/world/eventually.ts";
import { expectSound } from "../support/world/ledger.ts";
import { type Mischief, RpcProxy } from "../support/world/proxy.ts";
import type { WatchedRelayer } from "../support/world/relayer.ts";
import type { Side } from "../support/world/stage.ts";
import { AMOUNT, agree, agreeAndFund, clear, EscrowState, look, ship } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

interface Lie {
  name: string;
  mischief: Mischief;
  code: ErrorCode;
}

const only =
  (method: string, mischief: Mischief): Mischief =>
  async (call, forward) =>
    call.method === method ? await mischief(call, forward) : undefined;

/** Asks for the block before the one that was asked for. */
const blockBefore = (block: unknown) => `0x${(Number(block) - 1).toString(16)}`;

/** What the chain says about an earlier block, given as what it says about the one asked for. */
const stale =
  (world: () => World, side: Side, position: number): Mischief =>
  async ({ method, params }) => {
    const earlier = params.map((param, index) => (index === position ? blockBefore(param) : param));
    return { result: await world()[side].provider.send(method, earlier) };
  };

describe("a relayer behind endpoints that fail and lie", () => {
  let world: World;
  let proxies: Record<Side, RpcProxy>;
  let relayer: WatchedRelayer;

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
    proxies = { trade: await RpcProxy.start(world.trade.rpcUrl), finance: await RpcProxy.start(world.finance.rpcUrl) };
    relayer = await world.startRelayer({
      rpcUrls: { trade: proxies.trade.url, finance: proxies.finance.url },
      timeoutMs: 300,
    });
    await agree(world);
    await world.settled();
  });

  after(async () => {
    await world?.stop();
    for (const proxy of Object.values(proxies ?? {})) await proxy.stop();
  });

  afterEach(async () => {
    for (const proxy of Object.values(proxies)) proxy.heal();
    await expectSound(world);
  });

  const cursor = async () => await world.as("stranger").finance.gateway.cursor(world.deployment.trade.tradeBook);

  const lies: Lie[] = [
    { name: "breaks connections", mischief: () => "drop", code: "RPC_UNAVAILABLE" },
    { name: "does not answer", mischief: () => "hang", code: "RPC_UNAVAILABLE" },
    { name: "answers with status 500", mischief: () => ({ status: 500, text: "overloaded" }), code: "RPC_UNAVAILABLE" },
    {
      name: "answers garbage",
      mischief: () => ({ status: 200, text: "<html>Welcome</html>" }),
      code: "RPC_UNAVAILABLE",
    },
    {
      name: "refuses calls",
      mischief: () => ({ error: { code: -32_005, message: "limit exceeded" } }),
      code: "RPC_REJECTED",
    },
    { name: "serves another chain", mischief: only("eth_chainId", () => ({ result: "0x1" })), code: "RPC_WRONG_CHAIN" },
    {
      name: "gives a block number that is none",
      mischief: only("eth_blockNumber", () => ({ result: "latest" })),
      code: "RPC_UNAVAILABLE",
    },
    { name: "gives no block", mischief: only("eth_getBlockByNumber", () => ({ result: null })), code: "BLOCK_UNKNOWN" },
    {
      name: "gives another block's header",
      mischief: only(
        "eth_getBlockByNumber",
        stale(() => world, "trade", 0),
      ),
      code: "RPC_INCONSISTENT",
    },
    {
      name: "gives a header that does not hash to its hash",
      mischief: only("eth_getBlockByNumber", async (_, forward) => ({
        result: { ...((await forward()) as object), extraData: "0x00" },
      })),
      code: "RPC_INCONSISTENT",
    },
    {
      name: "gives another block's proof",
      mischief: only(
        "eth_getProof",
        stale(() => world, "trade", 2),
      ),
      code: "PROOF_REJECTED",
    },
    {
      name: "gives a proof without nodes",
      mischief: only("eth_getProof", async (_, forward) => ({
        result: { ...((await forward()) as object), accountProof: [] },
      })),
      code: "PROOF_REJECTED",
    },
    { name: "omits logs", mischief: only("eth_getLogs", () => ({ result: [] })), code: "RPC_INCONSISTENT" },
    {
      name: "gives logs of another chain",
      mischief: only("eth_getLogs", async ({ params: [filter] }) => ({
        result: await world.finance.provider.send("eth_getLogs", [
          { ...(filter as object), fromBlock: "0x0", toBlock: "latest" },
        ]),
      })),
      code: "RPC_INCONSISTENT",
    },
    {
      name: "alters a payload",
      mischief: only("eth_getLogs", async (_, forward) => ({
        result: ((await forward()) as { data: string }[]).map((log) => ({
          ...log,
          data: log.data.replace(AMOUNT.toString(16), (AMOUNT + 1n).toString(16)),
        })),
      })),
      code: "RPC_INCONSISTENT",
    },
  ];

  for (const { name, mischief, code } of lies) {
    it(`delivers nothing while the source ${name}, says ${code}, and goes on when it is well again`, async () => {
      await world.settled();
      const before = { cursor: await cursor(), complaints: relayer.events.length };
      proxies.trade.misbehave(mischief);
      const trade = await agree(world);
      await complainsAfter(before.complaints, code);
      expect(await cursor()).to.equal(before.cursor);
      expect(await look(world, trade)).to.include({ escrow: EscrowState.Unknown });

      proxies.trade.heal();
      await world.settled();
      expect(await look(world, trade)).to.include({ escrow: EscrowState.Open });
      expect(relayer.told("halted")).to.deep.equal([]);
    });
  }

  for (const { name, mischief, code } of lies.slice(0, 6)) {
    it(`sends nothing while the destination ${name}, says ${code}, and goes on when it is well again`, async () => {
      const complaints = relayer.events.length;
      proxies.finance.misbehave(mischief);
      const trade = await agree(world);
      await complainsAfter(complaints, code);
      expect(await look(world, trade)).to.include({ escrow: EscrowState.Unknown });
      proxies.finance.heal();
      await world.settled();
      expect(await look(world, trade)).to.include({ escrow: EscrowState.Open });
    });
  }

  it("finds a message whose log the source left out when no other one follows", async () => {
    proxies.trade.misbehave(only("eth_getLogs", () => ({ result: [] })));
    const trade = await agree(world);
    const { number } = (await world.trade.provider.getBlock("latest")) ?? { number: 0 };
    const asked = proxies.trade.calls.length;
    await eventuallyAsked(asked, "eth_getLogs", number);
    proxies.trade.heal();
    await world.settled();
    expect(await look(world, trade)).to.include({ escrow: EscrowState.Open });
  });

  it("carries a whole trade between endpoints that break a connection now and then", async () => {
    let calls = 0;
    for (const proxy of Object.values(proxies)) proxy.misbehave(() => (++calls % 23 === 0 ? "drop" : undefined));
    const trade = await agreeAndFund(world);
    await ship(world, trade);
    await clear(world, trade);
    await world.settled();
    expect(await look(world, trade)).to.include({ paid: AMOUNT, escrow: EscrowState.Closed });
  });

  it("carries a whole trade between endpoints that are slow", async () => {
    for (const proxy of Object.values(proxies)) {
      proxy.misbehave(async () => {
        await sleep(25);
        return undefined;
      });
    }
    const trade = await agreeAndFund(world);
    await ship(world, trade);
    await clear(world, trade);
    await world.settled();
    expect(await look(world, trade)).to.include({ paid: AMOUNT, escrow: EscrowState.Closed });
  });

  async function complainsAfter(position: number, code: ErrorCode): Promise<void> {
    await eventuallyTrue(`a complaint of ${code}`, () =>
      relayer.events.slice(position).some((event) => "error" in event && event.error.code === code),
    );
  }

  async function eventuallyAsked(from: number, method: string, block: number): Promise<void> {
    await eventuallyTrue(`the relayer to ask for block ${block}`, () =>
      proxies.trade.calls.slice(from).some((call) => {
        const [filter] = call.params as { toBlock?: string }[];
        return call.method === method && Number(filter?.toBlock) >= block;
      }),
    );
  }
});
