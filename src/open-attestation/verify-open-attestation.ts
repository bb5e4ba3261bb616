import type { Hex } from "../core/hex.ts";
import type { JsonObject } from "../core/strict-json.ts";
import { FieldReader } from "./field-reader.ts";
import { type Finding, isObject, MAX_FIELDS, MAX_PROOF } from "./format.ts";
import { climb } from "./proof-tree.ts";
import { targetHash } from "./target-hash.ts";
import { unboundParts } from "./unbound-parts.ts";

export interface OpenAttestationVerdict {
  valid: boolean;
  /** Why it is valid, or the first reason why not. */
  finding: Finding;
  /** What the document's hash does not bind, and what is hidden, in a document that is valid. */
  warnings: Finding[];
  /** Only of a valid document. */
  content?: OpenAttestationContent;
}

export interface OpenAttestationContent {
  /** Without salts. */
  data: JsonObject;
  targetHash: Hex;
  merkleRoot: Hex;
  hiddenFields: number;
}

interface Signature {
  targetHash: string;
  merkleRoot: string;
  proof: string[];
  hidden: string[];
}

const HASH = /^[0-9a-f]{64}$/;

/**
 * Whether a parsed document of OpenAttestation version 2 has the content that its root was made for. It does not look at
 * any chain: whether the root was issued, by whom, and whether it is revoked, is another matter.
 */
export function verifyOpenAttestation(document: unknown): OpenAttestationVerdict {
  if (!isObject(document) || !isObject(document["data"]))
    return invalid(finding("DATA_MISSING", "The document has no data"));
  const signature = readSignature(document);
  if ("code" in signature) return invalid(signature);

  const fields = new FieldReader();
  const data = fields.readDocument(document["data"]);
  const fault = fields.faults[0] ?? findChange(signature, fields.hashes);
  if (fault !== undefined) return invalid(fault);
  return {
    valid: true,
    finding: sentence({ code: "CONTENT_UNCHANGED", message: "The content is what the root was made for" }),
    warnings: [...aboutHidden(signature.hidden), ...unboundParts(document, data), ...fields.warnings].map(sentence),
    content: {
      data,
      targetHash: `0x${signature.targetHash}`,
      merkleRoot: `0x${signature.merkleRoot}`,
      hiddenFields: signature.hidden.length,
    },
  };
}

function readSignature(document: Readonly<Record<string, unknown>>): Signature | Finding {
  const { signature, privacy = {} } = document;
  if (!isObject(signature)) return finding("SIGNATURE_MISSING", "The document has no signature");
  const proof = signature["proof"] ?? [];
  const { obfuscatedData: hidden = [] } = isObject(privacy) ? privacy : { obfuscatedData: privacy };
  const { targetHash: target, merkleRoot } = signature;
  if (!Array.isArray(proof) || !Array.isArray(hidden))
    return finding("HASH_MALFORMED", "The proof and the hidden fields are not lists");
  if (proof.length > MAX_PROOF) return finding("PROOF_TOO_LONG", `The proof has more than ${MAX_PROOF} hashes`);
  if (hidden.length > MAX_FIELDS) return finding("TOO_MANY_FIELDS", `More than ${MAX_FIELDS} fields are hidden`);
  const hashes: unknown[] = [target, merkleRoot, ...proof, ...hidden];
  if (!hashes.every(isHash)) return describeWrongHash(hashes.find((hash) => !isHash(hash)));
  const [ofDocument = "", ofBatch = ""] = hashes;
  const [ofProof, ofHidden] = [hashes.slice(2, 2 + proof.length), hashes.slice(2 + proof.length)];
  return { targetHash: ofDocument, merkleRoot: ofBatch, proof: ofProof, hidden: ofHidden };
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && HASH.test(value);
}

function describeWrongHash(value: unknown): Finding {
  if (typeof value === "string" && HASH.test(value.toLowerCase()))
    return finding("HASH_UPPER_CASE", `The hash ${value} has capital letters, so that others can read it differently`);
  return finding("HASH_MALFORMED", "A hash in the document is not 64 hexadecimal digits");
}

function findChange(
  { targetHash: stated, merkleRoot, proof, hidden }: Signature,
  shown: string[],
): Finding | undefined {
  const fields = [...shown, ...hidden];
  if (new Set(fields).size < fields.length)
    return finding("FIELD_TWICE", "A field is there twice, shown or hidden under the same hash");
  const computed = targetHash(fields);
  const root = climb(computed, proof);
  if (computed === stated) {
    return root === merkleRoot
      ? undefined
      : finding("OTHER_BATCH", "The proof does not lead to the root: one of both is another batch's, or was changed");
  }
  return root === merkleRoot
    ? finding("HASH_CHANGED", "The document belongs to the root, but the hash that it states is not its own")
    : finding(
        "CONTENT_CHANGED",
        "The content is not what the hash was made for: a field was changed, added or removed",
      );
}

function finding(code: string, message: string): Finding {
  return { code, message };
}

function aboutHidden(hidden: readonly string[]): Finding[] {
  return hidden.length === 0 ? [] : [finding("FIELDS_HIDDEN", `${hidden.length} of the document's fields are hidden`)];
}

function invalid(fault: Finding): OpenAttestationVerdict {
  return { valid: false, finding: sentence(fault), warnings: [] };
}

function sentence({ code, message }: Finding): Finding {
  return { code, message: `${message}.` };
}
