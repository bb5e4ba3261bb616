import { readFileSync } from "node:fs";
import { expect } from "chai";
import { asHuangpuError, type ErrorCode, HuangpuError } from "../../../src/core/errors.ts";

/** What an operator may rely on. A changed row is a decision, not a side effect. */
const EXPECTED: Record<ErrorCode, { retryable: boolean; status: number }> = {
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
  VALIDATORS_NOT_FOLLOWED: { retryable: true, status: 502 },
  PROOF_REJECTED: { retryable: true, status: 502 },
  EQUIVOCATION: { retryable: true, status: 502 },
  GAS_LIMIT_TOO_LOW: { retryable: true, status: 503 },
  LANE_STOPPED: { retryable: true, status: 503 },
  DELIVERY_REVERTED: { retryable: true, status: 502 },
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
};

describe("errors", () => {
  for (const [code, { retryable, status }] of Object.entries(EXPECTED)) {
    it(`has ${code} as ${retryable ? "retryable" : "final"} with status ${status}`, () => {
      const error = new HuangpuError(code as ErrorCode, "reason");
      expect(error).to.include({ name: "HuangpuError", code, retryable, status, message: "reason" });
      expect(error.fields).to.deep.equal({});
      expect(error).not.to.have.property("cause");
    });
  }

  it("expects every code of the table", () => {
    const source = readFileSync(new URL("../../../src/core/errors.ts", import.meta.url), "utf8");
    const codes = [...source.matchAll(/^ {2}([A-Z_]+): \{ retryable/gm)].map(([, code]) => code);
    expect(codes).to.have.members(Object.keys(EXPECTED));
  });

  it("keeps fields and cause", () => {
    const cause = new Error("inner");
    const error = new HuangpuError("NO_QUORUM", "outer", { fields: { number: 7 }, cause });
    expect(error.fields).to.deep.equal({ number: 7 });
    expect(error.cause).to.equal(cause);
  });

  describe("asHuangpuError", () => {
    it("returns one of ours as it is", () => {
      const error = new HuangpuError("LANE_STOPPED", "paused");
      expect(asHuangpuError(error)).to.equal(error);
    });

    it("takes any other value for a passing fault and keeps it as the cause", () => {
      for (const caught of [new TypeError("fetch failed"), "a text", undefined, null, 3]) {
        const error = asHuangpuError(caught);
        expect(error.code).to.equal("RPC_UNAVAILABLE");
        expect(error.cause).to.equal(caught);
      }
    });

    it("takes over the message of an error", () => {
      expect(asHuangpuError(new TypeError("fetch failed")).message).to.equal("fetch failed");
      expect(asHuangpuError(42).message).to.equal("42");
    });
  });
});
