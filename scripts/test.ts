/**
 * Runs the test suites and their coverage gates, and ends with the total. `npm test -- solidity` runs one suite.
 * A step that fails without a failed test (a crash, a missed gate) counts as one failure.
 */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

interface Suite {
  readonly tests: readonly string[];
  readonly gates: readonly (readonly string[])[];
}

interface Totals {
  readonly passed: number;
  readonly failed: number;
}

const hardhat = "node_modules/hardhat/dist/src/cli.js";
const mocha = "node_modules/mocha/bin/mocha.js";
/** Taking types off is experimental in this version of Node. */
const quiet = "--disable-warning=ExperimentalWarning";

const suites: Readonly<Record<string, Suite>> = {
  solidity: {
    tests: [hardhat, "test", "solidity", "--coverage"],
    gates: [["scripts/coverage/solidity.ts"]],
  },
  typescript: {
    tests: [
      quiet,
      mocha,
      "--require",
      "./scripts/coverage/register.ts",
      "--spec",
      "test/{unit,integration}/**/*.test.ts",
    ],
    gates: [[quiet, "scripts/coverage/typescript.ts"]],
  },
  // Without coverage: it would slow down every process that these tests start.
  e2e: { tests: [mocha, "--spec", "test/e2e/**/*.test.ts"], gates: [] },
};

type Write = (text: string) => void;

async function run(args: readonly string[], write: Write): Promise<Totals & { readonly ok: boolean }> {
  const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn(process.execPath, args, {
    stdio: ["inherit", "pipe", "pipe"],
    env: { ...process.env, ...colour },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      write(text);
    });
  }
  const ok = await new Promise<boolean>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve(code === 0));
  });
  const text = stripVTControlCharacters(output);
  const passed = lastCount(text, /^ *(\d+) passing/gm);
  const failed = lastCount(text, /^ *(\d+) failing/gm);
  return { ok, passed, failed: ok ? failed : Math.max(failed, 1) };
}

function lastCount(text: string, pattern: RegExp): number {
  return Number([...text.matchAll(pattern)].at(-1)?.[1] ?? 0);
}

async function runSuite(name: string, write: Write): Promise<Totals> {
  const suite = suites[name];
  if (suite === undefined) throw new Error(`No suite named ${name}; there are: ${Object.keys(suites).join(", ")}`);
  write(`\n=== ${name} ===\n`);
  const { ok, passed, failed } = await run(suite.tests, write);
  if (!ok) return { passed, failed };
  let missed = 0;
  for (const gate of suite.gates) missed += (await run(gate, write)).failed;
  return { passed, failed: failed + missed };
}

async function runInTurn(names: readonly string[], write: Write): Promise<Totals> {
  let [passed, failed] = [0, 0];
  for (const name of names) {
    const totals = await runSuite(name, write);
    passed += totals.passed;
    failed += totals.failed;
  }
  return { passed, failed };
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(suites);
rmSync("coverage", { recursive: true, force: true });
const show: Write = (text) => process.stdout.write(text);

// Two cores, two lanes: the TypeScript suite takes as long as the two others together. The second lane's output is kept for the
// end.
const first = names.filter((name) => name === "typescript");
const second = names.filter((name) => name !== "typescript");
const kept: string[] = [];
const totals = await Promise.all([
  runInTurn(first, show),
  runInTurn(second, first.length === 0 ? show : (text) => void kept.push(text)),
]);
show(kept.join(""));
const passed = totals[0].passed + totals[1].passed;
const failed = totals[0].failed + totals[1].failed;
show(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
