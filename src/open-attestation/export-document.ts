import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import type { JsonObject } from "../core/strict-json.ts";
import type { WrappedOpenAttestation } from "./format.ts";
import { wrapOpenAttestation } from "./wrap-open-attestation.ts";

/** Where readers of the format look whether a root was issued. Titles are in a token registry. */
export type StoreKind = "documentStore" | "tokenRegistry" | "certificateStore";

export interface OpenAttestationIssuer {
  name: string;
  /** Such as a web address or a DID. */
  id?: string;
  store: { kind: StoreKind; address: Hex };
  /** Whose DNS TXT record names the store's address. */
  domain: string;
}

export interface ExportOptions {
  issuer: OpenAttestationIssuer;
  network: { chain: string; chainId: number };
  /** Address of what draws the documents, each under the name of its kind. */
  template?: string;
}

/** One of our documents; its own hash goes along, so that the exported one can be found in the registry. */
export interface ExportableDocument {
  kind: string;
  data: JsonObject;
  hash: Hex;
}

/**
 * Our documents as one batch of OpenAttestation version 2: their members as they are, beside the format's own, salted anew.
 * @throws HuangpuError OPEN_ATTESTATION_REFUSED when a member has one of the format's names, or the format cannot hold it.
 */
export function exportDocuments(
  documents: readonly ExportableDocument[],
  options: ExportOptions,
  salt?: () => string,
): WrappedOpenAttestation[] {
  return wrapOpenAttestation(
    documents.map((document) => describe(document, options)),
    salt,
  );
}

const RESERVED = ["id", "$template", "documentUrl", "issuers", "recipient", "network", "attachments", "huangpu"];

function describe({ kind, data, hash }: ExportableDocument, { issuer, network, template }: ExportOptions): JsonObject {
  const taken = RESERVED.find((name) => Object.hasOwn(data, name));
  if (taken !== undefined)
    throw new HuangpuError("OPEN_ATTESTATION_REFUSED", `The member "${taken}" has another meaning in OpenAttestation`);
  return {
    ...(template === undefined ? {} : { $template: { name: kind, type: "EMBEDDED_RENDERER", url: template } }),
    issuers: [describeIssuer(issuer)],
    network: { chain: network.chain, chainId: String(network.chainId) },
    huangpu: { kind, hash },
    ...data,
  };
}

function describeIssuer({ name, id, store, domain }: OpenAttestationIssuer): JsonObject {
  const revocation: JsonObject =
    store.kind === "tokenRegistry" ? { type: "NONE" } : { type: "REVOCATION_STORE", location: store.address };
  return {
    ...(id === undefined ? {} : { id }),
    name,
    [store.kind]: store.address,
    identityProof: { type: "DNS-TXT", location: domain },
    revocation,
  };
}
