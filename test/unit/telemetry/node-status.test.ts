import { expect } from "chai";
import type { ProviderStatus } from "../../../src/chains/provider-events.ts";
import { type ErrorCode, HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { createLogger } from "../../../src/telemetry/logger.ts";
import { tellReadiness } from "../../../src/telemetry/monitoring.ts";
import { NodeStatus } from "../../../src/telemetry/node-status.ts";

const there = "trade-to-finance";
const back = "finance-to-trade";
const sender: Hex = `0x${"01".repeat(20)}`;

describe("NodeStatus", () => {
  let now: number;
  let status: NodeStatus;

  beforeEach(() => {
    now = 1_700_000_000_000;
    status = new NodeStatus(
      {
        directions: [
          { name: there, source: "trade", destination: "finance", minSignerBalanceWei: 100n, maxStandstillMs: 9_000 },
          { name: back, source: "finance", destination: "trade", minSignerBalanceWei: 0n, maxStandstillMs: 0 },
        ],
        chains: ["trade", "finance"],
        maxSilenceMs: 5_000,
        maxStallMs: 2_000,
        maxLagBlocks: 10,
        maxPendingAgeMs: 60_000,
      },
      () => now,
    );
  });

  const look = (direction: string, more: object = {}) =>
    status.relayer({ type: "looked", direction, sourceBlock: 20, throughBlock: 20, pending: 0, ...more });
  const fail = (direction: string, code: ErrorCode, type: "delayed" | "halted" = "delayed") =>
    status.relayer({ type, direction, error: new HuangpuError(code, "failed") });
  const survey = (chain: string, ...states: ProviderStatus["state"][]) =>
    status.providers({
      type: "surveyed",
      chain,
      providers: states.map((state, index) => ({ provider: `node-${index}`, state, head: 20 })),
    });
  const names = () => status.ready().map(({ name }) => name);

  it("is alive and ready at the start, before anything is known", () => {
    expect(status.live()).to.deep.equal([]);
    expect(status.ready()).to.deep.equal([]);
  });

  describe("live", () => {
    it("ends when a direction has done nothing for too long, and says which", () => {
      now += 5_000;
      look(back);
      expect(status.live()).to.deep.equal([]);
      now += 1;
      expect(status.live()).to.deep.equal([{ name: "silent", direction: there, value: 5_001, limit: 5_000 }]);
    });

    it("goes on while rounds fail, however long", () => {
      for (let index = 0; index < 10; index++) {
        now += 4_000;
        for (const direction of [there, back]) fail(direction, "RPC_UNAVAILABLE");
        expect(status.live()).to.deep.equal([]);
      }
    });

    it("goes on when a direction has halted, which a restart does not mend", () => {
      fail(there, "SOURCE_REORGANISED", "halted");
      now += 60_000;
      look(back);
      expect(status.live()).to.deep.equal([]);
    });

    it("is none of an attestor's, which answers or does not", () => {
      const limits = { maxSilenceMs: 1, maxStallMs: 1, maxLagBlocks: 1, maxPendingAgeMs: 1 };
      const attestor = new NodeStatus({ ...limits, directions: [], chains: ["trade"] }, () => now);
      now += 60_000;
      expect([attestor.live(), attestor.ready()]).to.deep.equal([[], []]);
    });
  });

  describe("ready", () => {
    it("ends with the lag, and comes back with the source read", () => {
      look(there, { sourceBlock: 31 });
      expect(status.ready()).to.deep.equal([{ name: "lag", direction: there, value: 11, limit: 10 }]);
      look(there, { sourceBlock: 30 });
      expect(status.ready()).to.deep.equal([]);
    });

    it("ends with the lag behind what any provider tells of, when the one that is read stands still", () => {
      look(there, { headBlock: 31 });
      expect(status.ready()).to.deep.equal([{ name: "lag", direction: there, value: 11, limit: 10 }]);
      look(there, { headBlock: 30 });
      expect(status.ready()).to.deep.equal([]);
    });

    it("ends when the source has no new block for too long, if that is watched", () => {
      for (let passed = 0; passed < 9_000; passed += 1_000) {
        for (const direction of [there, back]) look(direction, { sourceBlock: passed === 0 ? 20 : 19 });
        expect(names()).to.deep.equal([]);
        now += 1_000;
      }
      now += 1;
      for (const direction of [there, back]) look(direction);
      expect(status.ready()).to.deep.equal([
        { name: "standstill", direction: there, chain: "trade", value: 9_001, limit: 9_000 },
      ]);
      look(there, { sourceBlock: 21 });
      expect(status.ready()).to.deep.equal([]);
    });

    it("ends with the age of the oldest message, while nobody does anything", () => {
      look(there, { pending: 1, oldestPendingSince: now / 1_000 - 59 });
      expect(names()).to.deep.equal([]);
      now += 1_001;
      expect(status.ready()).to.deep.equal([{ name: "pendingAge", direction: there, value: 60_001, limit: 60_000 }]);
      look(there);
      expect(names()).to.deep.equal([]);
    });

    it("ends below the balance that the destination asks for, and remembers it between looks", () => {
      look(there, { signerBalance: 99n });
      look(there);
      expect(status.ready()).to.deep.equal([
        { name: "balance", direction: there, chain: "finance", value: "99", limit: "100" },
      ]);
      look(there, { signerBalance: 100n });
      look(back, { signerBalance: 0n });
      expect(names()).to.deep.equal([]);
    });

    it("ends when a direction only fails for too long, and names the code", () => {
      now += 2_000;
      look(back);
      fail(there, "NO_QUORUM");
      expect(names()).to.deep.equal([]);
      now += 1;
      expect(status.ready()).to.deep.equal([
        { name: "stalled", direction: there, value: 2_001, limit: 2_000, code: "NO_QUORUM" },
      ]);
      status.relayer({ type: "confirmed", direction: there, sender, count: 1 });
      expect(names()).to.deep.equal([]);
    });

    it("is not saved by alarms", () => {
      now += 2_001;
      look(back);
      status.relayer({ type: "alarm", direction: there, reason: "feeCeiling", fields: {} });
      expect(names()).to.deep.equal(["stalled"]);
    });

    it("ends with a stopped lane until a whole round goes well again", () => {
      look(there);
      fail(there, "LANE_STOPPED");
      expect(status.ready()).to.deep.equal([{ name: "laneStopped", direction: there, code: "LANE_STOPPED" }]);
      look(there);
      fail(there, "LANE_STOPPED");
      look(there);
      expect(names()).to.deep.equal(["laneStopped"]);
      look(there);
      expect(names()).to.deep.equal([]);
    });

    it("ends with a halt, which stands for everything else about the direction", () => {
      look(there, { sourceBlock: 500 });
      fail(there, "SOURCE_REORGANISED", "halted");
      expect(status.ready()).to.deep.equal([{ name: "halted", direction: there, code: "SOURCE_REORGANISED" }]);
      look(there);
      expect(names()).to.deep.equal([]);
    });

    it("ends when no provider of a chain is of use, and not before", () => {
      survey("trade", "down", "lagging");
      survey("finance", "up", "wrongChain");
      expect(names()).to.deep.equal([]);
      survey("trade", "down", "rateLimited");
      survey("finance", "wrongChain");
      expect(status.ready()).to.deep.equal([
        { name: "noProvider", chain: "trade" },
        { name: "noProvider", chain: "finance" },
      ]);
      survey("trade", "up");
      expect(status.ready()).to.deep.equal([{ name: "noProvider", chain: "finance" }]);
    });
  });

  it("describes the figures behind the reasons", () => {
    look(there, { sourceBlock: 25, pending: 2, oldestPendingSince: now / 1_000 - 30, signerBalance: 10n ** 20n });
    fail(there, "NO_QUORUM");
    survey("trade", "up");
    expect(status.describe()).to.deep.equal({
      directions: {
        [there]: {
          halted: false,
          error: "NO_QUORUM",
          lagBlocks: 5,
          pending: 2,
          oldestPendingAgeSeconds: 30,
          signerBalanceWei: "100000000000000000000",
        },
        [back]: {
          halted: false,
          error: undefined,
          lagBlocks: undefined,
          pending: 0,
          oldestPendingAgeSeconds: 0,
          signerBalanceWei: undefined,
        },
      },
      chains: { trade: { providers: [{ provider: "node-0", state: "up", head: 20 }] }, finance: { providers: [] } },
    });
  });

  it("does not grow by directions that are none of its own", () => {
    for (let index = 0; index < 1_000; index++) look(`stranger-${index}`);
    expect(Object.keys(status.describe()["directions"] as object)).to.deep.equal([there, back]);
  });

  it("is told in the log when it changes, and only then", () => {
    const lines: Record<string, unknown>[] = [];
    const tell = tellReadiness(status, createLogger("info", { write: (line) => void lines.push(JSON.parse(line)) }));
    tell();
    look(there, { sourceBlock: 40 });
    tell();
    look(there, { sourceBlock: 41 });
    tell();
    look(there);
    tell();
    tell();
    expect(lines.map(({ level, msg }) => [level, msg])).to.deep.equal([
      [40, "Not ready"],
      [30, "Ready again"],
    ]);
    expect(lines[0]?.["reasons"]).to.deep.equal([{ name: "lag", direction: there, value: 20, limit: 10 }]);
  });
});
