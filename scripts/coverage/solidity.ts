/** Fails unless the last coverage run of the Solidity tests executed every line of contracts/. */
import { readFileSync } from "node:fs";

interface Coverage {
  readonly file: string;
  readonly lines: number;
  readonly missed: readonly number[];
}

/** A file without executable lines, such as an interface, has no record. */
function parse(lcov: string): Coverage[] {
  return lcov
    .split("end_of_record")
    .flatMap((record) => {
      const file = /^SF:(.+)$/m.exec(record)?.[1]?.replaceAll("\\", "/");
      if (file === undefined || !file.startsWith("contracts/")) return [];
      const counts = [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map(([, line, hits]) => [Number(line), Number(hits)]);
      const missed = counts.flatMap(([line, hits]) => (line !== undefined && hits === 0 ? [line] : []));
      return [{ file, lines: counts.length, missed: missed.sort((a, b) => a - b) }];
    })
    .sort((a, b) => a.file.localeCompare(b.file));
}

/** 3, 4, 5, 9 becomes "3-5, 9". */
function ranges(lines: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last?.[1] === line - 1) last[1] = line;
    else runs.push([line, line]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
}

const covered = parse(readFileSync("coverage/lcov.info", "utf8"));
const lacking = covered.filter(({ missed }) => missed.length > 0);
if (covered.length === 0) {
  console.error("No file of contracts/ is in coverage/lcov.info");
  process.exitCode = 1;
} else if (lacking.length > 0) {
  console.error("Every line of contracts/ has to be executed by a Solidity test. Not executed:\n");
  const width = Math.max(...lacking.map(({ file }) => file.length));
  for (const { file, lines, missed } of lacking) {
    const share = (((lines - missed.length) / lines) * 100).toFixed(1);
    console.error(`  ${file.padEnd(width)}  ${share.padStart(5)} %  lines ${ranges(missed)}`);
  }
  process.exitCode = 1;
} else {
  console.log(`All lines of ${covered.length} Solidity files are covered`);
}
