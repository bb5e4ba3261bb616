import type { JsonObject } from "../core/strict-json.ts";

/** Version 2 of OpenAttestation, the form of almost all documents that its tools have issued. */
export const VERSION = "https://schema.openattestation.com/2.0/schema.json";
export const SIGNATURE_TYPE = "SHA3MerkleProof";

export const MAX_DEPTH = 64;
export const MAX_FIELDS = 65_536;
/** UTF-16 units of all fields, each with its path, since each is hashed with all of its path. */
export const MAX_TEXT_LENGTH = 2 ** 24;
/** A proof from a batch of 2^32. */
export const MAX_PROOF = 32;

/** What is wrong with a document, or what a reader should know about it. */
export interface Finding {
  /** In upper case, such as `CONTENT_CHANGED`. */
  code: string;
  /** A sentence for people. */
  message: string;
}

/** All hashes are 64 hexadecimal digits in lower case, without 0x. */
export interface WrappedOpenAttestation {
  version: typeof VERSION;
  /** Each scalar is a text `<uuid>:<type>:<value>`. */
  data: JsonObject;
  signature: {
    type: typeof SIGNATURE_TYPE;
    /** Of this document. */
    targetHash: string;
    /** Siblings from the document up to the root, without their sides. */
    proof: string[];
    /** Of the batch; of a single document its targetHash. This is what is issued on a chain. */
    merkleRoot: string;
  };
  privacy?: {
    /** Hashes of the fields that are hidden. */
    obfuscatedData: string[];
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a parsed document means to be one of OpenAttestation version 2, right or wrong. */
export function isOpenAttestation(document: unknown): boolean {
  if (!isObject(document) || !isObject(document["signature"])) return false;
  return "targetHash" in document["signature"] && "merkleRoot" in document["signature"] && "data" in document;
}
