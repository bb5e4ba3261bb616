import { randomUUID } from "node:crypto";
import { HuangpuError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/strict-json.ts";
import { FieldReader } from "./field-reader.ts";
import { SIGNATURE_TYPE, VERSION, type WrappedOpenAttestation } from "./format.ts";
import { buildProofTree } from "./proof-tree.ts";
import { saltValue } from "./salted-value.ts";
import { targetHash } from "./target-hash.ts";

/**
 * Wraps documents into one batch; one alone is a batch of one.
 * @param salt a new version 4 UUID at each call, never twice the same.
 * @throws HuangpuError OPEN_ATTESTATION_REFUSED when the format cannot hold a document, with why and where.
 */
export function wrapOpenAttestation(
  documents: readonly JsonObject[],
  salt: () => string = randomUUID,
): WrappedOpenAttestation[] {
  const wrapped = documents.map((document) => {
    const data = saltObject(document, salt);
    return { data, hash: hashData(data) };
  });
  const tree = buildProofTree(wrapped.map(({ hash }) => hash));
  return wrapped.map(({ data, hash }) => ({
    version: VERSION,
    data,
    signature: { type: SIGNATURE_TYPE, targetHash: hash, proof: tree.proofOf(hash), merkleRoot: tree.root },
  }));
}

function hashData(data: JsonObject): string {
  const fields = new FieldReader();
  fields.readDocument(data);
  const [fault] = fields.faults;
  if (fault !== undefined)
    throw new HuangpuError("OPEN_ATTESTATION_REFUSED", fault.message, { fields: { fault: fault.code } });
  return targetHash(fields.hashes);
}

function saltObject(object: JsonObject, salt: () => string): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, saltJson(value, salt)]));
}

function saltJson(value: Json, salt: () => string): Json {
  if (Array.isArray(value)) return value.map((item) => saltJson(item, salt));
  if (typeof value === "object" && value !== null) return saltObject(value, salt);
  return saltValue(value, salt());
}
