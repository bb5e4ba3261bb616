/** Shows which lines of src/ the last run executed, and fails where that is too few of them. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import istanbul from "istanbul-lib-coverage";
import { createContext } from "istanbul-lib-report";
import { create } from "istanbul-reports";
import { COUNTERS_FILE, instrument, SOURCES } from "./instrument.ts";

/** Share of lines in per cent, by folder. */
const least = { core: 90, relayer: 90 };

const coverageMap = istanbul.createCoverageMap(JSON.parse(readFileSync(COUNTERS_FILE, "utf8")));
const executed = new Set(coverageMap.files());
for (const name of globSync("**/*.ts", { cwd: SOURCES })) {
  const file = join(SOURCES, name);
  if (!executed.has(file)) coverageMap.addFileCoverage(instrument(file).counters);
}

const context = createContext({ dir: dirname(COUNTERS_FILE), coverageMap });
create("text").execute(context);
create("lcovonly").execute(context);

for (const [folder, percent] of Object.entries(least)) {
  const summary = istanbul.createCoverageSummary();
  for (const file of coverageMap.files()) {
    if (file.startsWith(join(SOURCES, folder))) summary.merge(coverageMap.fileCoverageFor(file).toSummary());
  }
  const { pct } = summary.lines;
  if (pct >= percent) continue;
  console.error(`Only ${pct} % of the lines of src/${folder} were executed, at least ${percent} % have to be`);
  process.exitCode = 1;
}
