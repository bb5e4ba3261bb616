import type { z } from "zod";
import { formatJsonPath, type JsonPath } from "../core/json-path.ts";
import { documentKinds, type KindName } from "./kinds.ts";

/**
 * What a member suffers from. REQUIRED: it is missing. TYPE: another type of JSON value. UNKNOWN: the kind has no such member.
 * SIZE: too long, too many, too few. VALUE: of the right type, and wrong.
 */
export type FaultCode = "REQUIRED" | "TYPE" | "UNKNOWN" | "SIZE" | "VALUE";

export interface Fault {
  /** JSON path of the member, `$.lines[0].hsCode`; `$` is the whole document. */
  path: string;
  code: FaultCode;
  /** Continues "The member …": what is wrong and how to mend it. */
  message: string;
}

/**
 * Every fault of a document's data, one for each member, in the order of the schema; none when it is a document of that kind.
 * Totals and other rules between members are looked at once each member is sound for itself.
 */
export function validateDocument(kind: KindName, data: unknown): Fault[] {
  const parsed = documentKinds[kind].schema.safeParse(data, { reportInput: true });
  if (parsed.success) return [];
  const first = new Map<string, Fault>();
  for (const fault of parsed.error.issues.flatMap((issue) => faultsOf(issue, kind))) {
    if (!first.has(fault.path)) first.set(fault.path, fault);
  }
  return [...first.values()];
}

function faultsOf(issue: z.core.$ZodIssue, kind: KindName): Fault[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownMember([...path, key], kind));
  return [{ path: formatJsonPath(path), ...describe(issue) }];
}

function unknownMember(path: JsonPath, kind: KindName): Fault {
  const message = `is unknown to the kind ${kind}: remove it, or correct its spelling`;
  return { path: formatJsonPath(path), code: "UNKNOWN", message };
}

function describe(issue: z.core.$ZodIssue): Omit<Fault, "path"> {
  switch (issue.code) {
    case "invalid_type": {
      const wanted = NAMES[issue.expected] ?? issue.expected;
      if (issue.input === undefined) return { code: "REQUIRED", message: `is required: add ${wanted}` };
      return { code: "TYPE", message: `must be ${wanted}, not ${nameOf(issue.input)}` };
    }
    case "invalid_value": {
      const choice = issue.values.map((value) => JSON.stringify(value)).join(", ");
      const wanted = issue.values.length === 1 ? choice : `one of ${choice}`;
      if (issue.input === undefined) return { code: "REQUIRED", message: `is required: add ${wanted}` };
      return { code: "VALUE", message: `must be ${wanted}` };
    }
    case "too_big":
      return { code: "SIZE", message: `must be ${issue.maximum}${unitOf(issue.origin)} at most` };
    case "too_small": {
      const least = issue.inclusive === false ? `more than ${issue.minimum}` : `${issue.minimum}`;
      return {
        code: "SIZE",
        message: `must be ${least}${unitOf(issue.origin)}${issue.inclusive === false ? "" : " at least"}`,
      };
    }
    default:
      return { code: "VALUE", message: issue.message };
  }
}

const NAMES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return NAMES[typeof value] ?? typeof value;
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" ? " elements" : "";
}
