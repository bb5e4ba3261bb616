import { asHuangpuError } from "../core/errors.ts";
import type { DocumentChain, DocumentIssuer, RegisteredDocument } from "./document-chain.ts";
import { type Fragment, type FragmentName, fragment } from "./fragment.ts";
import type { Registrable } from "./open-document.ts";
import type { KindRules } from "./policy.ts";

/** What the chain said, if it said anything, and what follows. */
export interface Asked<T> {
  readonly answer?: T;
  readonly fragment: Fragment;
}

/** Whether a document is registered and stands. */
export async function askStatus(document: Registrable, chain: DocumentChain): Promise<Asked<RegisteredDocument>> {
  try {
    const answer = await registrationOf(document, chain);
    if (answer !== undefined) return { answer, fragment: describeState(answer) };
    const message = "Nobody has registered the document, or the batch that it names.";
    return { fragment: fragment("status", "INVALID", "NOT_REGISTERED", message) };
  } catch (error) {
    return { fragment: unreachable("status", error) };
  }
}

/** Whether whoever registered a document is whom it names as its issuer, and may issue it at present. */
export async function askIssuer(
  document: Registrable,
  { issuer: account, documentType }: RegisteredDocument,
  chain: DocumentChain,
  kinds: KindRules | undefined,
): Promise<Asked<DocumentIssuer>> {
  try {
    const answer = await chain.issuerOf(account, documentType);
    if (answer !== undefined) return { answer, fragment: compareIssuer(document, answer, kinds) };
    const message = `No legal entity stands behind the account ${account}, which registered the document.`;
    return { fragment: fragment("issuer", "INVALID", "ISSUER_UNKNOWN", message) };
  } catch (error) {
    return { fragment: unreachable("issuer", error) };
  }
}

/** Of a document in a batch that its issuer has registered by itself, too: what is worse. */
async function registrationOf({ hash, batch }: Registrable, chain: DocumentChain) {
  const alone = await chain.statusOf(hash);
  if (batch === undefined) return alone;
  const inBatch = await chain.batchStatusOf(hash, batch);
  const isWithdrawn = alone?.issuer === inBatch?.issuer && alone?.state !== "active";
  return inBatch?.state === "active" && isWithdrawn ? alone : inBatch;
}

function describeState({ state, replacement }: RegisteredDocument): Fragment {
  switch (state) {
    case "active":
      return fragment("status", "VALID", "ACTIVE", "The document is registered and stands.");
    case "superseded":
      return fragment("status", "INVALID", "SUPERSEDED", `The document was superseded by ${replacement ?? "another"}.`);
    case "revoked":
      return fragment("status", "INVALID", "REVOKED", "The issuer has revoked the document.");
  }
}

function compareIssuer(document: Registrable, issuer: DocumentIssuer, kinds: KindRules | undefined): Fragment {
  const { lei, active, accredited } = issuer;
  const invalid = (code: string, message: string) => fragment("issuer", "INVALID", code, message);
  if (!active) return invalid("ISSUER_INACTIVE", `The entity ${lei}, which registered the document, is suspended.`);
  if (!accredited) {
    return invalid("ISSUER_NOT_ACCREDITED", `The entity ${lei} may not issue documents of this type any more.`);
  }
  const rule = kinds?.(document.kind);
  if (rule === undefined) {
    const message = `Nobody can say whom a document of the kind ${document.kind} names as its issuer.`;
    return fragment("issuer", "ERROR", "ISSUER_NOT_COMPARED", message);
  }
  const named = rule.issuerLei(document.fields);
  if (named === undefined) return invalid("ISSUER_NOT_SHOWN", "The document does not show who issued it.");
  if (named !== lei) return invalid("ISSUER_MISMATCH", `The document names ${named}, and ${lei} registered it.`);
  return fragment("issuer", "VALID", "ISSUER_CONFIRMED", `The entity ${lei} registered the document.`);
}

function unreachable(name: FragmentName, error: unknown): Fragment {
  return fragment(name, "ERROR", "CHAIN_UNREACHABLE", `The chain gave no answer: ${asHuangpuError(error).message}`);
}
