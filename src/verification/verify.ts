import { type Asked, askIssuer, askStatus } from "./ask-chain.ts";
import type { DocumentChain, DocumentIssuer, RegisteredDocument } from "./document-chain.ts";
import { type FragmentName, fragment, type Verification } from "./fragment.ts";
import { type Fault, openDocument, type Registrable } from "./open-document.ts";
import { judge, type KindRules, type Policy } from "./policy.ts";

export interface VerifyOptions {
  /** Without it, status and issuer are not asked. */
  readonly chain?: DocumentChain;
  /** With a chain, give these too: without them nobody can say whom a document names as its issuer. */
  readonly kinds?: KindRules;
  readonly policy?: Policy;
  /** Unix time in seconds. */
  readonly now?: () => number;
}

/**
 * Verifies a wrapped document, a presentation or an OpenAttestation document of version 2. What is wrong with the document or the
 * chain is in the fragments and never thrown.
 * @param document Its text, or what a parser made of it. Prefer the text: an object does not say what was written twice.
 */
export async function verify(document: unknown, options: VerifyOptions = {}): Promise<Verification> {
  const opened = openDocument(document);
  if ("code" in opened) return notIntact(opened);
  const { registrable, warnings } = opened;
  const { chain, kinds, policy, now = () => Math.floor(Date.now() / 1000) } = options;

  const status = await statusOf(registrable, chain);
  const issuer = await issuerOf(registrable, status, chain, kinds);
  const facts = { registered: status.answer, issuer: issuer.answer };
  const fragments = [
    fragment("integrity", "VALID", "INTACT", "The document is what its hash commits to."),
    status.fragment,
    issuer.fragment,
    judge(registrable, facts, { kinds, policy, now: now() }),
  ];
  const valid = fragments.every(({ result }) => result === "VALID" || result === "SKIPPED");
  return { valid, fragments, warnings };
}

async function statusOf(document: Registrable | undefined, chain?: DocumentChain): Promise<Asked<RegisteredDocument>> {
  if (chain === undefined) return skipped("status", "NO_CHAIN", "No chain was asked.");
  if (document !== undefined) return askStatus(document, chain);
  const message = "Documents of this format are registered elsewhere, so that the chain cannot say whether it stands.";
  return { fragment: fragment("status", "ERROR", "REGISTERED_ELSEWHERE", message) };
}

async function issuerOf(
  document: Registrable | undefined,
  status: Asked<RegisteredDocument>,
  chain?: DocumentChain,
  kinds?: KindRules,
): Promise<Asked<DocumentIssuer>> {
  if (chain === undefined) return skipped("issuer", "NO_CHAIN", "No chain was asked.");
  if (document !== undefined && status.answer !== undefined) return askIssuer(document, status.answer, chain, kinds);
  return skipped("issuer", "NO_REGISTRATION", "There is no registration to look at.");
}

function notIntact({ code, message }: Fault): Verification {
  const names: FragmentName[] = ["status", "issuer", "policy"];
  const others = names.map((name) => fragment(name, "SKIPPED", "NOT_INTACT", "The document is not intact."));
  return { valid: false, fragments: [fragment("integrity", "INVALID", code, message), ...others], warnings: [] };
}

function skipped(name: FragmentName, code: string, message: string): Asked<never> {
  return { fragment: fragment(name, "SKIPPED", code, message) };
}
