import { terminalText } from "../core/terminal-text.ts";

/** What one question about a document was answered with. */
export interface Fragment {
  /**
   * integrity: the document is what its hash commits to. status: it is registered and stands. issuer: who registered it is whom
   * it names, and may issue it. policy: it is of a known kind, and what the verifier takes.
   */
  readonly name: FragmentName;
  /** SKIPPED: not asked. ERROR: asked, and nobody could say. */
  readonly result: FragmentResult;
  /** Upper case with underscores: why. */
  readonly code: string;
  /** A sentence for people, on one line. */
  readonly message: string;
}

export type FragmentName = "integrity" | "status" | "issuer" | "policy";
export type FragmentResult = "VALID" | "INVALID" | "SKIPPED" | "ERROR";

/** What does not make a document invalid but should be known. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}

export interface Verification {
  /** Integrity is VALID, and nothing is INVALID or ERROR. */
  readonly valid: boolean;
  /** Always four, in the order of {@link FragmentName}. */
  readonly fragments: readonly Fragment[];
  readonly warnings: readonly Warning[];
}

const MAX_MESSAGE_LENGTH = 1_000;

/** @param message May quote what strangers wrote: it becomes one line of at most 1,000 characters that a terminal can show. */
export function fragment(name: FragmentName, result: FragmentResult, code: string, message: string): Fragment {
  return { name, result, code, message: line(message) };
}

export function warning(code: string, message: string): Warning {
  return { code, message: line(message) };
}

function line(message: string): string {
  const cut = message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH - 1)}…` : message;
  return terminalText(cut.replace(/\s+/g, " "));
}
