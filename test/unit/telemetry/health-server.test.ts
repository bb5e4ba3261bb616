import { expect } from "chai";
import type { FastifyInstance, InjectOptions } from "fastify";
import { Registry } from "prom-client";
import { createHealthServer } from "../../../src/telemetry/health-server.ts";
import { Metrics } from "../../../src/telemetry/metrics.ts";
import { NodeStatus } from "../../../src/telemetry/node-status.ts";

const DIRECTION = {
  name: "trade-to-finance",
  source: "trade",
  destination: "finance",
  minSignerBalanceWei: 0n,
  maxStandstillMs: 0,
};

describe("health server", () => {
  let now = 0;
  let status: NodeStatus;
  let server: FastifyInstance;

  beforeEach(() => {
    now = 1_000;
    const limits = { maxSilenceMs: 5_000, maxStallMs: 2_000, maxLagBlocks: 10, maxPendingAgeMs: 60_000 };
    status = new NodeStatus({ ...limits, directions: [DIRECTION], chains: ["trade", "finance"] }, () => now);
    const metrics = new Metrics({ role: "relayer", version: "1", chains: new Map(), directions: [], now: () => now });
    server = createHealthServer({ status, registry: metrics.registry });
  });

  afterEach(async () => await server.close());

  it("answers 200 on /live and /ready while all is well", async () => {
    const live = await server.inject("/live");
    expect([live.statusCode, live.json()]).to.deep.equal([200, { live: true, reasons: [] }]);
    const ready = await server.inject("/ready");
    expect(ready.statusCode).to.equal(200);
    expect(ready.json()).to.deep.include({ ready: true, reasons: [] });
    expect(ready.json()).to.have.all.keys("ready", "reasons", "directions", "chains");
  });

  it("answers 503 on /ready with the reasons, and stays alive", async () => {
    now += 2_001;
    const ready = await server.inject("/ready");
    expect(ready.statusCode).to.equal(503);
    const stalled = { name: "stalled", direction: DIRECTION.name, value: 2_001, limit: 2_000 };
    expect(ready.json()).to.deep.include({ ready: false, reasons: [stalled] });
    expect((await server.inject("/live")).statusCode).to.equal(200);
  });

  it("answers 503 on /live when a direction is silent", async () => {
    now += 5_001;
    const live = await server.inject("/live");
    expect(live.statusCode).to.equal(503);
    expect(live.json().reasons[0]).to.include({ name: "silent", direction: DIRECTION.name });
  });

  it("answers /metrics in Prometheus' format", async () => {
    const { statusCode, headers, body } = await server.inject("/metrics");
    expect(statusCode).to.equal(200);
    expect(headers["content-type"]).to.match(/^text\/plain; version=0\.0\.4/);
    expect(body).to.match(/^# TYPE huangpu_build_info gauge$/m);
  });

  it("takes a query along", async () => {
    expect((await server.inject("/live?verbose=1")).statusCode).to.equal(200);
  });

  for (const url of ["/", "/metrics/", "/ready/../live/x", "/%00", "/__proto__", "//live", "/LIVE", "/admin"]) {
    it(`answers 404 on ${url}, and nothing more`, async () => {
      const { statusCode, body } = await server.inject({ url });
      expect([statusCode, body]).to.deep.equal([404, '{"code":"NOT_FOUND"}']);
    });
  }

  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"] as const) {
    it(`answers 405 on ${method}`, async () => {
      for (const url of ["/live", "/ready", "/metrics?x=1"]) {
        const { statusCode, headers } = await server.inject({ url, method });
        expect([statusCode, headers["allow"]]).to.deep.equal([405, "GET"]);
      }
    });
  }

  const hostile: [what: string, options: InjectOptions][] = [
    [
      "a body that is no JSON",
      { method: "POST", url: "/live", headers: { "content-type": "application/json" }, payload: "{" },
    ],
    [
      "a body that is long",
      { method: "POST", url: "/live", headers: { "content-type": "application/json" }, payload: "9".repeat(9_000) },
    ],
    [
      "a content type that is unknown",
      { method: "POST", url: "/live", headers: { "content-type": "x/y" }, payload: "z" },
    ],
    ["a path that cannot be decoded", { method: "GET", url: "/%E0%A4%A" }],
  ];
  for (const [what, options] of hostile) {
    it(`answers ${what} with 4xx and a code, without a stack or a path`, async () => {
      const { statusCode, body } = await server.inject(options);
      expect(statusCode).to.be.within(400, 499);
      expect(body).to.match(/^\{"code":"[A-Z_]+"\}$/);
    });
  }

  it("says no more than INTERNAL when it fails itself", async () => {
    const broken = new Registry();
    broken.metrics = async () => {
      throw new Error("secret detail");
    };
    const failing = createHealthServer({ status, registry: broken });
    const { statusCode, body } = await failing.inject("/metrics");
    expect([statusCode, body]).to.deep.equal([500, '{"code":"INTERNAL"}']);
    await failing.close();
  });
});
