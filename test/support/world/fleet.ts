import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConfigInput } from "../../../src/config/schema.ts";
import type { SeededRandom } from "../fakes/seeded-random.ts";
import { ATTESTORS } from "./attestors.ts";
import type { Chaos } from "./chaos.ts";
import { freePort } from "./free-port.ts";
import { type Child, type Ending, runScript } from "./process.ts";
import { type Mischief, RpcProxy } from "./proxy.ts";
import type { Side, Stage } from "./stage.ts";

interface Role {
  name: string;
  /** What it is started with, as by an operator. */
  args: readonly string[];
  child: Child;
  /** What it said before it was last killed. */
  said: string;
}

/** How many requests there are for one that goes wrong: of a relayer to its chains, to attestors, of these to their nodes. */
const ONE_IN = { relayer: 32, attestor: 32, attestorsNode: 48 };
const SHORTEST_LIFE_MS = 1_000;
const LONGEST_LIFE_MS = 4_000;
const LONGEST_DEATH_MS = 700;
const LOSE_JOURNAL_ODDS = 6;
const RPC_TIMEOUT_MS = 1_000;
/** Characters. */
const LAST_WORDS = 3_000;

/** A relayer and four attestors, each a process, with unreliable and lying endpoints everywhere between them. */
export class Fleet {
  readonly #random: SeededRandom;
  readonly #directory: string;
  readonly #proxies: RpcProxy[] = [];
  readonly #roles: Role[] = [];
  /** How often each role was killed. */
  readonly kills = new Map<string, number>();
  journalsLost = 0;

  private constructor(directory: string, random: SeededRandom) {
    this.#directory = directory;
    this.#random = random;
  }

  /** Starts all roles on a stage and waits until they say so. Configuration and databases go into a directory. */
  static async start(stage: Stage, directory: string, chaos: Chaos, random: SeededRandom): Promise<Fleet> {
    const fleet = new Fleet(directory, random);
    const attestors: string[] = [];
    for (const name of ATTESTORS) {
      const chains = await fleet.#chains(stage, chaos, ONE_IN.attestorsNode);
      const port = await freePort();
      const attestor = { key: { development: name }, port, record: join(directory, `${name}.sqlite`) };
      fleet.#start("attestor", name, { chains, attestor, logLevel: "warn" });
      attestors.push((await fleet.#proxy(`http://127.0.0.1:${port}`, chaos.failing(ONE_IN.attestor))).url);
    }
    const relayer = {
      key: { development: "relayer" as const },
      attestors,
      journal: join(directory, "relayer.sqlite"),
      pollMs: 50,
      retryMs: 50,
      maxRetryMs: 500,
      receiptTimeoutMs: 2_000,
      attestorTimeoutMs: 1_000,
    };
    const chains = await fleet.#chains(stage, chaos, ONE_IN.relayer);
    fleet.#start("relayer", "relayer", { chains, relayer, logLevel: "warn" });
    return fleet;
  }

  /** Kills one role after the other, and starts it again, until the signal aborts. */
  async killNowAndThen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#random.between(SHORTEST_LIFE_MS, LONGEST_LIFE_MS), undefined, { signal }).catch(
        () => undefined,
      );
      // The relayer is the last one, and as often as all attestors together.
      const role = this.#roles[Math.min(this.#random.below(2 * ATTESTORS.length), ATTESTORS.length)];
      if (role === undefined || signal.aborted) return;
      await role.child.stop("SIGKILL");
      this.kills.set(role.name, (this.kills.get(role.name) ?? 0) + 1);
      if (role.name === "relayer" && this.#random.below(LOSE_JOURNAL_ODDS) === 0) this.#loseJournal();
      await sleep(this.#random.below(LONGEST_DEATH_MS));
      role.said += role.child.output;
      role.child = runScript("src/main.ts", role.args);
    }
  }

  /** @throws Error when a process has ended by itself. */
  assertAlive(): void {
    for (const { name, child } of this.#roles) {
      if (child.ending !== undefined && child.ending.signal !== "SIGKILL") {
        throw new Error(`${name} ended by itself:\n${child.output}`);
      }
    }
  }

  /** Ends everything, as an operator would. */
  async stop(): Promise<Ending[]> {
    const endings = await Promise.all(this.#roles.map(async ({ child }) => await child.stop()));
    for (const proxy of this.#proxies) await proxy.stop();
    return endings;
  }

  /** The end of what each role has said. */
  get lastWords(): string {
    return this.#roles
      .map(({ name, child, said }) => `--- ${name}\n${`${said}${child.output}`.slice(-LAST_WORDS)}`)
      .join("\n");
  }

  get journal(): string {
    return join(this.#directory, "relayer.sqlite");
  }

  /** What a role knows of the two chains, with proxies of its own before them. */
  async #chains({ deployment, ...stage }: Stage, chaos: Chaos, oneIn: number): Promise<ConfigInput["chains"]> {
    const behindProxy = async (side: Side) => {
      const proxy = await this.#proxy(stage[side].rpcUrl, chaos.lying(oneIn));
      const { chainId, gateway } = deployment[side];
      return { chainId, gateway, rpcUrls: [proxy.url], timeoutMs: RPC_TIMEOUT_MS };
    };
    return { trade: await behindProxy("trade"), finance: await behindProxy("finance") };
  }

  async #proxy(target: string, mischief: Mischief): Promise<RpcProxy> {
    const proxy = await RpcProxy.start(target);
    proxy.misbehave(mischief);
    this.#proxies.push(proxy);
    return proxy;
  }

  #start(role: "attestor" | "relayer", name: string, config: ConfigInput): void {
    const file = join(this.#directory, `${name}.json`);
    writeFileSync(file, JSON.stringify(config));
    const args = [role, "--config", file];
    this.#roles.push({ name, args, child: runScript("src/main.ts", args), said: "" });
  }

  #loseJournal(): void {
    this.journalsLost++;
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${this.journal}${suffix}`, { force: true });
  }
}
