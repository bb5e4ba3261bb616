import { HuangpuError } from "../core/errors.ts";
import { fieldsOf } from "../core/field-tree.ts";
import type { Hex } from "../core/hex.ts";
import { kindRules } from "./kind-rules.ts";
import { documentKinds, type KindName } from "./kinds.ts";
import type { RegisteredDocuments } from "./registered-documents.ts";
import type { Registrar } from "./registrar.ts";
import { requireKind } from "./require-sound.ts";
import type { WrappedDocument } from "./wrapped-document.ts";

const NO_TRADE: Hex = `0x${"00".repeat(32)}`;

/** What the registry says, and who changes it. */
export interface Registry {
  registrar: Registrar;
  registered: RegisteredDocuments;
}

/** Registers one document under its own hash, for a trade or for none. @throws HuangpuError REGISTRY_…, DOCUMENT_NOT_OWN */
export async function anchorDocument(
  document: WrappedDocument,
  registry: Registry,
  tradeId: Hex = NO_TRADE,
): Promise<Hex> {
  const type = await requireOwn(document, registry);
  return (await registry.registrar.call("anchor", [document.hash, type, tradeId])).transactionHash;
}

/** Registers a document in the place of another one of its kind. @throws HuangpuError REGISTRY_…, DOCUMENT_NOT_OWN */
export async function supersedeDocument(former: Hex, replacement: WrappedDocument, registry: Registry): Promise<Hex> {
  await requireOwn(replacement, registry);
  return (await registry.registrar.call("supersede", [former, replacement.hash])).transactionHash;
}

/** @returns The document's type. */
async function requireOwn(document: WrappedDocument, { registrar, registered }: Registry): Promise<number> {
  const { type } = documentKinds[requireKind(document.kind)];
  requireNamed(document, await requireIssuer(registrar.account, type, registered));
  return type;
}

/** The entity for which an account issues documents of a type. @throws HuangpuError REGISTRY_NOT_PARTICIPANT, REGISTRY_NOT_ACCREDITED */
export async function requireIssuer(account: Hex, type: number, registered: RegisteredDocuments): Promise<string> {
  const issuer = await registered.issuerOf(account, type);
  if (issuer === undefined || !issuer.active) {
    const fault = `The account ${account} belongs to no entity, or to one that is suspended`;
    throw new HuangpuError("REGISTRY_NOT_PARTICIPANT", fault);
  }
  if (issuer.accredited) return issuer.lei;
  const fault = `The account ${account} is not accredited for documents of type ${type}`;
  throw new HuangpuError("REGISTRY_NOT_ACCREDITED", fault);
}

/** That a document names an entity as its issuer: otherwise nobody could verify it. @throws HuangpuError DOCUMENT_NOT_OWN */
export function requireNamed({ kind, data }: Pick<WrappedDocument, "kind" | "data">, lei: string): void {
  const named = kindRules(kind)?.issuerLei(fieldsOf(data));
  if (named === lei) return;
  const whom = named === undefined ? "nobody by a Legal Entity Identifier" : named;
  const path = issuerPath(requireKind(kind));
  throw new HuangpuError(
    "DOCUMENT_NOT_OWN",
    `The document names ${whom} as its issuer (${path}), and the account is of ${lei}`,
  );
}

function issuerPath(kind: KindName): string {
  return documentKinds[kind].issuer.join(".");
}
