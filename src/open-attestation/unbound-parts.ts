import type { JsonObject } from "../core/strict-json.ts";
import { type Finding, isObject, SIGNATURE_TYPE, VERSION } from "./format.ts";

const MEMBERS = new Set(["version", "schema", "data", "signature", "privacy", "proof"]);
const SIGNATURE_MEMBERS = new Set(["type", "targetHash", "proof", "merkleRoot"]);
const STORES = ["documentStore", "tokenRegistry", "certificateStore"] as const;

/** What anybody could have changed without changing the hash of the document, and what nobody is shown of it. */
export function unboundParts(document: Readonly<Record<string, unknown>>, data: JsonObject): Finding[] {
  const { signature, privacy } = document;
  const outside = [
    ...strangers(document, MEMBERS, ""),
    ...strangers(isObject(signature) ? signature : {}, SIGNATURE_MEMBERS, "signature."),
    ...strangers(isObject(privacy) ? privacy : {}, new Set(["obfuscatedData"]), "privacy."),
  ];
  return [
    ...warnIf(
      document["version"] !== VERSION,
      "VERSION_UNBOUND",
      "The version is not the one of this format, and not bound",
    ),
    ...warnIf("schema" in document, "SCHEMA_UNBOUND", "The schema that the document names is not bound by its hash"),
    ...warnIf(
      !isObject(signature) || signature["type"] !== SIGNATURE_TYPE,
      "SIGNATURE_TYPE_UNBOUND",
      "The type of the signature is not the one of this format, and not bound",
    ),
    ...warnIf(
      "proof" in document,
      "SIGNATURE_NOT_CHECKED",
      "The document has signatures by keys, which are not checked",
    ),
    ...outside.map((path) => ({
      code: "MEMBER_UNBOUND",
      message: `The member "${path}" is not bound by the hash: anybody can have written it`,
    })),
    ...aboutIssuers(data),
  ];
}

function strangers(object: object, known: ReadonlySet<string>, prefix: string): string[] {
  return Object.keys(object).flatMap((name) => (known.has(name) ? [] : [prefix + name]));
}

function aboutIssuers(data: JsonObject): Finding[] {
  if (Object.keys(data).length === 0) return [{ code: "ALL_HIDDEN", message: "Every field of the document is hidden" }];
  const issuers = data["issuers"];
  if (!Array.isArray(issuers) || issuers.length === 0)
    return [{ code: "ISSUERS_HIDDEN", message: "The document does not show who issued it" }];
  return warnIf(
    !issuers.every(isIdentified),
    "ISSUER_PARTLY_HIDDEN",
    "An issuer does not show its name, the contract that it issues by, or the proof of its identity",
  );
}

/** As the schema of the format wants an issuer: the oldest kind of store proves no identity, keys need no store. */
function isIdentified(issuer: unknown): boolean {
  if (!isObject(issuer) || typeof issuer["name"] !== "string") return false;
  if (typeof issuer["certificateStore"] === "string") return true;
  const proof = issuer["identityProof"];
  if (!isObject(proof) || typeof proof["type"] !== "string") return false;
  return STORES.some((store) => typeof issuer[store] === "string") || typeof proof["key"] === "string";
}

function warnIf(applies: boolean, code: string, message: string): Finding[] {
  return applies ? [{ code, message }] : [];
}
