import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { AttestorEvent } from "../attestor/events.ts";
import { PROVIDER_STATES, type ProviderEvent, type ProviderState } from "../chains/provider-events.ts";
import type { AlarmReason, Direction, RelayerEvent } from "../relayer/events.ts";

export interface MetricsOptions {
  role: string;
  version: string;
  /** Names of the chains by their ids. */
  chains: ReadonlyMap<number, string>;
  /** The directions that this process carries; none for an attestor. */
  directions: readonly Direction[];
  /** For how long their sources may have no new block, in milliseconds; 0 or left out for as long as they like. */
  standstillMs?: ReadonlyMap<Direction, number>;
  /** Unix time in milliseconds. */
  now: () => number;
}

const ALARMS: Readonly<Record<AlarmReason, true>> = {
  sourceReorganised: true,
  destinationReorganised: true,
  feeCeiling: true,
  proofWindow: true,
  upkeepRefused: true,
  deliveriesRefused: true,
};
const LATENCY_SECONDS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600];
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Everything that is counted and measured, in a registry of its own. Labels come from the configuration and from fixed tables
 * only, never from a message or a request, so that nobody outside can make the number of series grow.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #chains: ReadonlyMap<number, string>;
  readonly #now: () => number;
  readonly #oldestPendingSince = new Map<string, number>();
  /** The newest block of each direction's source so far. */
  readonly #sourceBlocks = new Map<Direction, number>();
  readonly #counters;
  readonly #gauges;
  readonly #latency;
  readonly #requestDuration;

  constructor({ role, version, chains, directions, standstillMs = new Map(), now }: MetricsOptions) {
    this.#chains = chains;
    this.#now = now;
    const register = this.registry;
    collectDefaultMetrics({ register, prefix: "huangpu_" });
    this.#counters = counters(this.registry);
    this.#gauges = gauges(this.registry);
    const common = { registers: [this.registry] };
    this.#latency = new Histogram({
      ...common,
      name: "huangpu_delivery_latency_seconds",
      help: "From the time of the source block of the oldest pending message to a delivery, once a transaction",
      labelNames: ["direction"],
      buckets: LATENCY_SECONDS,
    });
    this.#requestDuration = new Histogram({
      ...common,
      name: "huangpu_rpc_request_duration_seconds",
      help: "Time that a provider took for a request, whatever came of it",
      labelNames: ["chain", "provider"],
      buckets: REQUEST_SECONDS,
    });
    this.#gauges.buildInfo.set({ role, version, node: process.version }, 1);
    this.#pendingAge();
    this.#begin(directions);
    for (const [direction, ms] of standstillMs) {
      if (ms > 0) this.#gauges.standstillLimit.set({ direction }, ms / 1_000);
    }
  }

  readonly relayer = (event: RelayerEvent): void => {
    const { direction } = event;
    const counters = this.#counters;
    switch (event.type) {
      case "observed":
        counters.observed.inc({ direction }, event.count);
        if (!this.#oldestPendingSince.has(direction)) this.#oldestPendingSince.set(direction, event.since);
        break;
      case "looked":
        this.#look(event);
        break;
      case "proven":
        counters.proofs.inc({ direction });
        this.#gauges.proofBytes.set({ direction }, event.proofBytes);
        break;
      case "sent":
        counters.sent.inc({ direction });
        break;
      case "replaced":
        counters.replaced.inc({ direction });
        break;
      case "delivered": {
        counters.delivered.inc({ direction }, event.count);
        counters.gas.inc({ direction }, Number(event.gasUsed));
        const since = this.#oldestPendingSince.get(direction);
        if (since !== undefined) this.#latency.observe({ direction }, Math.max(0, this.#now() / 1_000 - since));
        break;
      }
      case "overtaken":
        counters.overtaken.inc({ direction });
        counters.gas.inc({ direction }, Number(event.gasUsed));
        break;
      case "upkept":
        counters.gas.inc({ direction }, Number(event.gasUsed));
        break;
      case "messageFailed":
        counters.failed.inc({ direction });
        break;
      case "confirmed":
        counters.confirmed.inc({ direction }, event.count);
        break;
      case "alarm":
        counters.alarms.inc({ direction, reason: event.reason });
        break;
      case "delayed":
      case "halted":
        this.#fail(event);
        break;
      default:
        event satisfies never;
    }
  };

  readonly providers = (event: ProviderEvent): void => {
    switch (event.type) {
      case "asked": {
        const { chain, provider, outcome, seconds } = event;
        this.#counters.requests.inc({ chain, provider });
        if (outcome === "failed") this.#counters.requestFailures.inc({ chain, provider });
        if (outcome === "rateLimited") this.#counters.rateLimited.inc({ chain, provider });
        this.#requestDuration.observe({ chain, provider }, seconds);
        break;
      }
      case "providerChanged":
        this.#showState(event.chain, event.provider, event.to);
        break;
      case "surveyed":
        for (const { provider, state, head } of event.providers) {
          this.#showState(event.chain, provider, state);
          if (head !== undefined) this.#gauges.head.set({ chain: event.chain, provider }, head);
        }
        break;
      case "disagreed":
        this.#counters.disagreements.inc({ chain: event.chain });
        break;
      default:
        event satisfies never;
    }
  };

  readonly attestor = (event: AttestorEvent): void => {
    switch (event.type) {
      case "signed":
        this.#counters.signed.inc({ chain: this.#chain(event.chainId) });
        break;
      case "refused":
        this.#counters.refused.inc({ code: event.code });
        break;
      case "conflict":
        this.#counters.conflicts.inc({ chain: this.#chain(event.chainId) });
        break;
      default:
        event satisfies never;
    }
  };

  /** What is counted for an alert begins at nothing: the growth of a series that was not there is seen by nobody. */
  #begin(directions: readonly Direction[]): void {
    const { failed, reverted, alarms, disagreements, conflicts } = this.#counters;
    for (const direction of directions) {
      for (const counter of [failed, reverted]) counter.inc({ direction }, 0);
      for (const reason of Object.keys(ALARMS)) alarms.inc({ direction, reason }, 0);
      this.#gauges.halted.set({ direction }, 0);
    }
    for (const chain of this.#chains.values()) {
      for (const counter of [disagreements, conflicts]) counter.inc({ chain }, 0);
    }
  }

  #look(event: Extract<RelayerEvent, { type: "looked" }>): void {
    const { direction, sourceBlock, throughBlock, pending, oldestPendingSince, signerBalance } = event;
    const { headBlock = sourceBlock } = event;
    const gauges = this.#gauges;
    gauges.lookedAt.set({ direction }, this.#now() / 1_000);
    if (sourceBlock > (this.#sourceBlocks.get(direction) ?? -1)) {
      this.#sourceBlocks.set(direction, sourceBlock);
      gauges.risenAt.set({ direction }, this.#now() / 1_000);
    }
    gauges.lag.set({ direction }, Math.max(0, headBlock - throughBlock));
    gauges.pending.set({ direction }, pending);
    gauges.halted.set({ direction }, 0);
    if (signerBalance !== undefined) gauges.balance.set({ direction }, Number(signerBalance));
    if (oldestPendingSince === undefined) this.#oldestPendingSince.delete(direction);
    else this.#oldestPendingSince.set(direction, oldestPendingSince);
  }

  #fail({ type, direction, error }: Extract<RelayerEvent, { type: "delayed" | "halted" }>): void {
    this.#counters.roundsFailed.inc({ direction, code: error.code });
    if (type === "halted") this.#gauges.halted.set({ direction }, 1);
    const gasUsed = error.fields["gasUsed"];
    if (error.code !== "DELIVERY_REVERTED" || typeof gasUsed !== "bigint") return;
    this.#counters.reverted.inc({ direction });
    this.#counters.gas.inc({ direction }, Number(gasUsed));
  }

  #showState(chain: string, provider: string, current: ProviderState): void {
    for (const state of PROVIDER_STATES) {
      this.#gauges.providerState.set({ chain, provider, state }, state === current ? 1 : 0);
    }
  }

  /** An age grows while nothing happens, so it is told when it is asked for. */
  #pendingAge(): void {
    const since = this.#oldestPendingSince;
    const now = this.#now;
    new Gauge({
      registers: [this.registry],
      name: "huangpu_oldest_pending_age_seconds",
      help: "Age of the oldest message that is not final on the destination; no value when nothing is pending",
      labelNames: ["direction"],
      collect() {
        this.reset();
        for (const [direction, seconds] of since) this.set({ direction }, Math.max(0, now() / 1_000 - seconds));
      },
    });
  }

  #chain(chainId: number): string {
    return this.#chains.get(chainId) ?? "other";
  }
}

