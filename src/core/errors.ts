/**
 * Every way in which the node can fail, in one place: whether trying again can help, the HTTP status where a request was
 * the cause, and whether one sender's messages are affected alone. Whoever catches an error asks this table and nothing
 * else.
 */
const table = {
  CONFIG_INVALID: { retryable: false, status: 500 },
  KEY_REFUSED: { retryable: false, status: 500 },
  RPC_UNAVAILABLE: { retryable: true, status: 503 },
  RPC_RATE_LIMITED: { retryable: true, status: 503 },
  RPC_REJECTED: { retryable: true, status: 502, oneSender: true },
  RPC_DISAGREEMENT: { retryable: true, status: 503 },
  RPC_WRONG_CHAIN: { retryable: true, status: 503 },
  RPC_INCONSISTENT: { retryable: true, status: 503, oneSender: true },
  BLOCK_UNKNOWN: { retryable: true, status: 404 },
  BLOCK_NOT_FINAL: { retryable: true, status: 425 },
  BLOCK_CONFLICT: { retryable: false, status: 409 },
  CHAIN_NOT_SERVED: { retryable: false, status: 404 },
  NO_QUORUM: { retryable: true, status: 503 },
  VALIDATORS_NOT_FOLLOWED: { retryable: true, status: 502 },
  PROOF_REJECTED: { retryable: true, status: 502, oneSender: true },
  EQUIVOCATION: { retryable: true, status: 502 },
  GAS_LIMIT_TOO_LOW: { retryable: true, status: 503 },
  LANE_STOPPED: { retryable: true, status: 503 },
  DELIVERY_REVERTED: { retryable: true, status: 502, oneSender: true },
  DELIVERY_TIMEOUT: { retryable: true, status: 504 },
  SOURCE_REORGANISED: { retryable: false, status: 500 },
  ISO_MALFORMED: { retryable: false, status: 400 },
  ISO_TOO_LARGE: { retryable: false, status: 413 },
  ISO_UNSUPPORTED: { retryable: false, status: 422 },
  ISO_SCHEMA: { retryable: false, status: 422 },
  ISO_VALUE: { retryable: false, status: 422 },
  ISO_INCONSISTENT: { retryable: false, status: 422 },
  LEDGER_UNAVAILABLE: { retryable: true, status: 503 },
  LEDGER_REFUSED: { retryable: false, status: 502 },
  CLEARING_REVERTED: { retryable: true, status: 502 },
  OPEN_ATTESTATION_REFUSED: { retryable: false, status: 422 },
  JSON_SYNTAX: { retryable: false, status: 400 },
  JSON_TRAILING_DATA: { retryable: false, status: 400 },
  JSON_BYTE_ORDER_MARK: { retryable: false, status: 400 },
  JSON_TOO_LARGE: { retryable: false, status: 413 },
  JSON_TOO_DEEP: { retryable: false, status: 422 },
  JSON_DUPLICATE_NAME: { retryable: false, status: 422 },
  JSON_FORBIDDEN_NAME: { retryable: false, status: 422 },
  JSON_LONE_SURROGATE: { retryable: false, status: 422 },
  JSON_NUMBER: { retryable: false, status: 422 },
  JSON_VALUE: { retryable: false, status: 422 },
  PATH_INVALID: { retryable: false, status: 422 },
  PATH_UNKNOWN: { retryable: false, status: 422 },
  DOCUMENT_FORM: { retryable: false, status: 422 },
  DOCUMENT_FORMAT_UNKNOWN: { retryable: false, status: 422 },
  DOCUMENT_KIND: { retryable: false, status: 422 },
  DOCUMENT_TOO_LARGE: { retryable: false, status: 413 },
  DOCUMENT_SALTS: { retryable: false, status: 422 },
  DOCUMENT_SALT_REPEATED: { retryable: false, status: 422 },
  DOCUMENT_HASH_MISMATCH: { retryable: false, status: 422 },
  BATCH_SIZE: { retryable: false, status: 422 },
  BATCH_PROOF_FORM: { retryable: false, status: 422 },
  BATCH_PROOF_MISMATCH: { retryable: false, status: 422 },
  CLAIM_FIELD: { retryable: false, status: 422 },
  CLAIM_KEY: { retryable: false, status: 500 },
  PRESENTATION_EMPTY: { retryable: false, status: 422 },
  PRESENTATION_ORDER: { retryable: false, status: 422 },
  PRESENTATION_PATHS: { retryable: false, status: 422 },
  PRESENTATION_HIDDEN: { retryable: false, status: 422 },
  READING_INVALID: { retryable: false, status: 422 },
  BATCH_REFUSED: { retryable: false, status: 409 },
  DOCUMENT_FAULTY: { retryable: false, status: 422 },
  DOCUMENT_NOT_OWN: { retryable: false, status: 422 },
  DOCUMENT_IN_BATCH: { retryable: false, status: 409 },
  DOCUMENT_NOT_WRAPPED: { retryable: false, status: 422 },
  FILE_UNREADABLE: { retryable: false, status: 400 },
  FILE_TOO_LARGE: { retryable: false, status: 413 },
  FILE_EXISTS: { retryable: false, status: 409 },
  FILE_UNWRITABLE: { retryable: false, status: 500 },
  FOLDER_FAULTY: { retryable: false, status: 422 },
  REGISTRY_NOT_ACCREDITED: { retryable: false, status: 403 },
  REGISTRY_NOT_PARTICIPANT: { retryable: false, status: 403 },
  REGISTRY_NOT_ISSUER: { retryable: false, status: 403 },
  REGISTRY_ALREADY_ANCHORED: { retryable: false, status: 409 },
  REGISTRY_DOCUMENT_EXISTS: { retryable: false, status: 409 },
  REGISTRY_NOT_ACTIVE: { retryable: false, status: 409 },
  REGISTRY_REFUSED: { retryable: false, status: 422 },
  REGISTRY_UNCONFIRMED: { retryable: true, status: 504 },
} as const satisfies Record<string, ErrorTraits>;

interface ErrorTraits {
  retryable: boolean;
  status: number;
  oneSender?: true;
}

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

  /** Whether the messages of other senders can be carried all the same. */
  get oneSender(): boolean {
    const traits: ErrorTraits = table[this.code];
    return traits.oneSender === true;
  }
}

/** Any caught value as one of ours; what is unknown came over the wire and may pass. */
export function asHuangpuError(caught: unknown): HuangpuError {
  if (caught instanceof HuangpuError) return caught;
  const message = caught instanceof Error ? caught.message : String(caught);
  return new HuangpuError("RPC_UNAVAILABLE", message, { cause: caught });
}

/**
 * Why a node did not take a transaction, from the words that nodes have for it. "known": it has that one. "spent": the nonce
 * is mined. "outbid": it has another one with the nonce. "refused": it will not take it as it is.
 */
export type Refusal = "known" | "spent" | "outbid" | "refused";

const REFUSALS: readonly (readonly [Refusal, RegExp])[] = [
  ["known", /already known|known transaction|already imported|already exists/i],
  ["spent", /nonce (is )?too low|nonce_too_low|old nonce/i],
  ["outbid", /underpriced|replacement/i],
];

/** What a node's refusal of a transaction means; "refused" for words that are not known here. */
export function classifyRefusal(reason: string): Refusal {
  return REFUSALS.find(([, words]) => words.test(reason))?.[0] ?? "refused";
}
