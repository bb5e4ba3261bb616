import { readFileSync } from "node:fs";
import process from "node:process";
import { Command, Option } from "commander";
import {
  DIRECTIONS,
  type RoleContext,
  type RunningRole,
  resumeDirection,
  startAttestor,
  startClearing,
  startRelayer,
} from "./app.ts";
import { addClearingCommands } from "./clearing/clearing-commands.ts";
import { loadConfig } from "./config/load.ts";
import type { Config } from "./config/schema.ts";
import { HuangpuError } from "./core/errors.ts";
import { showable } from "./core/showable.ts";
import { addDocumentCommands } from "./documents/commands/document-commands.ts";
import { createLogger } from "./telemetry/logger.ts";
import { startMonitoring } from "./telemetry/monitoring.ts";

type RoleName = "relayer" | "attestor" | "clearing" | "all";
type StartRole = (config: Config, context: RoleContext) => Promise<RunningRole>;

const program = new Command("huangpu").description("A role of a Huangpu node, as a process of its own");

role("relayer", "carry proofs and messages between the two chains", () => [startRelayer]);
role("attestor", "sign the headers that this member's own nodes have", () => [startAttestor]);
addClearingCommands(
  role("clearing", "settle net positions in central-bank money", () => [startClearing]),
  process.env,
);
role("all", "all roles that are configured, in one process", ({ clearing }) =>
  clearing === undefined ? [startAttestor, startRelayer] : [startAttestor, startRelayer, startClearing],
);

addDocumentCommands(program, process.env);

program
  .command("resume")
  .description("let a direction go on that was halted because its source was reorganised; stop the relayer first")
  .requiredOption("--config <file>", "configuration, JSON")
  .addOption(new Option("--direction <name>", "which one").choices(DIRECTIONS).makeOptionMandatory())
  .action(async ({ config: file, direction }: { config: string; direction: (typeof DIRECTIONS)[number] }) => {
    const config = loadConfig(file, process.env);
    const resumed = await resumeDirection(config, direction, createLogger(config.logLevel));
    if (resumed === undefined) {
      process.stderr.write(`${direction} is not halted\n`);
      process.exitCode = 1;
      return;
    }
    const after = resumed.from === "start" ? "from its start block" : `after block ${resumed.block}`;
    process.stdout.write(`${direction} will read its source again ${after}\n`);
  });

function role(name: RoleName, description: string, starts: (config: Config) => readonly StartRole[]): Command {
  return program
    .command(name)
    .description(description)
    .requiredOption("--config <file>", "configuration, JSON")
    .action(async ({ config: file }: { config: string }) => await run(name, file, starts));
}

async function run(name: RoleName, file: string, starts: (config: Config) => readonly StartRole[]): Promise<void> {
  const config = loadConfig(file, process.env);
  const logger = createLogger(config.logLevel);
  const monitoring =
    config.monitoring && (await startMonitoring(config, config.monitoring, { role: name, version: version() }, logger));
  const running: RunningRole[] = [];
  const stopAll = async () => {
    for (const each of running.splice(0).reverse()) await each.stop();
    await monitoring?.stop();
  };
  const context = { environment: process.env, logger, ...(monitoring === undefined ? {} : { monitoring }) };
  try {
    for (const start of starts(config)) running.push(await start(config, context));
  } catch (error) {
    await stopAll();
    throw error;
  }
  logger.info({ role: name }, "Started");

  const stop = async (signal: string) => {
    logger.info({ role: name, signal }, "Stopping after the step in hand");
    await stopAll();
    process.exit(0);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);

  await Promise.race(running.map(({ ended }) => ended));
  if (running.length === 0) return;
  logger.error({ role: name }, "Ended: nothing is left that could go on by itself");
  await stopAll();
  process.exit(1);
}

function version(): string {
  return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
}

try {
  await program.parseAsync();
} catch (error) {
  const text = error instanceof HuangpuError ? showable(`${error.code}: ${error.message}`) : error;
  console.error(text);
  process.exitCode = 1;
}
