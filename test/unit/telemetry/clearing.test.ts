import { readFileSync } from "node:fs";
import { expect } from "chai";
import { Registry } from "prom-client";
import type { ClearingEvent } from "../../../src/clearing/events.ts";
import { EXCEPTION_CODES, isAlarm, meaningOf } from "../../../src/clearing/exceptions.ts";
import { HuangpuError } from "../../../src/core/errors.ts";
import { ClearingMetrics } from "../../../src/telemetry/clearing-metrics.ts";
import { logClearing } from "../../../src/telemetry/log-clearing.ts";
import { createLogger } from "../../../src/telemetry/logger.ts";

const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 };
const position = { cycle: 7, member: 1, currency: "CNY", uetr: "u" };
const moved = { ...position, flow: "payIn", amount: 2n ** 70n } as const;
const said = { uetr: "u", detail: { amount: 1n } };

const events: [level: keyof typeof LEVELS, event: ClearingEvent][] = [
  ["info", { type: "queueResolved", queued: 3, settled: 2 }],
  ["info", { type: "cycleClosed", cycle: 7 }],
  ["info", { type: "instructed", ...moved }],
  ["info", { type: "handed", ...position }],
  ["info", { type: "cleared", ...moved }],
  ["error", { type: "rejected", ...moved, reason: "AM04" }],
  ["info", { type: "cycleFinished", cycle: 7 }],
  ["error", { type: "exception", code: "AMOUNT_MISMATCH", alarm: true, ...said }],
  ["warn", { type: "exception", code: "DUPLICATE", alarm: false, ...said }],
  ["info", { type: "reconciled", date: "2026-11-22", entries: 3 }],
  ["error", { type: "redemptionsOverdue", currency: "CNY", count: 1, amount: 5n }],
  ["info", { type: "redemptionsOverdue", currency: "CNY", count: 0, amount: 0n }],
  ["warn", { type: "delayed", direction: "clearing", error: new HuangpuError("LEDGER_UNAVAILABLE", "away") }],
];

describe("what a clearing agent tells", () => {
  for (const [level, event] of events) {
    it(`is logged as ${level}: ${event.type}${"alarm" in event ? `, alarm ${event.alarm}` : ""}`, () => {
      const lines: string[] = [];
      logClearing(createLogger("debug", { write: (line) => void lines.push(line) }))(event);
      expect(lines.length).to.equal(1);
      expect(JSON.parse(lines[0] ?? "").level).to.equal(LEVELS[level]);
    });
  }

  it("keeps the digits of amounts in the log", () => {
    const lines: string[] = [];
    logClearing(createLogger("debug", { write: (line) => void lines.push(line) }))({ type: "cleared", ...moved });
    expect(JSON.parse(lines[0] ?? "").amount).to.equal("1180591620717411303424");
  });

  it("is counted, from nothing for what alerts look at", async () => {
    const registry = new Registry();
    const metrics = new ClearingMetrics(registry);
    const before = await registry.metrics();
    for (const code of EXCEPTION_CODES) {
      expect(before).to.include(`huangpu_clearing_exceptions_total{code="${code}",alarm="${isAlarm(code)}"} 0`);
    }
    for (const [, event] of events.slice(0, -2)) metrics.observe(event);
    const after = await registry.metrics();
    for (const line of [
      'huangpu_clearing_cycles_total{event="closed"} 1',
      'huangpu_clearing_cycles_total{event="finished"} 1',
      'huangpu_clearing_instructions_total{outcome="handed"} 1',
      'huangpu_clearing_instructions_total{outcome="cleared"} 1',
      'huangpu_clearing_instructions_total{outcome="rejected"} 1',
      'huangpu_clearing_exceptions_total{code="AMOUNT_MISMATCH",alarm="true"} 1',
      'huangpu_redemptions_overdue{currency="CNY"} 1',
    ]) {
      expect(after).to.include(line);
    }
  });
});

describe("docs/clearing.md", () => {
  it("has every exception with its meaning and whether it is an alarm, and none that does not exist", () => {
    const text = readFileSync(new URL("../../../docs/clearing.md", import.meta.url), "utf8");
    const listed = [...text.matchAll(/^\| `([A-Z_]+)` \| (!?) ?\| (.+) \|$/gm)].map((match) => match.slice(1));
    const expected = EXCEPTION_CODES.map((code) => [code, isAlarm(code) ? "!" : "", meaningOf(code)]);
    expect(listed).to.deep.equal(expected);
  });
});
