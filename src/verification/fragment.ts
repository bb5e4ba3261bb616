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
  /** A sentence for people. */
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

export function fragment(name: FragmentName, result: FragmentResult, code: string, message: string): Fragment {
  return { name, result, code, message };
}
