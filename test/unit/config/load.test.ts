import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { loadConfig, parseConfig, requireSection } from "../../../src/config/load.ts";
import type { ConfigInput } from "../../../src/config/schema.ts";
import { scratchFolder } from "../../support/fakes/scratch.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const LEI = "8945HPUOPERATOR00042";
const GATEWAY = `0x${"aB".repeat(20)}`;

const minimal = (): ConfigInput => ({
  chains: {
    trade: { chainId: 7101, rpcUrls: ["http://127.0.0.1:8545"], gateway: GATEWAY },
    finance: { chainId: 7102, rpcUrls: ["https://finance.example/rpc"], gateway: GATEWAY },
  },
});

const full = (): ConfigInput => ({
  ...minimal(),
  relayer: {
    key: { env: "KEY" },
    attestors: ["http://127.0.0.1:9001"],
    journal: "journal.sqlite",
    standby: { index: 1, of: 2, delayMs: 20_000 },
  },
  attestor: { key: { development: "attestor1" }, port: 9_001, record: "record.sqlite" },
  monitoring: { port: 9_100 },
  clearing: {
    key: { development: "clearingAgent" },
    journal: "clearing.sqlite",
    house: GATEWAY,
    agent: LEI,
    centralLedger: { url: "http://127.0.0.1:7500", lei: LEI },
  },
});

/** A copy with one field set, by its path. */
function withField(path: string, value: unknown): unknown {
  const copy = structuredClone(full()) as unknown;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const owner = keys.reduce((target, key) => (target as Record<string, unknown>)[key], copy) as Record<string, unknown>;
  if (value === undefined) delete owner[last];
  else owner[last] = value;
  return copy;
}

