import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { parseNetwork } from "../../../deploy/besu/load-network.ts";
import type { Network } from "../../../deploy/besu/network-schema.ts";
import type { Problem } from "../../../deploy/besu/problem.ts";
import type { HuangpuError } from "../../../src/core/errors.ts";
import { thrown } from "../fakes/thrown.ts";

export const examples = { production: "network.example.yaml", trial: "network.trial.yaml" } as const;
export type Example = keyof typeof examples;

export function exampleText(example: Example): string {
  return readFileSync(new URL(`../../../deploy/besu/${examples[example]}`, import.meta.url), "utf8");
}

/** What a network file says, to be changed. As loose as YAML: a test may put anything anywhere. */
// biome-ignore lint/suspicious/noExplicitAny: the point is to write what the schema refuses
export type Draft = any;

/** An example, changed; as the loader takes it. */
export function network(example: Example, change: (draft: Draft) => void = () => undefined): Network {
  const draft: Draft = parse(exampleText(example));
  change(draft);
  return parseNetwork(stringify(draft), "network.yaml");
}

/** The error that a changed example is refused with. */
export async function refused(example: Example, change: (draft: Draft) => void): Promise<HuangpuError> {
  return await thrown("CONFIG_INVALID", () => network(example, change));
}

/** The rules that a changed example breaks, and where. */
export async function broken(example: Example, change: (draft: Draft) => void): Promise<string[]> {
  const { fields } = await refused(example, change);
  const problems = fields["problems"] as Problem[] | undefined;
  return (problems ?? []).map(({ rule, path }) => `${rule} ${path}`);
}

/** A host of a draft, by name. */
export function host(draft: Draft, name: string): Draft {
  const found = draft.hosts.find((one: Draft) => one.name === name);
  if (found === undefined) throw new Error(`No host ${name}`);
  return found;
}

/** Puts a value at a dotted path, which begins with a host's name or a field of the file; undefined takes it away. */
export function set(path: string, value: unknown): (draft: Draft) => void {
  return (draft) => {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const [first = "", ...rest] = keys;
    const start = last === path || first in draft ? [draft, ...keys] : [host(draft, first), ...rest];
    const target = start.reduce((at, key) => at[key]);
    if (value === undefined) delete target[last];
    else target[last] = value;
  };
}
