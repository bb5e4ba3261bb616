import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Command, InvalidArgumentError } from "commander";
import { startLocalNetwork } from "./local/network.ts";
import { crossBorder } from "./scenarios/cross-border.ts";
import { formatReport, writeResult } from "./scenarios/report.ts";
import { Timeline } from "./terminal/timeline.ts";

const { json, blockTime } = new Command("npm start --")
  .description("Plays a cross-border trade over two local chains, from nothing")
  .option("--json <file>", "write the result as data too")
  .option("--block-time <seconds>", "seconds between blocks; 0 for a block with every transaction", seconds, 1)
  .parse()
  .opts<{ json?: string; blockTime: number }>();

const write = (text: string) => process.stdout.write(text);
const directory = mkdtempSync(join(tmpdir(), "huangpu-"));
write("Huangpu: payment is released because a document proof holds.\n\n");
const network = await startLocalNetwork({
  blockTimeMs: blockTime * 1_000,
  ports: { trade: 0, finance: 0 },
  directory,
  logLevel: "warn",
  progress: (text) => write(`  ${text} …\n`),
});
process.once("SIGINT", async () => {
  await network.stop();
  process.exit(130);
});

try {
  write("\n");
  const timeline = new Timeline({ width: process.stdout.columns ?? 100, write, interactive: process.stdout.isTTY === true });
  const result = await crossBorder({
    deployment: network.deployment,
    trade: network.trade.provider,
    finance: network.finance.provider,
    timeline,
    directory: join(directory, "documents"),
  });
  write(formatReport(result));
  if (json !== undefined) writeResult(json, result);
  process.exitCode = result.ok ? 0 : 1;
} finally {
  await network.stop();
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 60)) throw new InvalidArgumentError("must be 0 to 60 seconds.");
  return value;
}
