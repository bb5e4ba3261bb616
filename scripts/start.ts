import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Command } from "commander";
import { reached, startLocalNetwork } from "./local/network.ts";
import { crossBorder } from "./scenarios/cross-border.ts";
import { writeResult } from "./scenarios/report.ts";
import { blockTimeOption, terminalTimeline } from "./terminal/options.ts";

const { json, blockTime } = new Command("npm start --")
  .description("Plays a cross-border trade over two local chains, from nothing")
  .option("--json <file>", "write the result as data too")
  .addOption(blockTimeOption())
  .parse()
  .opts<{ json?: string; blockTime: number }>();

const directory = mkdtempSync(join(tmpdir(), "huangpu-"));
process.stdout.write("Huangpu: payment is released because a document proof holds.\n\n");
const network = await startLocalNetwork({
  blockTimeMs: blockTime * 1_000,
  ports: { trade: 0, finance: 0 },
  directory,
  logLevel: "warn",
  progress: (text) => process.stdout.write(`  ${text} …\n`),
});
const stop = async () => {
  await network.stop();
  rmSync(directory, { recursive: true, force: true });
};
process.once("SIGINT", async () => {
  await stop();
  process.exit(130);
});

try {
  process.stdout.write("\n");
  const { result, report } = await crossBorder({
    ...reached(network),
    timeline: terminalTimeline(),
    directory: join(directory, "documents"),
  });
  process.stdout.write(report);
  if (json !== undefined) writeResult(json, result);
  process.exitCode = result.ok ? 0 : 1;
} finally {
  await stop();
}
