import { join } from "node:path";
import process from "node:process";
import { Argument, Command } from "commander";
import { LOCAL_CHAIN_IDS } from "../src/config/development.ts";
import { openProvider } from "./local/chains.ts";
import { LOCAL_DIRECTORY, requireLocalState } from "./local/state.ts";
import { scenarios } from "./scenarios/registry.ts";
import { writeResult } from "./scenarios/report.ts";
import { terminalTimeline } from "./terminal/options.ts";

new Command("npm run scenario --")
  .description("Plays a scenario against the chains that `npm run node` keeps up")
  .addArgument(new Argument("<name>", "scenario").choices(Object.keys(scenarios)))
  .option("--json <file>", "write the result as data too")
  .action(async (name: string, { json }: { json?: string }) => {
    const { tradeRpcUrl, financeRpcUrl, centralLedger, deployment } = requireLocalState();
    const trade = openProvider(tradeRpcUrl, LOCAL_CHAIN_IDS.trade);
    const finance = openProvider(financeRpcUrl, LOCAL_CHAIN_IDS.finance);
    try {
      const directory = join(LOCAL_DIRECTORY, "documents");
      const play = scenarios[name];
      const played = await play?.({
        deployment,
        trade,
        finance,
        centralLedger,
        timeline: terminalTimeline(),
        directory,
      });
      if (played === undefined) return;
      process.stdout.write(played.report);
      if (json !== undefined) writeResult(json, played.result);
      process.exitCode = played.result.ok ? 0 : 1;
    } finally {
      trade.destroy();
      finance.destroy();
    }
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
