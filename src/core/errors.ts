/**
 * Every way in which the node can fail, in one place: whether trying again can help, and the HTTP status where a
 * request was the cause. Whoever catches an error asks this table and nothing else.
 */
const table = {
  CONFIG_INVALID: { retryable: false, status: 500 },
  KEY_REFUSED: { retryable: false, status: 500 },
  RPC_UNAVAILABLE: { retryable: true, status: 503 },
  RPC_REJECTED: { retryable: true, status: 502 },
  RPC_RATE_LIMITED: { retryable: true, status: 503 },
  RPC_DISAGREEMENT: { retryable: true, status: 503 },
  RPC_WRONG_CHAIN: { retryable: true, status: 503 },
  RPC_INCONSISTENT: { retryable: true, status: 503 },
  BLOCK_UNKNOWN: { retryable: true, status: 404 },
  BLOCK_NOT_FINAL: { retryable: true, status: 425 },
  BLOCK_CONFLICT: { retryable: false, status: 409 },
  CHAIN_NOT_SERVED: { retryable: false, status: 404 },
  NO_QUORUM: { retryable: true, status: 503 },
  PROOF_REJECTED: { retryable: true, status: 502 },
  EQUIVOCATION: { retryable: true, status: 502 },
  LANE_STOPPED: { retryable: true, status: 503 },
  DELIVERY_REVERTED: { retryable: true, status: 502 },
  DELIVERY_TIMEOUT: { retryable: true, status: 504 },
  SOURCE_REORGANISED: { retryable: false, status: 500 },
} as const satisfies Record<string, { retryable: boolean; status: number }>;

export type ErrorCode = keyof typeof table;

export interface ErrorOptions {
  /** What the operator needs to see: heights, hashes, field names. */
  fields?: Record<string, unknown>;
  cause?: unknown;
}

export class HuangpuError extends Error {
  readonly code: ErrorCode;
  readonly fields: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "HuangpuError";
    this.code = code;
    this.fields = options.fields ?? {};
  }

  get retryable(): boolean {
    return table[this.code].retryable;
  }

  get status(): number {
    return table[this.code].status;
  }
}

/** Any caught value as one of ours; what is unknown came over the wire and may pass. */
export function asHuangpuError(caught: unknown): HuangpuError {
  if (caught instanceof HuangpuError) return caught;
  const message = caught instanceof Error ? caught.message : String(caught);
  return new HuangpuError("RPC_UNAVAILABLE", message, { cause: caught });
}
