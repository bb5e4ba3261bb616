import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { z } from "zod";
import { deploymentSchema } from "../../deploy/deployment.ts";
import { localConfigFile } from "../../src/config/load.ts";
import type { ConfigInput } from "../../src/config/schema.ts";

/**
 * Where `npm run node` keeps what it writes: journals, records, and the state that other commands find it by. The
 * environment can put it elsewhere.
 */
export const LOCAL_DIRECTORY = process.env["HUANGPU_HOME"] ?? join(import.meta.dirname, "..", "..", ".huangpu");

const STATE_FILE = join(LOCAL_DIRECTORY, "local.json");
const CONFIG_FILE = localConfigFile(process.env);

const stateSchema = z.strictObject({
  /** Process id of the node. */
  pid: z.int(),
  tradeRpcUrl: z.url(),
  financeRpcUrl: z.url(),
  centralLedger: z.strictObject({ url: z.url(), adminUrl: z.url() }),
  deployment: deploymentSchema,
});

export type LocalState = z.infer<typeof stateSchema>;

/** @param config What `huangpu` commands take when no other configuration is named. */
export function writeLocalState(state: LocalState, config: ConfigInput): void {
  mkdirSync(LOCAL_DIRECTORY, { recursive: true });
  writeFileSync(CONFIG_FILE, `${JSON.stringify(config, null, 2)}\n`);
  writeFileSync(STATE_FILE, `${JSON.stringify(state, null, 2)}\n`);
}

export function forgetLocalState(): void {
  rmSync(STATE_FILE, { force: true });
  rmSync(CONFIG_FILE, { force: true });
}

/** The running local network, if there is one. */
export function findLocalState(): LocalState | undefined {
  let text: string;
  try {
    text = readFileSync(STATE_FILE, "utf8");
  } catch {
    return undefined;
  }
  const state = stateSchema.parse(JSON.parse(text));
  return isRunning(state.pid) ? state : undefined;
}

/** @throws Error that says how to start one. */
export function requireLocalState(): LocalState {
  const state = findLocalState();
  if (state === undefined)
    throw new Error("No local network is running here. Start one in another terminal: npm run node");
  return state;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
