import type { XmlElement } from "libxml2-wasm";
import { type Codec, choice, mapped, maybe, one, sequence, text } from "./codec.ts";
import { isoError } from "./iso-error.ts";
import type { Identified, IsoDocument } from "./messages/documents.ts";
import * as rules from "./rules.ts";
import { MAX_MESSAGE_BYTES } from "./xml.ts";

/** One version of one message. Another version is another adapter, and the model between them stays. */
export interface Adapter<D extends IsoDocument = IsoDocument> {
  /** Such as `pacs.009.001.08`. */
  definition: string;
  type: D["type"];
  /** What one may measure, in bytes of UTF-8. */
  maxBytes: number;
  read: (root: XmlElement) => D;
  /** What is inside the root, as XML. */
  write(document: D): string;
}

const NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:";

export function namespaceOf(definition: string): string {
  return `${NAMESPACE}${definition}`;
}

/** The definition that a namespace stands for; undefined when it is none of ISO 20022. */
export function definitionOf(namespace: string): string | undefined {
  return namespace.startsWith(NAMESPACE) ? namespace.slice(NAMESPACE.length) : undefined;
}

/** @param type The model's name. @param codec What is inside `Document`. */
export function adapter<D extends IsoDocument>(
  definition: string,
  type: D["type"],
  codec: Codec<D>,
  maxBytes: number = MAX_MESSAGE_BYTES,
): Adapter<D> {
  return {
    definition,
    type,
    maxBytes,
    read: (root) => codec.read(root, "/Document"),
    write: (document) => codec.write(document, "/Document").xml,
  };
}

const clearingSystem = choice({ Cd: maybe(text(rules.externalCode)), Prtry: maybe(text(rules.id35)) });

/** The header of a group of one payment that is settled through a clearing system. */
const paymentGroup = sequence({
  MsgId: one(text(rules.id35)),
  CreDtTm: one(text(rules.timestamp)),
  NbOfTxs: one(text(rules.id35)),
  SttlmInf: one(sequence({ SttlmMtd: one(text(rules.externalCode)), ClrSys: maybe(clearingSystem) })),
});

type PaymentGroup = Identified & { clearingSystem?: string };

export const group: Codec<PaymentGroup> = mapped(
  paymentGroup,
  ({ MsgId, CreDtTm, NbOfTxs, SttlmInf }, path) => {
    if (NbOfTxs !== "1") {
      throw isoError("ISO_UNSUPPORTED", `${path}/NbOfTxs`, `${NbOfTxs} payments in one message`, "send one in each");
    }
    if (SttlmInf.SttlmMtd !== "CLRG") {
      const fix = "settle through the clearing system (CLRG)";
      throw isoError("ISO_UNSUPPORTED", `${path}/SttlmInf/SttlmMtd`, `the method ${SttlmInf.SttlmMtd}`, fix);
    }
    const system = SttlmInf.ClrSys?.Prtry ?? SttlmInf.ClrSys?.Cd;
    return { id: MsgId, createdAt: CreDtTm, ...(system === undefined ? {} : { clearingSystem: system }) };
  },
  ({ id, createdAt, clearingSystem: system }) => ({
    MsgId: id,
    CreDtTm: createdAt,
    NbOfTxs: "1",
    SttlmInf: { SttlmMtd: "CLRG", ClrSys: system === undefined ? undefined : { Prtry: system } },
  }),
);
