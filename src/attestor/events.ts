import type { ErrorCode } from "../core/errors.ts";

/** What an attestor tells whoever watches it. */
export type AttestorEvent =
  | { type: "signed"; chainId: number }
  | { type: "refused"; code: ErrorCode | "REQUEST_INVALID" }
  /** Its own node has another block than it has signed at a height. */
  | { type: "conflict"; chainId: number };

export type AttestorObserver = (event: AttestorEvent) => void;
