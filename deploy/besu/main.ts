import process from "node:process";
import { Command } from "commander";
import { HuangpuError } from "../../src/core/errors.ts";
import { generate } from "./generate.ts";
import { loadNetwork } from "./load-network.ts";
import { writeFiles } from "./write-files.ts";

const program = new Command("besu").description("Both chains on Hyperledger Besu QBFT, from one network file");

program
  .command("generate")
  .description("write what every host needs; nothing secret is read or written")
  .argument("<network>", "network file, YAML")
  .requiredOption("--out <folder>", "where to; a folder of its own")
  .option("--force", "change files that are there already", false)
  .action((file: string, { out, force }: { out: string; force: boolean }) => {
    const { written, removed } = writeFiles(out, generate(loadNetwork(file)), force);
    for (const path of removed) console.log(`removed  ${path}`);
    for (const path of written) console.log(`written  ${path}`);
    if (written.length + removed.length === 0) console.log("Nothing has changed");
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof HuangpuError ? `${error.code}: ${error.message}` : error);
  process.exitCode = 2;
}
