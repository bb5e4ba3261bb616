import { writeFileSync } from "node:fs";
import process from "node:process";
import { Command, InvalidArgumentError, Option } from "commander";
import { formatTable } from "../scripts/terminal/table.ts";
import { measureDrain } from "./drain.ts";
import { cells, drainRows, type Figures, gasRows, latencyRows, memoryRows, type Row } from "./figures.ts";
import { type GasFigures, measureGas } from "./gas.ts";
import { measureLatency } from "./latency.ts";
import { measureMemory } from "./memory.ts";
import { compareSnapshot, writeSnapshot } from "./snapshot.ts";

const parts = ["gas", "latency", "relayer"] as const;

interface Options {
  json?: string;
  only?: (typeof parts)[number];
  messages: number;
  check?: true;
  update?: true;
}

const options = new Command("npm run bench --")
  .description(
    "Measures the bridge beside its targets: gas, latency, and what the relayer adds to the chain's own time",
  )
  .option("--json <file>", "write the figures as data too")
  .addOption(new Option("--only <part>", "measure one part").choices(parts))
  .addOption(
    new Option(
      "--messages <count>",
      "relayer: length of the backlog; memory is measured after so many and ten times as many",
    )
      .default(1_000)
      .argParser(multipleOfBatch),
  )
  .option("--check", "fail when gas differs from the committed figures by more than 1 %")
  .option("--update", "commit to the gas measured now: write bench/snapshots/gas.json")
  .parse()
  .opts<Options>();

const figures: Figures = {};
const rows: Row[] = [];

for (const part of options.only === undefined ? parts : [options.only]) {
  process.stderr.write(`measuring ${part} …\n`);
  if (part === "gas") await gas();
  else if (part === "latency") await latency();
  else await relayer();
}
process.stdout.write(`\n${formatTable([["figure", "measured", "target", ""], ...rows.map(cells)])}`);
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);

async function gas(): Promise<void> {
  figures.gas = await measureGas();
  rows.push(...gasRows(figures.gas));
  if (options.update) writeSnapshot(figures.gas);
  if (options.check) checkSnapshot(figures.gas);
}

async function latency(): Promise<void> {
  const measured = await measureLatency();
  figures.latencyBlocks = measured.blocks;
  figures.latencySeconds = measured.seconds;
  rows.push(...latencyRows(measured));
}

async function relayer(): Promise<void> {
  const drain = await measureDrain(options.messages);
  const memory = await measureMemory(options.messages);
  const { ratio, drainSeconds, replaySeconds, transactions } = drain;
  const rss = Object.fromEntries(memory.map(({ messages, rssMiB }) => [`rssMiBAt${messages}`, rssMiB]));
  figures.relayer = { drainRatio: ratio, drainSeconds, replaySeconds, transactions, ...rss };
  rows.push(...drainRows(drain), ...memoryRows(memory));
}

function checkSnapshot(measured: GasFigures): void {
  for (const difference of compareSnapshot(measured)) {
    process.stderr.write(`gas.${difference}\n`);
    process.exitCode = 1;
  }
}

function multipleOfBatch(text: string): number {
  const value = Number(text);
  const BATCH = 50;
  if (Number.isInteger(value) && value > 0 && value % BATCH === 0) return value;
  throw new InvalidArgumentError(`It must be a multiple of ${BATCH}.`);
}
