import { type ChildProcessByStdio, spawn } from "node:child_process";
import process from "node:process";
import type { Readable } from "node:stream";
import { eventually } from "./eventually.ts";

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A script of the repository, running under the same Node as the tests. */
export function runScript(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Child {
  return new Child(process.execPath, [script, ...args], environment);
}

/** A program that ends with the tests at the latest. */
export class Child {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ending>;
  output = "";
  /** Undefined while it runs. */
  ending: Ending | undefined;

  constructor(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const { PATH = "", HOME = "" } = process.env;
    this.#child = spawn(program, args, {
      cwd: new URL("../../..", import.meta.url),
      env: { PATH, HOME, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const note = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    this.#child.stdout.on("data", note);
    this.#child.stderr.on("data", note);
    const kill = () => void this.#child.kill("SIGKILL");
    process.once("exit", kill);
    this.ended = new Promise((resolve) => {
      this.#child.once("close", (code, signal) => {
        process.removeListener("exit", kill);
        this.ending = { code, signal };
        resolve(this.ending);
      });
    });
  }

  /** Waits for a line of its output. @throws Error with all of it when the process ends first. */
  async line(matching: RegExp, seconds = 40): Promise<string> {
    return await eventually(`${matching} in the output`, () => this.#find(matching), seconds);
  }

  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<Ending> {
    if (this.ending === undefined) this.#child.kill(signal);
    return await this.ended;
  }

  #find(matching: RegExp): string | undefined {
    const found = this.output.split("\n").find((line) => matching.test(line));
    if (found === undefined && this.ending !== undefined) throw new Error(`The process ended: ${this.output}`);
    return found;
  }
}
