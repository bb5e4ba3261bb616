import { type ErrorCode, HuangpuError } from "../core/errors.ts";
import { documentRegistryAbi, participantsAbi } from "./registered-documents.ts";

type Explain = (args: readonly unknown[]) => string;

/** What the contract's errors mean to somebody at a terminal, by their names. */
const REFUSALS: Readonly<Record<string, readonly [ErrorCode, Explain]>> = {
  DocumentRegistry_NotAccredited: [
    "REGISTRY_NOT_ACCREDITED",
    ([account, type]) => `The account ${account} is not accredited for documents of type ${type}`,
  ],
  Participants_NotActive: [
    "REGISTRY_NOT_PARTICIPANT",
    ([account]) => `The account ${account} belongs to no entity, or to one that is suspended`,
  ],
  DocumentRegistry_AlreadyAnchored: [
    "REGISTRY_ALREADY_ANCHORED",
    ([hash]) => `The document ${hash} is registered already`,
  ],
  DocumentBatches_AlreadyAnchored: [
    "REGISTRY_ALREADY_ANCHORED",
    ([root]) => `The batch ${root} is registered already, by somebody else or revoked`,
  ],
  DocumentRegistry_ActiveDocumentExists: [
    "REGISTRY_DOCUMENT_EXISTS",
    ([hash]) => `The trade has an active document of this type, ${hash}: supersede or revoke it first`,
  ],
  DocumentRegistry_NotIssuer: [
    "REGISTRY_NOT_ISSUER",
    ([hash, account]) => `The account ${account} did not register the document ${hash}`,
  ],
  DocumentBatches_NotIssuer: [
    "REGISTRY_NOT_ISSUER",
    ([root, account]) => `The account ${account} did not register the batch ${root}`,
  ],
  DocumentRegistry_NotActive: [
    "REGISTRY_NOT_ACTIVE",
    ([hash, status]) =>
      `The document ${hash} ${["is not registered", "", "is superseded", "is revoked"][Number(status)]}`,
  ],
  DocumentBatches_NotActive: [
    "REGISTRY_NOT_ACTIVE",
    ([root, status]) => `The batch ${root} ${Number(status) === 0 ? "is not registered" : "is revoked"}`,
  ],
  DocumentBatches_AlreadyRevoked: [
    "REGISTRY_NOT_ACTIVE",
    ([root, hash]) => `The document ${hash} is revoked in the batch ${root} already`,
  ],
};

/** A node's refusal, as what the registry said; the error itself where it was not the registry that refused. */
export function registryRefusal(error: HuangpuError): HuangpuError {
  const { data } = error.fields;
  if (error.code !== "RPC_REJECTED" || typeof data !== "string") return error;
  const refusal = documentRegistryAbi.parseError(data) ?? participantsAbi.parseError(data);
  if (refusal === null) return error;
  const { name } = refusal;
  const args: readonly unknown[] = [...refusal.args];
  const known = REFUSALS[name];
  const fields = { refusal: name, args: args.map(String) };
  if (known !== undefined) return new HuangpuError(known[0], known[1](args), { fields, cause: error });
  return new HuangpuError("REGISTRY_REFUSED", `The registry refused: ${name}(${args.join(", ")})`, {
    fields,
    cause: error,
  });
}