describe("configuration", () => {
  const file = scratchFolder();
  const load = (content: unknown, environment = {}) => {
    writeFileSync(file("config.json"), typeof content === "string" ? content : JSON.stringify(content));
    return loadConfig(file("config.json"), environment);
  };

  it("fills in what is not said", () => {
    const config = load(full());
    expect(config.chains.trade).to.deep.include({
      startBlock: 0,
      confirmations: 0,
      priorityFeeWei: 1_000_000_000n,
      maxFeePerGasWei: 500_000_000_000n,
      senders: [],
      proofWindowBlocks: 512,
      timeoutMs: 10_000,
    });
    expect(config.relayer).to.deep.include({
      pollMs: 250,
      blockRange: 1_000,
      maxGasPerTransaction: 16_000_000,
      window: 8,
      idlePollMs: 1_000,
      bumpPercent: 12.5,
    });
    expect(config.attestor?.host).to.equal("127.0.0.1");
    expect(config.chains.trade).to.include({
      maxLagBlocks: 8,
      surveyMs: 5_000,
      minSignerBalanceWei: 0n,
      maxStandstillMs: 0,
    });
    expect(config.monitoring).to.deep.equal({
      host: "127.0.0.1",
      port: 9_100,
      maxSilenceMs: 300_000,
      maxStallMs: 120_000,
      maxLagBlocks: 100,
      maxPendingAgeMs: 600_000,
    });
    expect(config.clearing).to.deep.include({
      cycleMs: 3_600_000,
      answerTimeoutMs: 600_000,
      redemptionsMs: 60_000,
      pollMs: 1_000,
      idlePollMs: 5_000,
      retryMs: 1_000,
      maxRetryMs: 60_000,
      receiptTimeoutMs: 60_000,
      bumpPercent: 12.5,
      blockRange: 1_000,
    });
    expect(config.clearing?.centralLedger.timeoutMs).to.equal(10_000);
    expect(config.logLevel).to.equal("info");
  });

  it("does without the sections of other roles", () => {
    expect(load(minimal())).not.to.have.any.keys("relayer", "attestor", "clearing", "monitoring");
  });

  it("keeps what is said", () => {
    const config = load(withField("chains.finance.priorityFeeWei", "0"));
    expect(config.chains.finance.priorityFeeWei).to.equal(0n);
    expect(load(withField("relayer.window", 3)).relayer?.window).to.equal(3);
  });

  describe("is refused with CONFIG_INVALID that names the field", () => {
    const cases: [path: string, value: unknown][] = [
      ["chains", undefined],
      ["chains.trade", undefined],
      ["chains.finance", "http://127.0.0.1"],
      ["chains.trade.chainId", "7101"],
      ["chains.trade.chainId", 0],
      ["chains.trade.chainId", 2 ** 48],
      ["chains.trade.rpcUrls", ["ftp://127.0.0.1"]],
      ["chains.trade.rpcUrls", ["127.0.0.1:8545"]],
      ["chains.trade.rpcUrls", []],
      ["chains.trade.rpcUrls", "http://127.0.0.1"],
      ["chains.trade.rpcUrls", ["http://127.0.0.1:1", "http://127.0.0.1:1"]],
      ["chains.trade.rpcUrl", "http://127.0.0.1"],
      ["chains.trade.maxLagBlocks", -1],
      ["chains.trade.surveyMs", 0],
      ["chains.trade.maxStandstillMs", -1],
      ["chains.finance.chainId", 7101],
      ["chains.finance.gateway", "0x12"],
      ["chains.finance.gateway", undefined],
      ["chains.finance.startBlock", -1],
      ["chains.finance.confirmations", 1.5],
      ["chains.finance.priorityFeeWei", "-1"],
      ["chains.finance.priorityFeeWei", 5],
      ["chains.finance.timeoutMs", 0],
      ["chains.trade.extra", true],
      ["relayer.key", { env: "" }],
      ["relayer.key", { env: "A", keystore: "b" }],
      ["relayer.key", { development: "nobody" }],
      ["relayer.key", "0x01"],
      ["relayer.attestors", []],
      ["chains.trade.headers", "clique"],
      ["relayer.attestors", ["nonsense"]],
      ["relayer.journal", ""],
      ["relayer.pollMs", 0],
      ["relayer.blockRange", 0],
      ["relayer.retryMs", -5],
      ["relayer.maxRetryMs", null],
      ["relayer.receiptTimeoutMs", "60s"],
      ["relayer.attestorTimeoutMs", 0],
      ["relayer.maxGasPerTransaction", 0],
      ["relayer.window", 0],
      ["relayer.idlePollMs", 0],
      ["relayer.bumpPercent", 9.9],
      ["relayer.standby", { index: 0, of: 2 }],
      ["relayer.standby.index", 2],
      ["chains.trade.senders", ["0x12"]],
      ["chains.trade.confirmations", 512],
      ["chains.trade.proofWindowBlocks", 0],
      ["chains.finance.maxFeePerGasWei", "1e9"],
      ["chains.trade.minSignerBalanceWei", "-1"],
      ["chains.trade.minSignerBalanceWei", 1],
      ["monitoring.port", undefined],
      ["monitoring.port", -1],
      ["monitoring.maxSilenceMs", 0],
      ["monitoring.maxStallMs", "2m"],
      ["monitoring.maxLagBlocks", 0],
      ["monitoring.maxPendingAgeMs", 0.5],
      ["monitoring.token", "x"],
      ["attestor.port", 65_536],
      ["attestor.port", undefined],
      ["attestor.record", undefined],
      ["attestor.host", 1],
      ["clearing.key", undefined],
      ["clearing.journal", ""],
      ["clearing.house", "0x12"],
      ["clearing.agent", "HUANGPU"],
      ["clearing.agent", LEI.toLowerCase()],
      ["clearing.settlement", `${LEI}-CNY`],
      ["clearing.centralLedger", "http://127.0.0.1:7500"],
      ["clearing.centralLedger.url", "ftp://127.0.0.1"],
      ["clearing.centralLedger.lei", undefined],
      ["clearing.centralLedger.timeoutMs", 0],
      ["clearing.cycleMs", 0],
      ["clearing.answerTimeoutMs", "10m"],
      ["clearing.blockRange", 0],
      ["clearing.bumpPercent", 101],
      ["clearing.redemptionsMs", -1],
      ["clearing.extra", true],
      ["logLevel", "loud"],
      ["secret", "x"],
    ];
    for (const [path, value] of cases) {
      it(`${path} = ${JSON.stringify(value)}`, async () => {
        const error = await thrown("CONFIG_INVALID", () => load(withField(path, value)));
        expect(error.message).to.include(path.split(".").at(-1));
        expect(error.message).to.include("config.json");
      });
    }

    it("relayer.attestors = [] while only one chain seals its own blocks", async () => {
      const one = withField("relayer.attestors", []);
      const both = structuredClone(one) as { chains: Record<"trade" | "finance", Record<string, unknown>> };
      both.chains.trade["headers"] = "qbft";
      await thrown("CONFIG_INVALID", () => load(both));
      both.chains.finance["headers"] = "qbft";
      expect(load(both).relayer?.attestors).to.deep.equal([]);
    });

    it("all of them, when several are wrong", async () => {
      const wrong = { chains: { trade: { chainId: -1, rpcUrls: ["x"], gateway: "y" }, finance: {} }, logLevel: 3 };
      const { message } = await thrown("CONFIG_INVALID", () => parseConfig(wrong, "test"));
      for (const path of [
        "chains.trade.chainId",
        "chains.trade.rpcUrls",
        "chains.trade.gateway",
        "chains.finance.gateway",
        "logLevel",
      ]) {
        expect(message).to.include(path);
      }
    });
  });

  describe("is refused with CONFIG_INVALID", () => {
    it("when the file is not there", async () => {
      const error = await thrown("CONFIG_INVALID", () => loadConfig(file("absent.json"), {}));
      expect(error.message).to.include("absent.json");
      expect(error.cause).to.have.property("code", "ENOENT");
    });

    it("when the file is a folder", async () => {
      await thrown("CONFIG_INVALID", () => loadConfig(file("."), {}));
    });

    for (const content of ["", "{", "not json", "null", "[]", "7", '"text"']) {
      it(`when the file holds ${JSON.stringify(content)}, whatever the environment says`, async () => {
        await thrown("CONFIG_INVALID", () =>
          load(content, { HUANGPU_TRADE_RPC_URLS: "http://127.0.0.1:1", HUANGPU_LOG_LEVEL: "info" }),
        );
      });
    }
  });

  describe("is overridden by the environment", () => {
    it("field by field", () => {
      const config = load(full(), {
        HUANGPU_TRADE_RPC_URLS: "http://127.0.0.1:1111, https://backup.example/key",
        HUANGPU_FINANCE_RPC_URLS: "http://127.0.0.1:2222",
        HUANGPU_JOURNAL: "other-journal.sqlite",
        HUANGPU_RECORD: "other-record.sqlite",
        HUANGPU_LOG_LEVEL: "debug",
      });
      expect(config.chains.trade.rpcUrls).to.deep.equal(["http://127.0.0.1:1111", "https://backup.example/key"]);
      expect(config.chains.finance.rpcUrls).to.deep.equal(["http://127.0.0.1:2222"]);
      expect(config.relayer?.journal).to.equal("other-journal.sqlite");
      expect(config.attestor?.record).to.equal("other-record.sqlite");
      expect(config.logLevel).to.equal("debug");
    });

    it("also where the file says nothing", () => {
      const raw = withField("chains.trade.rpcUrls", undefined);
      expect(load(raw, { HUANGPU_TRADE_RPC_URLS: "http://127.0.0.1:1" }).chains.trade.rpcUrls).to.deep.equal([
        "http://127.0.0.1:1",
      ]);
    });

    it("but gets no section that the file does not have", () => {
      expect(load(minimal(), { HUANGPU_JOURNAL: "j", HUANGPU_RECORD: "r" })).not.to.have.any.keys(
        "relayer",
        "attestor",
      );
    });

    it("and is checked as if the file said it", async () => {
      const error = await thrown("CONFIG_INVALID", () => load(full(), { HUANGPU_LOG_LEVEL: "" }));
      expect(error.message).to.include("logLevel");
    });
  });

  describe("requireSection", () => {
    it("returns a section that is there", () => {
      const section = { a: 1 };
      expect(requireSection(section, "relayer")).to.equal(section);
    });

    it("fails with CONFIG_INVALID when it is missing", async () => {
      const error = await thrown("CONFIG_INVALID", () => requireSection(undefined, "relayer"));
      expect(error.message).to.include("relayer");
    });
  });
});
