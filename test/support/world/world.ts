import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chainConfig } from "../../../scripts/local/network.ts";
import { type RunningAttestor, startAttestor } from "../../../src/app.ts";
import { type Environment, parseConfig } from "../../../src/config/load.ts";
import type { ConfigInput, KeySource } from "../../../src/config/schema.ts";
import { createLogger } from "../../../src/telemetry/logger.ts";
import { ATTESTORS } from "./attestors.ts";
import { type DeployedChains, startDeployedChains } from "./chains.ts";
import { EDR, type Engine } from "./engines.ts";
import { type RelayerOptions, startWatchedRelayer, type WatchedRelayer } from "./relayer.ts";
import { createStage, type Side, type Stage } from "./stage.ts";

export interface AttestorOptions {
  key: KeySource;
  environment?: Environment;
  /** 0 takes a free one. */
  port?: number;
  /** File of what it signed, in the world's directory. */
  record: string;
}

/** Both chains, freshly deployed, with everybody who acts on them. */
export interface World extends Stage {
  chains: ConfigInput["chains"];
  /** The four validators' attestors, in the order of {@link ATTESTORS}. */
  attestors: RunningAttestor[];
  startAttestor(options: AttestorOptions): Promise<RunningAttestor>;
  startRelayer(options?: RelayerOptions): Promise<WatchedRelayer>;
  /** Seconds go by on both chains. */
  passTime(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** Chains are deployed once for all tests of a process; every world begins with their first state. */
const deployed = new Map<string, Promise<DeployedChains & { snapshots: Record<Side, string> }>>();

after(async () => {
  for (const starting of deployed.values()) await (await starting).stop();
});

/** Seconds that the first world may take: it deploys. */
export const START_TIMEOUT = 180_000;

/** The chains as just deployed, and four attestors. Whoever starts a world stops it before the next one starts. */
export async function startWorld(engine = EDR): Promise<World> {
  const base = await rewoundChains(engine);
  const directory = mkdtempSync(join(tmpdir(), "huangpu-world-"));
  const chains = chainConfig(base.trade, base.finance, base.deployment);
  const started: { stop(): Promise<void> }[] = [];

  const world: World = {
    ...createStage(base, directory),
    chains,
    attestors: [],
    startAttestor: async ({ key, environment = {}, port = 0, record }) => {
      const config = parseConfig({ chains, attestor: { key, port, record: join(directory, record) } }, "test");
      const attestor = once(await startAttestor(config, { environment, logger: createLogger("silent") }));
      started.push(attestor);
      return attestor;
    },
    startRelayer: async (options = {}) => {
      const relayer = once(await startWatchedRelayer(world, options));
      started.push(relayer);
      return relayer;
    },
    passTime: async (seconds) => {
      for (const { provider } of [base.trade, base.finance]) {
        await provider.send("evm_increaseTime", [seconds]);
        await provider.send("evm_mine", []);
      }
    },
    stop: async () => {
      for (const each of started.splice(0).reverse()) await each.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  for (const key of ATTESTORS) {
    world.attestors.push(await world.startAttestor({ key: { development: key }, record: `${key}.sqlite` }));
  }
  return world;
}

async function rewoundChains(engine: Engine): Promise<DeployedChains> {
  const starting = deployed.get(engine.name) ?? startSnapshotted(engine);
  deployed.set(engine.name, starting);
  const base = await starting;
  for (const side of ["trade", "finance"] as const) {
    const { provider } = base[side];
    if (!(await provider.send("evm_revert", [base.snapshots[side]]))) throw new Error("The chain cannot be rewound");
    // Rewinding leaves the clock as far ahead as somebody set it.
    await provider.send("evm_setNextBlockTimestamp", [Math.floor(Date.now() / 1_000)]);
    await provider.send("evm_mine", []);
  }
  base.snapshots = await snapshot(base);
  return base;
}

async function startSnapshotted(engine: Engine) {
  const chains = await startDeployedChains(engine);
  return { ...chains, snapshots: await snapshot(chains) };
}

async function snapshot({ trade, finance }: DeployedChains): Promise<Record<Side, string>> {
  return {
    trade: await trade.provider.send("evm_snapshot", []),
    finance: await finance.provider.send("evm_snapshot", []),
  };
}

/** Stopping twice does nothing. */
function once<T extends { stop(): Promise<void> }>(running: T): T {
  let stopping: Promise<void> | undefined;
  const { stop } = running;
  return Object.assign(running, { stop: () => (stopping ??= stop()) });
}