function counters(registry: Registry) {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const byDirection = (name: string, help: string) => counter(name, help, ["direction"]);
  const byProvider = (name: string, help: string) => counter(name, help, ["chain", "provider"]);
  return {
    observed: byDirection("huangpu_messages_observed_total", "Messages read from the source"),
    delivered: byDirection("huangpu_messages_delivered_total", "Messages in mined deliveries of this relayer"),
    confirmed: byDirection("huangpu_messages_confirmed_total", "Messages whose delivery is final, whoever made it"),
    failed: byDirection("huangpu_messages_failed_total", "Delivered messages that failed at their recipient"),
    proofs: byDirection("huangpu_proofs_total", "Proofs made"),
    sent: byDirection("huangpu_transactions_sent_total", "Transactions sent"),
    replaced: byDirection("huangpu_transactions_replaced_total", "Transactions sent anew with a higher fee"),
    reverted: byDirection("huangpu_transactions_reverted_total", "Deliveries refused though nobody else was first"),
    overtaken: byDirection("huangpu_transactions_overtaken_total", "Deliveries refused because another was first"),
    gas: byDirection("huangpu_gas_used_total", "Gas of mined deliveries, those refused included"),
    alarms: counter("huangpu_alarms_total", "Alarms, by what to look at", ["direction", "reason"]),
    roundsFailed: counter("huangpu_rounds_failed_total", "Rounds that ended with an error, by its code", [
      "direction",
      "code",
    ]),
    requests: byProvider("huangpu_rpc_requests_total", "Requests to a provider"),
    requestFailures: byProvider("huangpu_rpc_failures_total", "Requests without a proper answer"),
    rateLimited: byProvider("huangpu_rpc_rate_limited_total", "Requests answered with status 429"),
    disagreements: counter("huangpu_rpc_disagreements_total", "Contradictions between providers", ["chain"]),
    signed: counter("huangpu_attestations_signed_total", "Attestations given, repetitions included", ["chain"]),
    refused: counter("huangpu_attestations_refused_total", "Attestations refused, by code", ["code"]),
    conflicts: counter("huangpu_attestation_conflicts_total", "Blocks that the own node has changed after signing", [
      "chain",
    ]),
  };
}

