/** Gas of two other bridges' published contracts beside this one's, from one run. See README.md. */
import { writeFileSync } from "node:fs";
import process from "node:process";
import { Command } from "commander";
import type { Hardfork } from "../../scripts/local/chains.ts";
import { formatTable } from "../../scripts/terminal/table.ts";
import { type LaneGas, measureLaneGas } from "../gas.ts";
import { markdownTable, replaceSection } from "../markdown.ts";
import { type AxelarGas, measureAxelar } from "./axelar.ts";
import { compilePeers, type PeerContracts } from "./compile.ts";
import { type HyperlaneGas, measureHyperlane } from "./hyperlane.ts";

interface PeerFigures {
  huangpu: LaneGas;
  hyperlane: HyperlaneGas;
  axelar: AxelarGas;
}

const { json, update } = new Command("npm --prefix bench/peers start --")
  .description("Measures two other bridges' published contracts and this one's on the same simulated chain")
  .option("--json <file>", "write the figures as data too")
  .option("--update", "write the tables of README.md")
  .parse()
  .opts<{ json?: string; update?: true }>();

process.stderr.write("compiling the peers' contracts …\n");
const contracts = compilePeers();
const figures: Record<Hardfork, PeerFigures> = {
  cancun: await measureUnder("cancun", contracts),
  osaka: await measureUnder("osaka", contracts),
};
const README = new URL("README.md", import.meta.url);
const heading = ["Gas", "Huangpu", "Hyperlane", "Axelar"];
for (const hardfork of ["cancun", "osaka"] as const) {
  process.stdout.write(`\n${formatTable([[...heading, `rules of ${hardfork}`], ...rows(figures[hardfork])])}`);
  if (update) replaceSection(README, hardfork, markdownTable([heading, ...rows(figures[hardfork])]));
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);

async function measureUnder(hardfork: Hardfork, compiled: PeerContracts): Promise<PeerFigures> {
  process.stderr.write(`measuring under the rules of ${hardfork} …\n`);
  const hyperlane = await measureHyperlane(hardfork, compiled);
  const axelar = await measureAxelar(hardfork, compiled);
  return { huangpu: await measureLaneGas(hardfork), hyperlane, axelar };
}

function rows({ huangpu, hyperlane, axelar }: PeerFigures): string[][] {
  const show = (gas: number | undefined) => (gas === undefined ? "" : Math.round(gas).toLocaleString("en-US"));
  const row = (name: string, ...gas: (number | undefined)[]) => [name, ...gas.map(show)];
  const { deliver } = huangpu;
  return [
    row("send", huangpu.send, hyperlane.dispatch, axelar.callContract),
    row("receive one", deliver["1"], hyperlane.process, axelar.approve["1"] + axelar.execute),
    row("receive ten, each", deliver["10"], hyperlane.process, axelar.approve["10"] + axelar.execute),
    row("receive forty, each", deliver["40"], hyperlane.process),
    row("receive a hundred, each", deliver["100"], hyperlane.process),
  ];
}
