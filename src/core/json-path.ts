import { HuangpuError } from "./errors.ts";
import { terminalJson } from "./terminal-text.ts";

/** Where something is in a JSON value: names of members and indices of elements, from the root on. */
export type JsonPath = readonly (string | number)[];

const STEP = /\.?([A-Za-z_]\w*)|\[(0|[1-9]\d{0,6})\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** A path as RFC 9535 writes it, with dots where a name allows them: `$.lines[0].hsCode`, `$["odd name"]`. */
export function formatJsonPath(path: JsonPath): string {
  return `$${path.map(segment).join("")}`;
}

/**
 * Reads what {@link formatJsonPath} writes; `$.` may be left out, as in `lines[0].hsCode`.
 * @throws HuangpuError PATH_INVALID
 */
export function parseJsonPath(text: string): JsonPath {
  const path: (string | number)[] = [];
  const isRooted = text.startsWith("$");
  STEP.lastIndex = isRooted ? 1 : 0;
  for (let at = STEP.lastIndex; at < text.length; at = STEP.lastIndex) {
    const [step, name, place, quoted] = STEP.exec(text) ?? [];
    const isDotted = isRooted || path.length > 0;
    if (step === undefined || (name !== undefined && step.startsWith(".") !== isDotted)) throw invalidPath(text);
    path.push(name ?? (place === undefined ? unquoted(text, quoted ?? "") : Number(place)));
  }
  if (text === "") throw invalidPath(text);
  return path;
}

function segment(step: string | number): string {
  if (typeof step === "number") return `[${step}]`;
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(step) ? `.${step}` : `[${terminalJson(JSON.stringify(step))}]`;
}

function unquoted(text: string, quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch (cause) {
    throw invalidPath(text, cause);
  }
}

function invalidPath(text: string, cause?: unknown): HuangpuError {
  return new HuangpuError("PATH_INVALID", `${JSON.stringify(text)} is no path; write it as lines[0].hsCode`, { cause });
}
