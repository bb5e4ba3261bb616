import { writeFileSync } from "node:fs";
import process from "node:process";
import { Command, InvalidArgumentError, Option } from "commander";
import { formatTable } from "../scripts/terminal/table.ts";
import { measureClearingGas, measureNetting } from "./clearing.ts";
import { documentRows, measureDocuments } from "./documents.ts";
import { measureDrain } from "./drain.ts";
import {
  cells,
  clearingRows,
  cyclePerPayment,
  drainRows,
  type Figures,
  gasRows,
  latencyRows,
  loadLatencyRows,
  memoryRows,
  paymentRows,
  type Row,
  throughputRows,
  titleRows,
  worstCaseRows,
} from "./figures.ts";
import { measureGas } from "./gas.ts";
import { isoRows, measureIso } from "./iso.ts";
import { measureLatency } from "./latency.ts";
import { measureLoadLatency } from "./load-latency.ts";
import { MEMORY_BATCH, measureMemory } from "./memory.ts";
import { measurePayments } from "./payments.ts";
import { reportClearing, reportRows, reportWorstCase } from "./report.ts";
import { compareSnapshot, writeSnapshot } from "./snapshot.ts";
import { measureThroughput } from "./throughput.ts";
import { measureTitles } from "./titles.ts";
import { measureWorstCase } from "./worst-case.ts";

const RELAYER = ["throughput", "drain", "memory"] as const;
const parts = [
  "gas",
  "worst-case",
  "payments",
  "titles",
  "documents",
  "clearing",
  "iso",
  "latency",
  ...RELAYER,
] as const;

interface Options {
  json?: string;
  only?: (typeof parts)[number] | "relayer";
  messages: number;
  check?: true;
  update?: true;
}

const options = new Command("npm run bench --")
  .description(
    "Measures bridge and clearing beside their targets: gas, latency, throughput, what the relayer adds to the chains",
  )
  .option("--json <file>", "write the figures as data too")
  .addOption(
    new Option("--only <part>", `measure one part; relayer: ${RELAYER.join(", ")}`).choices([...parts, "relayer"]),
  )
  .addOption(
    new Option(
      "--messages <count>",
      "drain: length of the backlog; throughput: ten times as many; memory: after so many, ten and a hundred times as many",
    )
      .default(1_000)
      .argParser(multipleOfBatch),
  )
  .option("--check", "fail when gas differs from the committed figures by more than 1 %")
  .option("--update", "commit to what is measured now: bench/snapshots/, tables and plots of docs/performance*.md")
  .parse()
  .opts<Options>();

const figures: Figures = {};
const rows: Row[] = [];
const measure = {
  gas,
  "worst-case": worstCase,
  payments,
  titles,
  documents,
  clearing,
  iso,
  latency,
  throughput,
  drain,
  memory,
};

for (const part of chosen(options.only)) {
  process.stderr.write(`measuring ${part} …\n`);
  const measured = await measure[part]();
  if (options.update && part !== "worst-case" && measured.length > 0) reportRows(part, measured);
  rows.push(...measured);
}
process.stdout.write(`\n${formatTable([["figure", "measured", "target", ""], ...rows.map(cells)])}`);
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);

function chosen(only: Options["only"]): readonly (typeof parts)[number][] {
  if (only === undefined) return parts;
  return only === "relayer" ? RELAYER : [only];
}

async function gas(): Promise<Row[]> {
  const measured = await measureGas();
  figures.gas = { ...figures.gas, ...measured };
  commit("gas", measured);
  return gasRows(measured);
}

async function payments(): Promise<Row[]> {
  const measured = await measurePayments();
  figures.gas = { ...figures.gas, ...measured };
  commit("payments", measured);
  return paymentRows(measured);
}

async function titles(): Promise<Row[]> {
  const measured = await measureTitles();
  figures.gas = { ...figures.gas, ...measured };
  commit("titles", measured);
  return titleRows(measured);
}

async function documents(): Promise<Row[]> {
  figures.documents = await measureDocuments();
  return documentRows(figures.documents);
}

async function clearing(): Promise<Row[]> {
  const netting = measureNetting();
  const measured = await measureClearingGas();
  figures.gas = { ...figures.gas, cyclePerPayment: cyclePerPayment(measured) };
  figures.clearing = { ...figures.clearing, nettingRatio: netting.ratio };
  commit("clearing", measured);
  if (options.update) reportClearing(measured);
  return clearingRows(measured, netting);
}

/** Nothing where the schemas are not at hand. */
async function iso(): Promise<Row[]> {
  const measured = await measureIso();
  if (measured === undefined) {
    process.stderr.write("  SKIPPED: the ISO 20022 schemas are not at hand (HUANGPU_VECTORS)\n");
    return [];
  }
  figures.clearing = { ...figures.clearing, ...measured };
  return isoRows(measured);
}

async function worstCase(): Promise<Row[]> {
  figures.worstCase = await measureWorstCase();
  commit("worst-case", figures.worstCase);
  if (options.update) reportWorstCase(figures.worstCase);
  return worstCaseRows(figures.worstCase);
}

async function latency(): Promise<Row[]> {
  const measured = await measureLatency();
  figures.latencyBlocks = measured.blocks;
  figures.latencySeconds = measured.seconds;
  return latencyRows(measured);
}

async function throughput(): Promise<Row[]> {
  const full = await measureThroughput(10 * options.messages);
  const half = await measureLoadLatency(full.messagesPerSecond / 2);
  const { ratio, messagesPerSecond } = full;
  addRelayer({ throughputRatio: ratio, messagesPerSecond, latencyBlocks50: { p50: half.p50, p99: half.p99 } });
  return [...throughputRows(full), ...loadLatencyRows(half)];
}

async function drain(): Promise<Row[]> {
  const measured = await measureDrain(options.messages);
  const { ratio, drainSeconds, replaySeconds, transactions } = measured;
  addRelayer({ drainRatio: ratio, drainSeconds, replaySeconds, transactions });
  return drainRows(measured);
}

async function memory(): Promise<Row[]> {
  const measured = await measureMemory([1, 10, 100].map((times) => times * options.messages));
  const rssMiB = Object.fromEntries(measured.map(({ messages, rssMiB }) => [messages, rssMiB]));
  addRelayer({ rssMiB, ...Object.fromEntries(measured.map((each) => [`rssMiBAt${each.messages}`, each.rssMiB])) });
  return memoryRows(measured);
}

function addRelayer(more: Record<string, unknown>): void {
  figures.relayer = { ...figures.relayer, ...more };
}

/** Writes gas down, or compares it with what was. */
function commit(name: string, measured: object): void {
  if (options.update) writeSnapshot(name, measured);
  if (!options.check) return;
  for (const difference of compareSnapshot(name, measured)) {
    process.stderr.write(`${difference}\n`);
    process.exitCode = 1;
  }
}

function multipleOfBatch(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value % MEMORY_BATCH === 0) return value;
  throw new InvalidArgumentError(`It must be a multiple of ${MEMORY_BATCH}.`);
}
