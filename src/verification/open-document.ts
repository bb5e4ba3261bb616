import type { BatchProof } from "../core/batch-tree.ts";
import { HuangpuError } from "../core/errors.ts";
import type { FieldValue } from "../core/field-tree.ts";
import type { Hex } from "../core/hex.ts";
import type { JsonPath } from "../core/json-path.ts";
import { type JsonObject, parseStrictJson } from "../core/strict-json.ts";
import { PRESENTATION, requirePresented } from "../documents/presentation.ts";
import { openWrapped, WRAPPED } from "../documents/wrapped-document.ts";
import { isOpenAttestation } from "../open-attestation/format.ts";
import { verifyOpenAttestation } from "../open-attestation/verify-open-attestation.ts";
import { type Warning, warning } from "./fragment.ts";

/** A document that is what its hash commits to. */
export interface OpenedDocument {
  /** What our registry may have; undefined for a document of a format that is registered elsewhere. */
  readonly registrable: Registrable | undefined;
  readonly warnings: readonly Warning[];
}

export interface Registrable {
  readonly kind: string;
  readonly hash: Hex;
  readonly batch: BatchProof | undefined;
  /** The whole of it; undefined when a part is hidden. */
  readonly data: JsonObject | undefined;
  readonly fields: readonly ProvenField[];
}

/** A field that the document's hash commits to. */
export interface ProvenField {
  readonly path: JsonPath;
  readonly value: FieldValue;
}

/** Why a document is not intact. */
export interface Fault {
  readonly code: string;
  readonly message: string;
}

/**
 * Reads a wrapped document, a presentation or an OpenAttestation document of version 2, and checks that it is intact.
 * @param document Its text, or what a parser made of it; of the text, more can be checked.
 */
export function openDocument(document: unknown): OpenedDocument | Fault {
  try {
    return openParsed(typeof document === "string" ? parseStrictJson(document) : document);
  } catch (error) {
    if (error instanceof HuangpuError) return { code: error.code, message: `${error.message}.` };
    throw error;
  }
}

function openParsed(document: unknown): OpenedDocument | Fault {
  const isOurs = typeof document === "object" && document !== null && Object.hasOwn(document, "huangpu");
  const format = isOurs ? (document as { huangpu: unknown }).huangpu : undefined;
  if (format === WRAPPED) return openWhole(document);
  if (format === PRESENTATION) return openPresentation(document);
  if (!isOurs && isOpenAttestation(document)) return openForeign(document);
  throw new HuangpuError("DOCUMENT_FORMAT_UNKNOWN", "The document is of no format that is known here");
}

function openWhole(value: unknown): OpenedDocument {
  const { document, fields } = openWrapped(value);
  const { kind, hash, batch, data } = document;
  return { registrable: { kind, hash, batch, data, fields }, warnings: [] };
}

function openPresentation(document: unknown): OpenedDocument {
  const { kind, hash, batch, fields, shown } = requirePresented(document);
  const hidden = fields - shown.length;
  const message = `${hidden} of the document's ${fields} fields are hidden, so that its kind's schema was not checked.`;
  return {
    registrable: { kind, hash, batch, data: undefined, fields: shown },
    warnings: [warning("FIELDS_HIDDEN", message)],
  };
}

function openForeign(document: unknown): OpenedDocument | Fault {
  const { valid, finding, warnings } = verifyOpenAttestation(document);
  if (!valid) return finding;
  return { registrable: undefined, warnings: warnings.map(({ code, message }) => warning(code, message)) };
}
