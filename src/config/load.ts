import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { HuangpuError } from "../core/errors.ts";
import { type Config, configSchema } from "./schema.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Environment variables that override the file, by the field they set. */
const OVERRIDES = {
  HUANGPU_TRADE_RPC_URLS: ["chains", "trade", "rpcUrls"],
  HUANGPU_FINANCE_RPC_URLS: ["chains", "finance", "rpcUrls"],
  HUANGPU_JOURNAL: ["relayer", "journal"],
  HUANGPU_RECORD: ["attestor", "record"],
  HUANGPU_LOG_LEVEL: ["logLevel"],
} as const;

/** Where a local network leaves what its commands need: in `.huangpu`, or where HUANGPU_HOME says. */
export function localConfigFile({ HUANGPU_HOME: home }: Environment): string {
  return join(home ?? join(import.meta.dirname, "..", "..", ".huangpu"), "config.json");
}

/**
 * Reads a configuration file (JSON) and lets the environment override it.
 * @throws HuangpuError CONFIG_INVALID, naming every field that is wrong and why.
 */
export function loadConfig(file: string, environment: Environment): Config {
  const raw = readJson(file);
  for (const [variable, path] of Object.entries(OVERRIDES)) {
    const value = environment[variable];
    if (value !== undefined) assign(raw, path, path.at(-1) === "rpcUrls" ? list(value) : value);
  }
  return parseConfig(raw, file);
}

/** @throws HuangpuError CONFIG_INVALID */
export function parseConfig(raw: unknown, origin: string): Config {
  const parsed = configSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new HuangpuError("CONFIG_INVALID", `${origin} is not a valid configuration:\n${z.prettifyError(parsed.error)}`);
}

/** A section that a role cannot do without. */
export function requireSection<T>(section: T | undefined, name: string): T {
  if (section !== undefined) return section;
  throw new HuangpuError("CONFIG_INVALID", `The configuration has no "${name}" section, which this role needs`);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuangpuError("CONFIG_INVALID", `${file} cannot be read as JSON: ${reason}`, { cause });
  }
}

/** Items of a text, with commas between. */
function list(value: string): string[] {
  return value.split(",").map((item) => item.trim());
}

function assign(target: unknown, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined || typeof target !== "object" || target === null) return;
  const record = target as Record<string, unknown>;
  if (rest.length === 0) record[key] = value;
  else assign(record[key], rest, value);
}
