/** The published schemas say what the code checks, and the published examples are documents of their kinds. `--write` mends the schemas. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Command } from "commander";
import { jsonSchemaOf } from "../../src/documents/json-schema.ts";
import { kindNames } from "../../src/documents/kinds.ts";
import { validateDocument } from "../../src/documents/validate.ts";

const ROOT = join(import.meta.dirname, "..", "..", "schemas");

const { write } = new Command("schemas.ts")
  .option("--write", "write the schemas anew")
  .parse()
  .opts<{ write?: true }>();

const problems = [...strangers(ROOT, ".schema.json"), ...strangers(join(ROOT, "examples"), ".json")];
for (const kind of kindNames) {
  const file = join(ROOT, `${kind}.schema.json`);
  const schema = `${JSON.stringify(jsonSchemaOf(kind), null, 2)}\n`;
  if (write === true) writeFileSync(file, schema);
  else if (read(file) !== schema)
    problems.push(`schemas/${kind}.schema.json is stale: node scripts/checks/schemas.ts --write`);
  problems.push(...faultsOfExample(kind));
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

function faultsOfExample(kind: (typeof kindNames)[number]): string[] {
  const text = read(join(ROOT, "examples", `${kind}.json`));
  if (text === undefined) return [`schemas/examples/${kind}.json is missing`];
  const faults = validateDocument(kind, JSON.parse(text));
  return faults.map(({ path, message }) => `schemas/examples/${kind}.json: ${path} ${message}`);
}

/** Files of no kind. */
function strangers(directory: string, ending: string): string[] {
  mkdirSync(directory, { recursive: true });
  const known = new Set<string>(kindNames.map((kind) => `${kind}${ending}`));
  const files = readdirSync(directory).filter((name) => name.endsWith(ending));
  return files.filter((name) => !known.has(name)).map((name) => `${name} belongs to no kind of document`);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
