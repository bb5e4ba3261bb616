import type { JsonObject } from "../core/strict-json.ts";
import type { ProvenField } from "../verification/open-document.ts";
import type { KindRules } from "../verification/policy.ts";
import { documentKinds, isKindName } from "./kinds.ts";
import { validateDocument } from "./validate.ts";

/** What verification needs to know of the nine kinds. */
export const kindRules: KindRules = (kind) => {
  if (!isKindName(kind)) return undefined;
  const { type, issuer } = documentKinds[kind];
  return {
    type,
    faultsOf: (data: JsonObject) => validateDocument(kind, data),
    issuerLei: (fields) => leiOf(fields.flatMap((field) => within(field, issuer))),
  };
};

/** A field of a party, its path from there on. */
function within({ path, value }: ProvenField, party: readonly (string | number)[]): ProvenField[] {
  return party.every((step, depth) => path[depth] === step) ? [{ path: path.slice(party.length), value }] : [];
}

/** Of the party's own member, or of the identifying codes that DCSA has in its place. */
function leiOf(fields: readonly ProvenField[]): string | undefined {
  const texts = new Map(fields.map(({ path, value }) => [JSON.stringify(path), value]));
  const own = texts.get('["lei"]');
  if (typeof own === "string") return own;
  for (const { path, value } of fields) {
    if (path.length !== 3 || path[0] !== "identifyingCodes" || path[2] !== "partyCode") continue;
    const provider = texts.get(JSON.stringify(["identifyingCodes", path[1], "codeListProvider"]));
    const list = texts.get(JSON.stringify(["identifyingCodes", path[1], "codeListName"])) ?? "LEI";
    if (provider === "GLEIF" && list === "LEI" && typeof value === "string") return value;
  }
  return undefined;
}
