import { join } from "node:path";
import { type RunningRole, startRelayer } from "../../../src/app.ts";
import type { DevelopmentAccount } from "../../../src/config/development.ts";
import { parseConfig } from "../../../src/config/load.ts";
import type { RelayerConfig } from "../../../src/config/schema.ts";
import type { ErrorCode } from "../../../src/core/errors.ts";
import type { RelayerEvent } from "../../../src/relayer/events.ts";
import { createLogger } from "../../../src/telemetry/logger.ts";
import type { Monitoring } from "../../../src/telemetry/monitoring.ts";
import { eventuallyTrue } from "./eventually.ts";
import type { Side } from "./stage.ts";
import type { World } from "./world.ts";

export interface RelayerOptions extends Partial<Omit<RelayerConfig, "key" | "journal">> {
  /** Whose money pays for deliveries. */
  account?: DevelopmentAccount;
  /** File in the world's directory; another one is another memory. */
  journal?: string;
  /** Endpoints other than the chains' own. */
  rpcUrls?: Partial<Record<Side, string | string[]>>;
  /** How long an endpoint's answer is waited for. */
  timeoutMs?: number;
  /** How often all endpoints are asked for their height. */
  surveyMs?: number;
  monitoring?: Monitoring;
  /** Blocks that must lie on top of a block before it counts. */
  confirmations?: Partial<Record<Side, number>>;
}

/** A relayer and everything it told. */
export interface WatchedRelayer extends RunningRole {
  events: readonly RelayerEvent[];
  /** Events of a type, in order. */
  told<T extends RelayerEvent["type"]>(type: T): Extract<RelayerEvent, { type: T }>[];
  /** Waits until it says what keeps it from going on. */
  complains(code: ErrorCode, direction?: string): Promise<Extract<RelayerEvent, { type: "delayed" | "halted" }>>;
}

/** As the operator starts it, but quick to look and to try again. */
export async function startWatchedRelayer(
  world: Pick<World, "chains" | "attestors" | "directory">,
  options: RelayerOptions,
): Promise<WatchedRelayer> {
  const { account = "relayer", journal = "relayer.sqlite", rpcUrls = {}, monitoring, ...others } = options;
  const { timeoutMs = 5_000, surveyMs = 1_000, confirmations = {}, ...section } = others;
  const { trade, finance } = world.chains;
  const config = parseConfig(
    {
      chains: {
        trade: {
          ...trade,
          timeoutMs,
          surveyMs,
          confirmations: confirmations.trade ?? 0,
          rpcUrls: [rpcUrls.trade ?? trade.rpcUrls].flat(),
        },
        finance: {
          ...finance,
          timeoutMs,
          surveyMs,
          confirmations: confirmations.finance ?? 0,
          rpcUrls: [rpcUrls.finance ?? finance.rpcUrls].flat(),
        },
      },
      relayer: {
        key: { development: account },
        attestors: world.attestors.map(({ url }) => url),
        journal: journal === ":memory:" ? journal : join(world.directory, journal),
        pollMs: 15,
        retryMs: 20,
        maxRetryMs: 80,
        attestorTimeoutMs: 1_000,
        ...section,
      },
    },
    "test",
  );
  const events: RelayerEvent[] = [];
  const observer = (event: RelayerEvent) => events.push(event);
  const context = { environment: {}, logger: createLogger("silent"), observer };
  const running = await startRelayer(config, monitoring === undefined ? context : { ...context, monitoring });
  const told: WatchedRelayer["told"] = (type) => events.filter((event) => event.type === type) as never;
  return {
    ...running,
    events,
    told,
    complains: async (code, direction) => {
      const matching = () =>
        [...told("delayed"), ...told("halted")].findLast(
          (event) => event.error.code === code && (direction === undefined || event.direction === direction),
        );
      await eventuallyTrue(`the relayer to complain of ${code}`, () => matching() !== undefined);
      const found = matching();
      if (found === undefined) throw new Error(`No complaint of ${code}`);
      return found;
    },
  };
}
