import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Config } from "../src/config/schema.ts";
import type { BenchNetwork } from "./network.ts";

/** The configurations of the attestors to start, once; or the end. */
export type AttestorsRequest = readonly Config[] | "stop";

const KEYS = ["attestor1", "attestor2", "attestor3", "attestor4"] as const;

/** The handle of a network's four attestors in one process, apart from the one that serves the chains. */
export class AttestorsProcess {
  readonly urls: readonly string[];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, urls: readonly string[]) {
    this.#child = child;
    this.urls = urls;
  }

  static async start({ config, directory }: BenchNetwork): Promise<AttestorsProcess> {
    const child = fork(new URL("attestors-main.ts", import.meta.url), { serialization: "advanced" });
    const { relayer: _, ...shared } = config;
    const request: AttestorsRequest = KEYS.map((development) => ({
      ...shared,
      attestor: {
        key: { development },
        host: "127.0.0.1",
        port: 0,
        record: join(directory, `apart-${development}.sqlite`),
      },
    }));
    child.send(request);
    const exited = once(child, "exit").then(() => {
      throw new Error("The attestors did not start");
    });
    const [urls] = await Promise.race([once(child, "message"), exited]);
    exited.catch(() => undefined);
    return new AttestorsProcess(child, urls);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, "exit");
    const request: AttestorsRequest = "stop";
    if (this.#child.connected) this.#child.send(request);
    else this.#child.kill();
    await exited;
  }
}
