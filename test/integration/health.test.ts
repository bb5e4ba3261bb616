import { connect } from "node:net";
import { expect } from "chai";
import { startAttestor } from "../../src/app.ts";
import { parseConfig, requireSection } from "../../src/config/load.ts";
import type { Config } from "../../src/config/schema.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { type Monitoring, startMonitoring } from "../../src/telemetry/monitoring.ts";
import { ask } from "../support/world/attestors.ts";
import { eventually, eventuallyTrue } from "../support/world/eventually.ts";
import { RpcProxy } from "../support/world/proxy.ts";
import { agree, EscrowState, look } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

interface Health {
  status: number;
  body: { ready?: boolean; live?: boolean; reasons: { name: string; chain?: string; direction?: string }[] };
}

const VERSION = { role: "relayer", version: "0.0.0" } as const;

describe("health and metrics", () => {
  let world: World;
  let proxy: RpcProxy;
  let monitoring: Monitoring;
  const lines: string[] = [];
  const logger = createLogger("info", { write: (line) => void lines.push(line) });

  const health = async (path: string): Promise<Health> => {
    const response = await fetch(`${monitoring.url}${path}`);
    return { status: response.status, body: (await response.json()) as Health["body"] };
  };
  const metric = async (series: string): Promise<number | undefined> => {
    const text = await (await fetch(`${monitoring.url}/metrics`)).text();
    const line = text.split("\n").find((each) => each.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.split(" ").at(-1));
  };
  const config = (more: object = {}) =>
    parseConfig(
      {
        chains: {
          trade: {
            ...world.chains.trade,
            rpcUrls: [proxy.url],
            timeoutMs: 300,
            surveyMs: 30,
            minSignerBalanceWei: "1",
          },
          finance: { ...world.chains.finance, surveyMs: 30 },
        },
        monitoring: { port: 0, maxStallMs: 1_000, maxLagBlocks: 30, maxPendingAgeMs: 1_500 },
        ...more,
      },
      "test",
    );

  const start = async (from: Config) =>
    await startMonitoring(from, requireSection(from.monitoring, "monitoring"), VERSION, logger);

  const watched = async () =>
    await world.startRelayer({ monitoring, rpcUrls: { trade: proxy.url }, timeoutMs: 2_000, surveyMs: 30 });

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
  });

  beforeEach(async () => {
    lines.length = 0;
    proxy = await RpcProxy.start(world.trade.rpcUrl);
    monitoring = await start(config());
  });

  afterEach(async () => {
    await monitoring.stop();
    await proxy.stop();
  });

  after(async () => await world.stop());

  it("follow a relayer whose chain stops and comes back", async () => {
    const relayer = await watched();
    await world.settled();
    await eventuallyTrue("readiness", async () => (await health("/ready")).status === 200);
    const delivered = async () => await metric('huangpu_messages_delivered_total{direction="trade-to-finance"}');
    const before = (await delivered()) ?? 0;
    await look(world, await agree(world));
    await world.settled();
    await eventuallyTrue("the delivery to be counted", async () => (await delivered()) === before + 1);
    expect(await metric('huangpu_delivery_latency_seconds_count{direction="trade-to-finance"}')).to.be.at.least(1);
    await eventuallyTrue("the balance to be told", async () => {
      const balance = await metric('huangpu_signer_balance_wei{direction="finance-to-trade"}');
      return balance !== undefined && balance > 1e18;
    });

    proxy.misbehave(() => "drop");
    const trade = await agree(world);
    const reasons = await eventually("the chain's stop to show", async () => {
      const { status, body } = await health("/ready");
      const names = body.reasons.map(({ name, chain, direction }) => `${name} ${chain ?? direction}`);
      const all = ["noProvider trade", "stalled trade-to-finance", "stalled finance-to-trade"];
      return status === 503 && all.every((name) => names.includes(name)) ? names : undefined;
    });
    expect(reasons.filter((name) => name.startsWith("silent"))).to.deep.equal([]);
    expect((await health("/live")).status).to.equal(200);
    const state = (name: string) =>
      `huangpu_rpc_provider_state{chain="trade",provider="${new URL(proxy.url).host}",state="${name}"}`;
    expect([await metric(state("up")), await metric(state("down"))]).to.deep.equal([0, 1]);

    proxy.heal();
    await world.settled();
    expect(await look(world, trade)).to.include({ escrow: EscrowState.Open });
    await eventuallyTrue("readiness to come back", async () => (await health("/ready")).status === 200);
    const told = () => lines.map((line) => JSON.parse(line).msg);
    await eventuallyTrue("the log to say so", () => told().includes("Ready again"));
    expect(told()).to.include("Not ready");
    await relayer.stop();
  }).timeout(40_000);

  it("show what waits and for how long while nothing can be proven", async () => {
    const relayer = await watched();
    await world.settled();
    proxy.misbehave(({ method }) => (method === "eth_getProof" ? "drop" : undefined));
    const trade = await agree(world);
    await eventuallyTrue("what waits to show", async () => {
      const { status, body } = await health("/ready");
      return status === 503 && body.reasons.some(({ name }) => name === "pendingAge");
    });
    expect(await metric('huangpu_pending_messages{direction="trade-to-finance"}')).to.equal(1);
    expect(await metric('huangpu_oldest_pending_age_seconds{direction="trade-to-finance"}')).to.be.above(1);
    expect(
      await metric('huangpu_rounds_failed_total{direction="trade-to-finance",code="RPC_UNAVAILABLE"}'),
    ).to.be.above(0);
    proxy.heal();
    await world.settled();
    expect(await look(world, trade)).to.include({ escrow: EscrowState.Open });
    await eventuallyTrue("readiness to come back", async () => (await health("/ready")).status === 200);
    expect(await metric('huangpu_oldest_pending_age_seconds{direction="trade-to-finance"}')).to.equal(undefined);
    await relayer.stop();
  }).timeout(40_000);

  it("count what an attestor signs and refuses", async () => {
    const attestor = await startAttestor(
      config({ attestor: { key: { development: "attestor1" }, port: 0, record: ":memory:" } }),
      { environment: {}, logger, monitoring },
    );
    const { chainId } = world.chains.trade;
    const block = await world.trade.provider.getBlock(1);
    const asked = { chainId, number: 1, blockHash: block?.hash as `0x${string}` };
    expect((await ask(attestor.url, asked)).status).to.equal(200);
    expect((await ask(attestor.url, { ...asked, blockHash: `0x${"00".repeat(32)}` })).status).to.equal(409);
    expect((await ask(attestor.url, { ...asked, chainId: 31_337 })).status).to.equal(404);
    expect((await ask(attestor.url, { ...asked, number: -1 })).status).to.equal(400);
    expect(await metric('huangpu_attestations_signed_total{chain="trade"}')).to.equal(1);
    for (const code of ["BLOCK_CONFLICT", "CHAIN_NOT_SERVED", "REQUEST_INVALID"]) {
      expect(await metric(`huangpu_attestations_refused_total{code="${code}"}`), code).to.equal(1);
    }
    await attestor.stop();
  });

  it("do not start on a port that is taken", async () => {
    const { port } = new URL(monitoring.url);
    const taken = config({ monitoring: { port: Number(port) } });
    const failure = await start(taken).catch((error: NodeJS.ErrnoException) => error.code);
    expect(failure).to.equal("EADDRINUSE");
  });

  it("withstand what is no HTTP", async () => {
    const { port } = new URL(monitoring.url);
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connect(Number(port), "127.0.0.1", () => socket.write("\u0000\u0001 nonsense\r\n\r\n"));
      socket.on("data", (data) => {
        text += data.toString();
      });
      socket.on("close", () => resolve(text));
    });
    expect(answer).to.match(/^HTTP\/1\.1 400/);
    expect(answer).to.not.match(/\.ts|node_modules|at /);
    expect((await health("/live")).status).to.equal(200);
  });
});
