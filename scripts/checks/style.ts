/** The rules of the house that no linter knows: file sizes and names, leftovers, links between documents. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

interface Rule {
  readonly files: RegExp;
  readonly pattern: RegExp;
  readonly problem: string;
}

const code = /\.(sol|ts|mjs|js|html|css)$/;
const text = /\.(sol|ts|mjs|js|html|css|md|json|ya?ml)$|^\.ci\//;
const rules: readonly Rule[] = [
  { files: text, pattern: /\b(?:TO[D]O|FIX[M]E|XX[X])\b/, problem: "a leftover note: do it or open an issue" },
  { files: /\.test\.ts$/, pattern: /\.(?:only|skip)\(/, problem: "a test that is switched off or singled out" },
  { files: text, pattern: /(?<![\w.~*/-])\/(?:home|root|Users|tmp|work)\/\w/, problem: "a path of one machine" },
  { files: /\.sol$/, pattern: /\bmapping\(\s*[\w.]+\s*=>/, problem: "a mapping whose key has no name" },
];
const limits: readonly (readonly [RegExp, number])[] = [
  [/\.sol$/, 400],
  [/\.(ts|mjs)$/, 325],
  [/^README\.md$/, 150],
];

function* problemsOf(file: string): Generator<string> {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const limit = limits.find(([files]) => files.test(file))?.[1];
  if (limit !== undefined && lines.length > limit) yield `${file}: ${lines.length} lines, at most ${limit}`;
  if (code.test(file) && /^(?:utils?|helpers?|common)\b/i.test(basename(file))) yield `${file}: name the thing`;
  for (const { files, pattern, problem } of rules) {
    if (!files.test(file)) continue;
    for (const [index, line] of lines.entries()) if (pattern.test(line)) yield `${file}:${index + 1}: ${problem}`;
  }
  if (extname(file) === ".md") yield* brokenLinks(file, lines);
}

function* brokenLinks(file: string, lines: readonly string[]): Generator<string> {
  for (const [index, line] of lines.entries()) {
    for (const [, target = ""] of line.matchAll(/\]\(([^)\s]+)\)/g)) {
      const path = decodeURI(target.replace(/#.*/, ""));
      const external = /^[a-z]+:/.test(target);
      if (!external && path !== "" && !existsSync(join(dirname(file), path))) {
        yield `${file}:${index + 1}: a link to ${target}, which does not exist`;
      }
    }
  }
}

const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
});
const files = listed.split("\0").filter((file) => file !== "" && file !== "package-lock.json" && existsSync(file));
const problems = files.filter((file) => !file.startsWith("test/vectors/")).flatMap((file) => [...problemsOf(file)]);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
