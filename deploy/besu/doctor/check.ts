import type { ChainName } from "../network-schema.ts";
import type { Fact } from "./examine.ts";

/** `skip`: cannot be looked at from here, and somebody may want to know. */
export type Status = "ok" | "skip" | "warn" | "fail";

/** One thing that was looked at. */
export interface Check {
  chain: ChainName;
  /** A host, or the whole chain. */
  subject: string;
  name: string;
  status: Status;
  text: string;
}

export type Verdict = readonly [Status, string];

export const ok = (text: string): Verdict => ["ok", text];
export const skip = (text: string): Verdict => ["skip", text];
export const warn = (text: string): Verdict => ["warn", text];
export const fail = (text: string): Verdict => ["fail", text];

/** The verdict on a fact; what could not be learned has failed. */
export function judge<T>(fact: Fact<T>, verdict: (value: T) => Verdict): Verdict {
  return "error" in fact ? fail(fact.error) : verdict(fact.value);
}

/** 0 when all is well, 1 when something should be looked at, 2 when something is wrong. */
export function exitCodeOf(checks: readonly Check[]): 0 | 1 | 2 {
  if (checks.some(({ status }) => status === "fail")) return 2;
  return checks.some(({ status }) => status === "warn") ? 1 : 0;
}
