import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { requireSection } from "../src/config/load.ts";
import type { Config } from "../src/config/schema.ts";

export type RelayerRequest = { type: "start"; config: Config } | { type: "measure" } | { type: "stop" };

export type RelayerAnswer =
  | { type: "ready" }
  | { type: "started" }
  | { type: "delivered"; delivered: number }
  | { type: "memory"; rss: number };

const BYTES_PER_MIB = 1_048_576;
const TIMEOUT_MS = 120_000;

const DEFAULT_POLL_MS = 250;
/** What a role that runs for months is started with: V8 otherwise doubles its space for young objects now and then. */
const NODE_OPTIONS = ["--max-semi-space-size=8"];

/** A relayer as its operator would configure it, with a journal of its own; by default with the network's attestors. */
export function relayerConfig(config: Config, journal: string, attestors?: readonly string[]): Config {
  const relayer = requireSection(config.relayer, "relayer");
  const urls = attestors === undefined ? relayer.attestors : [...attestors];
  return { ...config, relayer: { ...relayer, attestors: urls, journal, pollMs: DEFAULT_POLL_MS } };
}

/** The handle of a relayer in a process of its own. */
export class RelayerProcess {
  readonly #child: ChildProcess;
  #delivered = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (answer: RelayerAnswer) => {
      if (answer.type === "delivered") this.#delivered = answer.delivered;
    });
  }

  /** Loads the relayer's code; it does nothing until it is started. */
  static async load(): Promise<RelayerProcess> {
    const child = fork(new URL("relayer-main.ts", import.meta.url), {
      serialization: "advanced",
      execArgv: NODE_OPTIONS,
    });
    const relayer = new RelayerProcess(child);
    await relayer.#answer("ready", () => true);
    return relayer;
  }

  /** Resolves when keys are loaded, the journal is open and the first look at the chains begins. */
  async start(config: Config): Promise<void> {
    const started = this.#answer("started", () => true);
    this.#request({ type: "start", config });
    await started;
  }

  /** Waits until so many messages are delivered since the start. */
  async delivered(count: number): Promise<void> {
    if (this.#delivered >= count) return;
    await this.#answer("delivered", ({ delivered }) => delivered >= count);
  }

  async rssMiB(): Promise<number> {
    const answer = this.#answer("memory", () => true);
    this.#request({ type: "measure" });
    return (await answer).rss / BYTES_PER_MIB;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, "exit");
    if (this.#child.connected) this.#request({ type: "stop" });
    else this.#child.kill();
    await exited;
  }

  #request(request: RelayerRequest): void {
    this.#child.send(request);
  }

  /** @throws Error when the process ends or the time is up before. */
  async #answer<T extends RelayerAnswer["type"]>(
    type: T,
    accept: (answer: Extract<RelayerAnswer, { type: T }>) => boolean,
  ): Promise<Extract<RelayerAnswer, { type: T }>> {
    return await new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.#child.off("message", look).off("exit", fail);
        settle();
      };
      const look = (answer: RelayerAnswer) => {
        if (answer.type !== type) return;
        const wanted = answer as Extract<RelayerAnswer, { type: T }>;
        if (accept(wanted)) finish(() => resolve(wanted));
      };
      const fail = () => finish(() => reject(new Error(`The relayer did not answer "${type}"`)));
      const timer = setTimeout(fail, TIMEOUT_MS);
      this.#child.on("message", look).on("exit", fail);
    });
  }
}
