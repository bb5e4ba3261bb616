import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join, sep } from "node:path";
import { createInstrumenter } from "istanbul-lib-instrument";

/** What is measured, as an absolute path. */
export const SOURCES = join(import.meta.dirname, "..", "..", "src") + sep;

/** Where a run leaves its counters, under the working directory. */
export const COUNTERS_FILE = join("coverage", "typescript", "counters.json");

/** The global that instrumented code counts in. */
export const COUNTERS = "__coverage__";

const instrumenter = createInstrumenter({ esModules: true, coverageVariable: COUNTERS });

/** The code of a file with counters in it, and these at zero. Types become white space, so lines and columns stay. */
export function instrument(file: string) {
  const source = instrumenter.instrumentSync(stripTypeScriptTypes(readFileSync(file, "utf8")), file);
  return { source, counters: instrumenter.lastFileCoverage() };
}
