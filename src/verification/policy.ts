import type { JsonObject } from "../core/strict-json.ts";
import type { DocumentIssuer, RegisteredDocument } from "./document-chain.ts";
import { type Fragment, fragment } from "./fragment.ts";
import type { ProvenField, Registrable } from "./open-document.ts";

/** What is known of a kind of documents. */
export interface KindRule {
  /** UNTDID 1001. */
  readonly type: number;
  /** What is wrong with the data of a document, with JSON paths; empty when nothing is. */
  faultsOf(data: JsonObject): readonly { readonly path: string; readonly message: string }[];
  /** LEI of whom the document names as its issuer, from the fields that are shown; undefined when it is not among them. */
  issuerLei(fields: readonly ProvenField[]): string | undefined;
}

/** By the name of a kind; undefined when it is not known. */
export type KindRules = (kind: string) => KindRule | undefined;

/** What the verifier takes. What is left out is not asked. */
export interface Policy {
  readonly kinds?: readonly string[];
  /** Legal Entity Identifiers. */
  readonly issuers?: readonly string[];
  /** Since the registration. */
  readonly maxAgeSeconds?: number;
}

/** What the chain said, as far as it was asked and answered. */
export interface ChainFacts {
  readonly registered: RegisteredDocument | undefined;
  readonly issuer: DocumentIssuer | undefined;
}

export interface PolicyOptions {
  readonly kinds: KindRules | undefined;
  readonly policy: Policy | undefined;
  /** Unix time in seconds. */
  readonly now: number;
}

/** Whether a document is of a known kind, sound by its schema, registered as such, and what the verifier takes. */
export function judge(document: Registrable | undefined, facts: ChainFacts, options: PolicyOptions): Fragment {
  const { kinds, policy = {} } = options;
  const isRuled = Object.values(policy).some((rule) => rule !== undefined);
  if (!isRuled && (kinds === undefined || document === undefined)) {
    return fragment("policy", "SKIPPED", "NO_POLICY", "No kinds and no rules were given that apply to the document.");
  }
  const finding = kindFinding(document, facts, kinds) ?? ruleFinding(document, facts, options);
  if (finding !== undefined) return finding;
  if (!isRuled && document?.data === undefined) {
    return fragment(
      "policy",
      "SKIPPED",
      "SCHEMA_NOT_ASKED",
      "Fields are hidden, so no schema can be asked about the document.",
    );
  }
  return fragment("policy", "VALID", "ACCEPTED", "The document is what the given rules want.");
}

function kindFinding(document: Registrable | undefined, { registered }: ChainFacts, kinds: KindRules | undefined) {
  if (kinds === undefined || document === undefined) return undefined;
  const { kind, data } = document;
  const rule = kinds(kind);
  if (rule === undefined) return refused("KIND_UNKNOWN", `No kind of documents is known as ${kind}.`);
  if (registered !== undefined && registered.documentType !== rule.type) {
    return refused(
      "KIND_NOT_AS_REGISTERED",
      `The document says that it is of type ${rule.type}, and is registered as ${registered.documentType}.`,
    );
  }
  const [fault, ...others] = data === undefined ? [] : rule.faultsOf(data);
  if (fault === undefined) return undefined;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return refused("SCHEMA_FAULT", `The document is no sound ${kind}: ${fault.path} ${fault.message}${more}.`);
}

function ruleFinding(document: Registrable | undefined, facts: ChainFacts, { policy = {}, now }: PolicyOptions) {
  const { kinds, issuers, maxAgeSeconds } = policy;
  if (kinds !== undefined && (document === undefined || !kinds.includes(document.kind))) {
    return refused("KIND_NOT_ACCEPTED", "The document is of no kind that is accepted.");
  }
  if (issuers !== undefined) {
    if (facts.issuer === undefined) return unanswered("issuers");
    if (!issuers.includes(facts.issuer.lei)) {
      return refused("ISSUER_NOT_ACCEPTED", `The issuer ${facts.issuer.lei} is none that is accepted.`);
    }
  }
  if (maxAgeSeconds !== undefined) {
    if (facts.registered === undefined) return unanswered("maxAgeSeconds");
    const age = now - facts.registered.anchoredAt;
    if (age > maxAgeSeconds) {
      return refused(
        "TOO_OLD",
        `The document was registered ${age} seconds ago, at most ${maxAgeSeconds} are accepted.`,
      );
    }
  }
  return undefined;
}

function refused(code: string, message: string): Fragment {
  return fragment("policy", "INVALID", code, message);
}

function unanswered(rule: keyof Policy): Fragment {
  const message = `Without an answer of the chain nobody can say whether the rule "${rule}" holds.`;
  return fragment("policy", "ERROR", "POLICY_NEEDS_CHAIN", message);
}
