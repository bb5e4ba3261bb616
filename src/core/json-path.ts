import { HuangpuError } from "./errors.ts";

/** Where a value lies in a document: names of members and, from 0, places in arrays. The document itself is `[]`. */
export type JsonPath = readonly (string | number)[];

const PLAIN_NAME = /^[A-Za-z_][\w-]*$/;
const STEP = /\.?([A-Za-z_][\w-]*)|\[(0|[1-9]\d{0,6})\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** For people: `goods[0].weight`, `["odd name"].a`; `$` for the document itself. {@link parseJsonPath} reads it back. */
export function jsonPathText(path: JsonPath): string {
  const steps = path.map((step, depth) => {
    if (typeof step === "number") return `[${step}]`;
    if (!PLAIN_NAME.test(step)) return `[${JSON.stringify(step)}]`;
    return depth === 0 ? step : `.${step}`;
  });
  return steps.join("") || "$";
}

/** @throws HuangpuError PATH_INVALID */
export function parseJsonPath(text: string): JsonPath {
  const path: (string | number)[] = [];
  if (text === "$") return path;
  STEP.lastIndex = 0;
  for (let at = 0; at < text.length; at = STEP.lastIndex) {
    const step = STEP.exec(text);
    if (step === null || (path.length === 0) === step[0].startsWith(".")) throw invalidPath(text);
    const [, name, place, quoted] = step;
    path.push(name ?? (place === undefined ? unquoted(text, quoted ?? "") : Number(place)));
  }
  if (path.length === 0) throw invalidPath(text);
  return path;
}

function unquoted(text: string, quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch (cause) {
    throw invalidPath(text, cause);
  }
}

function invalidPath(text: string, cause?: unknown): HuangpuError {
  return new HuangpuError("PATH_INVALID", `${JSON.stringify(text)} is no path; write it as goods[0].weight`, { cause });
}