function gauges(registry: Registry) {
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const byDirection = (name: string, help: string) => gauge(name, help, ["direction"]);
  return {
    buildInfo: gauge("huangpu_build_info", "1; the labels say what runs", ["role", "version", "node"]),
    lookedAt: byDirection("huangpu_last_look_timestamp_seconds", "Unix time of the last look at the source"),
    lag: byDirection("huangpu_lag_blocks", "Source blocks not read yet, confirmations included"),
    risenAt: byDirection(
      "huangpu_source_risen_timestamp_seconds",
      "Unix time at which the source had its newest block",
    ),
    standstillLimit: byDirection(
      "huangpu_source_standstill_limit_seconds",
      "For how long the source may have no new block; no value when that is not watched",
    ),
    pending: byDirection("huangpu_pending_messages", "Messages that are not final on the destination"),
    halted: byDirection("huangpu_direction_halted", "1 when the direction has halted until somebody looks"),
    proofBytes: byDirection("huangpu_proof_bytes", "Size of the last proof"),
    balance: byDirection("huangpu_signer_balance_wei", "What the relayer's account has on the destination"),
    head: gauge("huangpu_rpc_head_blocks", "Newest block of a provider", ["chain", "provider"]),
    providerState: gauge("huangpu_rpc_provider_state", "1 for the state that a provider is in, 0 for the others", [
      "chain",
      "provider",
      "state",
    ]),
  };
}
