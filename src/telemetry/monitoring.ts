import type { AddressInfo } from "node:net";
import type { AttestorObserver } from "../attestor/events.ts";
import type { ProviderObserver } from "../chains/provider-events.ts";
import { CLEARING, type ClearingObserver, isLoopEvent } from "../clearing/events.ts";
import type { Config, MonitoringConfig } from "../config/schema.ts";
import type { Observer } from "../relayer/events.ts";
import { ClearingMetrics } from "./clearing-metrics.ts";
import { createHealthServer } from "./health-server.ts";
import type { Logger } from "./logger.ts";
import { Metrics } from "./metrics.ts";
import { NodeStatus } from "./node-status.ts";

/** What the roles of a process tell their figures to, and where it can be asked for them. */
export interface Monitoring {
  url: string;
  relayer: Observer;
  providers: ProviderObserver;
  attestor: AttestorObserver;
  clearing: ClearingObserver;
  stop(): Promise<void>;
}

export interface MonitoringOptions {
  role: "relayer" | "attestor" | "clearing" | "all";
  version: string;
}

/** Serves health and metrics of a process. */
export async function startMonitoring(
  config: Config,
  section: MonitoringConfig,
  { role, version }: MonitoringOptions,
  logger: Logger,
): Promise<Monitoring> {
  const { trade, finance } = config.chains;
  const place = (
    source: "trade" | "finance",
    destination: "trade" | "finance",
    name = `${source}-to-${destination}`,
  ) => ({
    name,
    source,
    destination,
    maxStandstillMs: config.chains[source].maxStandstillMs,
    minSignerBalanceWei: config.chains[destination].minSignerBalanceWei,
  });
  const relays = role === "relayer" || role === "all";
  const clears = role === "clearing" || (role === "all" && config.clearing !== undefined);
  const directions = [
    ...(relays ? [place("trade", "finance"), place("finance", "trade")] : []),
    ...(clears ? [place("finance", "finance", CLEARING)] : []),
  ];
  const status = new NodeStatus({ ...section, directions, chains: ["trade", "finance"] }, Date.now);
  const chains = new Map([
    [trade.chainId, "trade"],
    [finance.chainId, "finance"],
  ]);
  const metrics = new Metrics({
    role,
    version,
    chains,
    directions: directions.map(({ name }) => name),
    standstillMs: new Map(directions.map(({ name, maxStandstillMs }) => [name, maxStandstillMs])),
    now: Date.now,
  });
  const clearing = clears ? new ClearingMetrics(metrics.registry) : undefined;
  const server = createHealthServer({ status, registry: metrics.registry });
  await server.listen({ host: section.host, port: section.port });
  const { port } = server.server.address() as AddressInfo;

  const tell = tellReadiness(status, logger);
  return {
    url: `http://${section.host}:${port}`,
    relayer: (event) => {
      status.relayer(event);
      metrics.relayer(event);
    },
    providers: (event) => {
      status.providers(event);
      metrics.providers(event);
      if (event.type === "surveyed") tell();
    },
    attestor: metrics.attestor,
    clearing: (event) => {
      clearing?.observe(event);
      if (!isLoopEvent(event)) return;
      status.relayer(event);
      metrics.relayer(event);
    },
    stop: async () => {
      await server.close();
      metrics.registry.clear();
    },
  };
}

/** Logs when the process stops or begins again to be ready. */
export function tellReadiness(status: NodeStatus, logger: Logger): () => void {
  let told = "";
  return () => {
    const reasons = status.ready();
    const names = reasons.map(({ name, direction, chain }) => [name, direction, chain].join(" ")).join();
    if (names === told) return;
    told = names;
    if (reasons.length === 0) logger.info("Ready again");
    else logger.warn({ reasons }, "Not ready");
  };
}
