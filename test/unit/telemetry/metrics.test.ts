import { expect } from "chai";
import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import type { RelayerEvent } from "../../../src/relayer/events.ts";
import { Metrics } from "../../../src/telemetry/metrics.ts";

const direction = "trade-to-finance";
const sender: Hex = `0x${"01".repeat(20)}`;
const hash: Hex = `0x${"ab".repeat(32)}`;
const provider = { chain: "trade", provider: "rpc.example" };

describe("Metrics", () => {
  let metrics: Metrics;
  let now: number;

  beforeEach(() => {
    now = 1_700_000_100_000;
    metrics = new Metrics({
      role: "relayer",
      version: "1.2.3",
      chains: new Map([
        [7101, "trade"],
        [7102, "finance"],
      ]),
      directions: [direction],
      standstillMs: new Map([
        [direction, 90_000],
        ["finance-to-trade", 0],
      ]),
      now: () => now,
    });
  });

  const lines = async () => (await metrics.registry.metrics()).split("\n").filter((line) => /^huangpu_/.test(line));
  const own = async () => (await lines()).filter((line) => !/^huangpu_(process|nodejs)_/.test(line));
  const value = async (series: string) => {
    const found = (await lines()).find((line) => line.startsWith(`${series} `));
    return found === undefined ? undefined : Number(found.split(" ").at(-1));
  };
  const looked = (more: object = {}): RelayerEvent => ({
    type: "looked",
    direction,
    sourceBlock: 120,
    throughBlock: 117,
    pending: 4,
    ...more,
  });
  const delivered: RelayerEvent = {
    type: "delivered",
    direction,
    sender,
    count: 3,
    transactionHash: hash,
    block: 9,
    gasUsed: 90_000n,
  };

  it("tell how long a source has had no new block, and how long it may", async () => {
    const of = (name: string) => `huangpu_source_${name}_seconds{direction="${direction}"}`;
    metrics.relayer(looked());
    now += 5_000;
    for (const sourceBlock of [120, 119, 120]) metrics.relayer(looked({ sourceBlock }));
    expect(await value(of("risen_timestamp"))).to.equal(1_700_000_100);
    metrics.relayer(looked({ sourceBlock: 121 }));
    expect(await value(of("risen_timestamp"))).to.equal(1_700_000_105);
    const limits = (await lines()).filter((line) => line.startsWith("huangpu_source_standstill_limit"));
    expect(limits).to.deep.equal([`${of("standstill_limit")} 90`]);
  });

  it("measure the lag behind what any provider tells of", async () => {
    metrics.relayer(looked({ headBlock: 150 }));
    expect(await value(`huangpu_lag_blocks{direction="${direction}"}`)).to.equal(33);
  });

  it("count what a relayer does", async () => {
    const reverted = new HuangpuError("DELIVERY_REVERTED", "refused", { fields: { gasUsed: 7n } });
    const notSent = new HuangpuError("DELIVERY_REVERTED", "would be refused");
    const attempt = { direction, nonce: 1, hash, attempt: 1, maxFeePerGas: 5n };
    for (const event of [
      { type: "observed", direction, count: 3, throughBlock: 7, since: 1_700_000_000 },
      { type: "proven", direction, sender, head: hash, block: 7, signers: 3, proofBytes: 4_000 },
      { type: "sent", ...attempt },
      { type: "replaced", ...attempt },
      delivered,
      { type: "messageFailed", direction, sender, message: { id: hash, recipient: sender, reason: "0x" } },
      { type: "confirmed", direction, sender, count: 2 },
      { type: "overtaken", direction, sender, hash, gasUsed: 3n },
      { type: "upkept", direction, purpose: "equivocationReport", hash, gasUsed: 5n, succeeded: false },
      { type: "alarm", direction, reason: "feeCeiling", fields: {} },
      { type: "delayed", direction, error: reverted },
      { type: "delayed", direction, error: notSent },
      { type: "halted", direction, error: new HuangpuError("SOURCE_REORGANISED", "gone") },
    ] as RelayerEvent[]) {
      metrics.relayer(event);
    }
    const expected: Record<string, number> = {
      messages_observed_total: 3,
      messages_delivered_total: 3,
      messages_failed_total: 1,
      messages_confirmed_total: 2,
      proofs_total: 1,
      proof_bytes: 4_000,
      transactions_sent_total: 1,
      transactions_replaced_total: 1,
      transactions_reverted_total: 1,
      transactions_overtaken_total: 1,
      gas_used_total: 90_015,
      direction_halted: 1,
    };
    for (const [name, figure] of Object.entries(expected)) {
      expect(await value(`huangpu_${name}{direction="${direction}"}`), name).to.equal(figure);
    }
    expect(await value(`huangpu_alarms_total{direction="${direction}",reason="feeCeiling"}`)).to.equal(1);
    const rounds = `huangpu_rounds_failed_total{direction="${direction}",code=`;
    expect(await value(`${rounds}"DELIVERY_REVERTED"}`)).to.equal(2);
    expect(await value(`${rounds}"SOURCE_REORGANISED"}`)).to.equal(1);
  });

  it("begin at nothing what an alert waits for", async () => {
    for (const series of [
      `alarms_total{direction="${direction}",reason="proofWindow"}`,
      `messages_failed_total{direction="${direction}"}`,
      `transactions_reverted_total{direction="${direction}"}`,
      `direction_halted{direction="${direction}"}`,
      'rpc_disagreements_total{chain="trade"}',
      'attestation_conflicts_total{chain="finance"}',
    ]) {
      expect(await value(`huangpu_${series}`), series).to.equal(0);
    }
  });

  it("show what a look found, and a halt no longer", async () => {
    metrics.relayer({ type: "halted", direction, error: new HuangpuError("SOURCE_REORGANISED", "gone") });
    metrics.relayer(looked({ signerBalance: 5n * 10n ** 18n }));
    metrics.relayer(looked());
    const label = `{direction="${direction}"}`;
    expect(await value(`huangpu_lag_blocks${label}`)).to.equal(3);
    expect(await value(`huangpu_pending_messages${label}`)).to.equal(4);
    expect(await value(`huangpu_signer_balance_wei${label}`)).to.equal(5e18);
    expect(await value(`huangpu_last_look_timestamp_seconds${label}`)).to.equal(1_700_000_100);
    expect(await value(`huangpu_direction_halted${label}`)).to.equal(0);
  });

  it("let the age of what is pending grow until nothing is", async () => {
    const age = `huangpu_oldest_pending_age_seconds{direction="${direction}"}`;
    metrics.relayer(looked({ oldestPendingSince: 1_700_000_000 }));
    expect(await value(age)).to.equal(100);
    now += 50_000;
    expect(await value(age)).to.equal(150);
    metrics.relayer(looked({ pending: 0 }));
    expect(await value(age)).to.equal(undefined);
  });

  it("measure a delivery from the block of the oldest message that waits", async () => {
    const sum = `huangpu_delivery_latency_seconds_sum{direction="${direction}"}`;
    metrics.relayer({ type: "observed", direction, count: 1, throughBlock: 7, since: 1_700_000_090 });
    metrics.relayer({ type: "observed", direction, count: 1, throughBlock: 8, since: 1_700_000_095 });
    metrics.relayer(delivered);
    expect(await value(sum)).to.equal(10);
    metrics.relayer(looked());
    metrics.relayer({ type: "observed", direction, count: 1, throughBlock: 9, since: 1_700_000_099 });
    metrics.relayer(delivered);
    expect(await value(sum)).to.equal(11);
    expect(await value(`huangpu_delivery_latency_seconds_count{direction="${direction}"}`)).to.equal(2);
  });

  it("count and time requests to providers, and show one state at a time", async () => {
    for (const outcome of ["answered", "refused", "failed", "rateLimited"] as const) {
      metrics.providers({ type: "asked", ...provider, outcome, seconds: 0.5 });
    }
    metrics.providers({ type: "providerChanged", ...provider, from: "up", to: "down", head: 4, reason: undefined });
    metrics.providers({ type: "disagreed", chain: "trade", subject: "a block", answers: {} });
    const labels = '{chain="trade",provider="rpc.example"}';
    expect(await value(`huangpu_rpc_requests_total${labels}`)).to.equal(4);
    expect(await value(`huangpu_rpc_failures_total${labels}`)).to.equal(1);
    expect(await value(`huangpu_rpc_rate_limited_total${labels}`)).to.equal(1);
    expect(await value(`huangpu_rpc_request_duration_seconds_sum${labels}`)).to.equal(2);
    expect(await value('huangpu_rpc_disagreements_total{chain="trade"}')).to.equal(1);
    const state = (name: string) => `huangpu_rpc_provider_state{chain="trade",provider="rpc.example",state="${name}"}`;
    expect([await value(state("up")), await value(state("down"))]).to.deep.equal([0, 1]);

    const status = { provider: "rpc.example", state: "lagging", head: 7 } as const;
    metrics.providers({ type: "surveyed", chain: "trade", providers: [status] });
    expect([await value(state("down")), await value(state("lagging"))]).to.deep.equal([0, 1]);
    expect(await value(`huangpu_rpc_head_blocks${labels}`)).to.equal(7);
  });

  it("count what an attestor signs and refuses, without a label from whoever asks", async () => {
    metrics.attestor({ type: "signed", chainId: 7102 });
    metrics.attestor({ type: "refused", code: "BLOCK_CONFLICT" });
    metrics.attestor({ type: "conflict", chainId: 7101 });
    metrics.attestor({ type: "conflict", chainId: 666 });
    expect(await value('huangpu_attestations_signed_total{chain="finance"}')).to.equal(1);
    expect(await value('huangpu_attestations_refused_total{code="BLOCK_CONFLICT"}')).to.equal(1);
    expect(await value('huangpu_attestation_conflicts_total{chain="trade"}')).to.equal(1);
    expect(await value('huangpu_attestation_conflicts_total{chain="other"}')).to.equal(1);
    expect((await own()).join()).to.not.include("666");
  });

  it("say what runs", async () => {
    const series = `huangpu_build_info{role="relayer",version="1.2.3",node="${process.version}"}`;
    expect(await value(series)).to.equal(1);
  });

  it("have no more series after ten thousand messages of as many senders than after one", async () => {
    const carry = (index: number) => {
      const from: Hex = `0x${index.toString(16).padStart(40, "0")}`;
      metrics.relayer({
        type: "observed",
        direction,
        count: 1,
        throughBlock: index,
        since: 1_700_000_000 + index / 100,
      });
      metrics.relayer({ type: "proven", direction, sender: from, head: hash, block: index, signers: 3, proofBytes: 1 });
      metrics.relayer({ ...delivered, sender: from } as RelayerEvent);
      metrics.relayer({
        type: "messageFailed",
        direction,
        sender: from,
        message: { id: hash, recipient: from, reason: "0x" },
      });
      metrics.relayer({ type: "confirmed", direction, sender: from, count: 1 });
      metrics.relayer(looked({ signerBalance: BigInt(index) }));
    };
    carry(0);
    const before = (await own()).length;
    for (let index = 1; index <= 10_000; index++) carry(index);
    expect((await own()).length).to.equal(before);
    expect(await value(`huangpu_messages_delivered_total{direction="${direction}"}`)).to.equal(30_003);
  });

  it("belong to their own registry, so that two processes' worth of them can be side by side", async () => {
    const other = new Metrics({ role: "attestor", version: "1", chains: new Map(), directions: [], now: () => now });
    metrics.relayer(delivered);
    expect(await other.registry.metrics()).to.not.include(direction);
  });
});
