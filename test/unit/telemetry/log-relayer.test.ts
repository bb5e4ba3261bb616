import { expect } from "chai";
import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import type { RelayerEvent } from "../../../src/relayer/events.ts";
import { logRelayer } from "../../../src/telemetry/log-relayer.ts";
import { createLogger } from "../../../src/telemetry/logger.ts";

const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 };
const direction = "trade-to-finance";
const hash: Hex = `0x${"ab".repeat(32)}`;
const sender: Hex = `0x${"01".repeat(20)}`;

function log(event: RelayerEvent, level = "debug"): Record<string, unknown>[] {
  const lines: string[] = [];
  logRelayer(createLogger(level, { write: (line) => void lines.push(line) }))(event);
  return lines.map((line) => JSON.parse(line));
}

const quiet: Record<string, [level: keyof typeof LEVELS, event: RelayerEvent]> = {
  observed: ["debug", { type: "observed", direction, count: 3, throughBlock: 7, since: 1_700_000_000 }],
  proven: ["debug", { type: "proven", direction, sender, head: hash, block: 7, signers: 3, proofBytes: 4_000 }],
  confirmed: ["debug", { type: "confirmed", direction, sender, count: 3 }],
  messageFailed: [
    "warn",
    { type: "messageFailed", direction, sender, message: { id: hash, recipient: sender, reason: "0xdead" } },
  ],
};

describe("logRelayer", () => {
  for (const [type, [level, event]] of Object.entries(quiet)) {
    it(`writes ${type} as ${level}, with its fields`, () => {
      const [line, ...others] = log(event);
      expect(others).to.deep.equal([]);
      expect(line).to.deep.include({ ...event, level: LEVELS[level] });
    });
  }

  const maxFeePerGas = 2n ** 70n;
  const transaction = { direction, nonce: 7, hash, attempt: 2, maxFeePerGas };
  const withAmounts: [level: keyof typeof LEVELS, field: string, event: RelayerEvent][] = [
    ["debug", "maxFeePerGas", { type: "sent", ...transaction }],
    ["warn", "maxFeePerGas", { type: "replaced", ...transaction }],
    [
      "info",
      "gasUsed",
      { type: "upkept", direction, purpose: "equivocationReport", hash, gasUsed: maxFeePerGas, succeeded: true },
    ],
    ["info", "gasUsed", { type: "overtaken", direction, sender, hash, gasUsed: maxFeePerGas }],
    [
      "debug",
      "signerBalance",
      { type: "looked", direction, sourceBlock: 9, throughBlock: 8, pending: 3, signerBalance: maxFeePerGas },
    ],
  ];
  for (const [level, field, event] of withAmounts) {
    it(`writes ${event.type} as ${level}, with its ${field} as a text`, () => {
      const [line] = log(event);
      expect(line).to.include({ type: event.type, direction, level: LEVELS[level] });
      expect(line?.[field]).to.equal(maxFeePerGas.toString());
    });
  }

  it("writes an alarm as error, with its reason and fields", () => {
    const [line] = log({ type: "alarm", direction, reason: "feeCeiling", fields: { nonce: 7 } });
    expect(line).to.include({ direction, reason: "feeCeiling", nonce: 7, level: LEVELS.error });
  });

  it("writes a delivery as info, with its gas as a text", () => {
    const gasUsed = 2n ** 60n;
    const event = { type: "delivered", direction, sender, count: 3, transactionHash: hash, block: 9, gasUsed } as const;
    expect(log(event)[0]).to.deep.include({ ...event, gasUsed: gasUsed.toString(), level: LEVELS.info });
  });

  for (const [type, level] of [
    ["delayed", "warn"],
    ["halted", "error"],
  ] as const) {
    it(`writes ${type} as ${level}, with the error's code and fields`, () => {
      const error = new HuangpuError("DELIVERY_REVERTED", "refused", {
        fields: { hash, gasUsed: 5n },
        cause: new Error("inner"),
      });
      const [line] = log({ type, direction, error });
      expect(line).to.deep.include({
        level: LEVELS[level],
        direction,
        code: "DELIVERY_REVERTED",
        reason: "refused",
        hash,
      });
      expect(line).to.have.property("gasUsed");
    });
  }

  it("writes the time in ISO 8601 and neither host nor process", () => {
    const [line] = log({ type: "observed", direction, count: 1, throughBlock: 1, since: 1 });
    expect(new Date(line?.["time"] as string).toISOString()).to.equal(line?.["time"]);
    expect(line).not.to.have.any.keys("pid", "hostname");
  });

  it("writes nothing below the level", () => {
    expect(log({ type: "observed", direction, count: 1, throughBlock: 1, since: 1 }, "info")).to.deep.equal([]);
  });
});
