import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { HuangpuError } from "../../src/core/errors.ts";
import { problemsOf } from "./network-rules.ts";
import { type Network, networkSchema } from "./network-schema.ts";

/**
 * Reads and checks a network file.
 * @throws HuangpuError CONFIG_INVALID, with every problem, its path and what to do; `fields.problems` has those that the
 * schema cannot see, by the name of their rule.
 */
export function loadNetwork(file: string): Network {
  return parseNetwork(read(file), file);
}

/** @throws HuangpuError CONFIG_INVALID */
export function parseNetwork(text: string, origin: string): Network {
  const parsed = networkSchema.safeParse(parseYaml(text, origin));
  if (!parsed.success) throw invalid(`${origin} is not a network:\n${z.prettifyError(parsed.error)}`);
  const problems = problemsOf(parsed.data);
  if (problems.length === 0) return parsed.data;
  const lines = problems.map(({ rule, path, text }) => `✖ ${path}: ${text} [${rule}]`);
  throw invalid(`${origin} is a network that would not be safe:\n${lines.join("\n")}`, { problems });
}

function parseYaml(text: string, origin: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw invalid(`${origin} is not YAML: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw invalid(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function invalid(message: string, fields: Record<string, unknown> = {}): HuangpuError {
  return new HuangpuError("CONFIG_INVALID", message, { fields });
}
