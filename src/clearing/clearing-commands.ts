import process from "node:process";
import type { Command } from "commander";
import { Chain } from "../chains/chain.ts";
import { type Environment, loadConfig, requireSection } from "../config/load.ts";
import type { ClearingConfig, Config } from "../config/schema.ts";
import { HuangpuError } from "../core/errors.ts";
import { ClearingHouse } from "./clearing-house.ts";
import { ClearingJournal } from "./clearing-journal.ts";
import { CycleReader } from "./cycle-reader.ts";
import { showCycle, stateCycle } from "./cycle-statement.ts";
import { reconcileDay } from "./day-end.ts";
import { HttpCentralLedger } from "./http-central-ledger.ts";
import { showReconciliation } from "./reconcile.ts";
import { overdueRedemptions, showRedemptions } from "./redemptions.ts";
import { listExceptions, showExceptions } from "./show-exceptions.ts";

interface Opened {
  config: Config;
  section: ClearingConfig;
  house: ClearingHouse;
  journal: ClearingJournal;
}

/** Data, and how it reads on a terminal. `fails`: it is not as it should be. */
interface Shown {
  data: unknown;
  text: string;
  fails?: boolean;
}

/** What an operator asks of a clearing agent beside running it. With `--json`, as data; exit code 1 when something is wrong. */
export function addClearingCommands(clearing: Command, environment: Environment): void {
  const ask = (name: string, description: string, answer: (opened: Opened, argument: string) => Promise<Shown>) =>
    clearing
      .command(name)
      .description(description)
      .option("--json", "as data")
      .action(async (...given: unknown[]) => {
        const command = given.at(-1) as Command;
        const { config: file, json } = command.optsWithGlobals<{ config: string; json?: true }>();
        const opened = open(loadConfig(file, environment));
        try {
          const { data, text, fails } = await answer(opened, command.args[0] ?? "");
          process.stdout.write(json === true ? toJson(data) : text);
          if (fails === true) process.exitCode = 1;
        } finally {
          opened.journal.close();
          opened.house.chain.close();
        }
      });

  ask("exceptions", "what the central ledger said that moved nothing, and why", async ({ journal }) => {
    const data = listExceptions(journal);
    return { data, text: showExceptions(data) };
  });
  ask(
    "statement <cycle>",
    "positions, debts and proofs of a closed cycle",
    async ({ config, section, house }, cycle) => {
      const data = await stateCycle(house, wholeNumber(cycle), { ...config.chains.finance, ...section });
      return { data, text: showCycle(data), fails: !data.rootMatches || !data.debtsMatch };
    },
  );
  ask("reconcile <date>", "hold a day's statements (UTC) against what was booked", async (opened, date) => {
    const data = await reconcileNow(opened, date);
    return { data, text: showReconciliation(data), fails: data.some(({ findings }) => findings.length > 0) };
  });
  ask("redemptions", "redemptions that issuers have not paid in time", async ({ house }) => {
    const data = await overdueRedemptions(house);
    return { data, text: showRedemptions(data), fails: data.length > 0 };
  });
}

async function reconcileNow({ config, section, house, journal }: Opened, date: string) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date))
    throw new HuangpuError("CONFIG_INVALID", `"${date}" is no date like 2026-11-22`);
  const { url, timeoutMs } = section.centralLedger;
  const ledger = new HttpCentralLedger({ url, timeoutMs, attempts: 2, pauseMs: 100 });
  const holder = section.settlement ?? section.agent;
  try {
    const view = house.pinned();
    const block = (await view.chain.blockNumber()) - config.chains.finance.confirmations;
    const settlement = { lei: holder, account: holder };
    await new CycleReader({ settlement }, { journal, observer: () => undefined }).read(view, block);
    return await reconcileDay(holder, date, block, { house: view, ledger, journal });
  } finally {
    ledger.close();
  }
}

function open(config: Config): Opened {
  const section = requireSection(config.clearing, "clearing");
  const chain = new Chain({ name: "finance", ...config.chains.finance });
  const house = new ClearingHouse(chain, section.house);
  return { config, section, house, journal: new ClearingJournal(section.journal) };
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new HuangpuError("CONFIG_INVALID", `"${text}" is no number of a cycle`);
}

/** Every amount in decimal digits. */
function toJson(data: unknown): string {
  return `${JSON.stringify(data, (_, value) => (typeof value === "bigint" ? value.toString() : value), 2)}\n`;
}
