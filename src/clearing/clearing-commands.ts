import process from "node:process";
import type { Command } from "commander";
import { type Environment, loadConfig, requireSection } from "../config/load.ts";
import { ClearingJournal } from "./clearing-journal.ts";
import { listExceptions, showExceptions } from "./show-exceptions.ts";

interface CommonOptions {
  config: string;
  json?: true;
}

/** What an operator asks of a clearing agent, beside running it: `huangpu clearing exceptions` and others. */
export function addClearingCommands(clearing: Command, environment: Environment): void {
  clearing
    .command("exceptions")
    .description("what the central ledger said that moved nothing, and why")
    .option("--json", "as data")
    .action((_: unknown, command: Command) => {
      const { config, json } = command.optsWithGlobals<CommonOptions>();
      const journal = new ClearingJournal(requireSection(loadConfig(config, environment).clearing, "clearing").journal);
      try {
        const exceptions = listExceptions(journal);
        print(json === true ? toJson(exceptions) : showExceptions(exceptions));
      } finally {
        journal.close();
      }
    });
}

/** Data with every amount in decimal digits. */
export function toJson(data: unknown): string {
  return `${JSON.stringify(data, (_, value) => (typeof value === "bigint" ? value.toString() : value), 2)}\n`;
}

function print(text: string): void {
  process.stdout.write(text);
}
