import { expect } from "chai";
import type { ProviderEvent } from "../../../src/chains/provider-events.ts";
import { HuangpuError } from "../../../src/core/errors.ts";
import { logProviders } from "../../../src/telemetry/log-providers.ts";
import { createLogger } from "../../../src/telemetry/logger.ts";

const LEVELS = { info: 30, warn: 40, error: 50 };
const place = { chain: "trade", provider: "rpc.example" };
const reason = new HuangpuError("RPC_UNAVAILABLE", "did not answer", { fields: { a: 1 } });

function log(event: ProviderEvent): Record<string, unknown>[] {
  const lines: string[] = [];
  logProviders(createLogger("debug", { write: (line) => void lines.push(line) }))(event);
  return lines.map((line) => JSON.parse(line));
}

describe("logProviders", () => {
  for (const [to, level] of [
    ["up", "info"],
    ["lagging", "warn"],
    ["rateLimited", "warn"],
    ["down", "warn"],
    ["wrongChain", "error"],
  ] as const) {
    it(`writes as ${level} that a provider is ${to}, with what it failed with`, () => {
      const from = to === "up" ? "down" : "up";
      const [line, ...others] = log({ type: "providerChanged", ...place, from, to, head: 7, reason });
      expect(others).to.deep.equal([]);
      const fields = { ...place, from, to, head: 7, code: "RPC_UNAVAILABLE", reason: "did not answer" };
      expect(line).to.deep.include({ level: LEVELS[level], ...fields });
    });
  }

  it("writes as error that providers contradict one another, with what each says", () => {
    const disagreed = { chain: "trade", subject: "the hash of block 7", answers: { a: "0x01", b: "0x02" } };
    expect(log({ type: "disagreed", ...disagreed })[0]).to.deep.include({ level: LEVELS.error, ...disagreed });
  });

  it("leaves out single requests and surveys", () => {
    expect(log({ type: "asked", ...place, outcome: "failed", seconds: 1 })).to.deep.equal([]);
    expect(log({ type: "surveyed", chain: "trade", providers: [] })).to.deep.equal([]);
  });
});
