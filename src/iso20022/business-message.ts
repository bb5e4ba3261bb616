import type { XmlElement } from "libxml2-wasm";
import { type Adapter, definitionOf, namespaceOf } from "./adapter.ts";
import { type Header, header as headerCodec } from "./header.ts";
import { isoError } from "./iso-error.ts";
import { camt05300108 } from "./messages/camt-053-001-08.ts";
import { camt05400108 } from "./messages/camt-054-001-08.ts";
import type { IsoDocument, Statement } from "./messages/documents.ts";
import { pacs00200110 } from "./messages/pacs-002-001-10.ts";
import { pacs00400109 } from "./messages/pacs-004-001-09.ts";
import { pacs00800108 } from "./messages/pacs-008-001-08.ts";
import { pacs00900108 } from "./messages/pacs-009-001-08.ts";
import type { Agent } from "./parts.ts";
import { childElements, elementOf, MAX_MESSAGE_BYTES, MAX_STATEMENT_BYTES, requireSize, withXml } from "./xml.ts";

/** What is sent: a document, from whom and to whom. */
export interface BusinessMessage<D extends IsoDocument = IsoDocument> {
  from: Agent;
  to: Agent;
  /** Whether the sender may have sent it before. */
  possibleDuplicate?: true;
  document: D;
}

/** Checks an element against the schema of its namespace. */
export interface SchemaValidator {
  /** @throws ISO_SCHEMA, ISO_UNSUPPORTED */
  validate(element: XmlElement): void;
}

/** A container of the standard for a header and its document. */
export const ENVELOPE = "nvlp.001.001.01";
export const HEADER = "head.001.001.02";

/** For each type of document, the version that is written comes first. */
const adapters: readonly Adapter[] = [
  pacs00900108,
  pacs00800108,
  pacs00200110,
  pacs00400109,
  camt05400108,
  camt05300108,
];

/** The definitions that are understood. */
export const DEFINITIONS: readonly string[] = adapters.map(({ definition }) => definition);

/**
 * A message as XML: an envelope with the header and the document.
 * @param schemas With them, nothing leaves that the standard itself would refuse.
 * @throws as {@link parseMessage}, of the model: what would be refused when it is read is not written.
 */
export function buildMessage(message: BusinessMessage, schemas?: SchemaValidator): string {
  const adapter = adapters.find(({ type }) => type === message.document.type);
  if (adapter === undefined) throw unsupported(message.document.type, "/Document");
  const { document, ...parties } = message;
  const header = { ...parties, id: document.id, createdAt: document.createdAt, definition: adapter.definition };
  const head = rootOf("AppHdr", HEADER, headerCodec.write(header, "/AppHdr").xml);
  const body = rootOf("Document", adapter.definition, adapter.write(document));
  const envelope = rootOf("BizMsgEnvlp", ENVELOPE, `<Hdr>${head}</Hdr><Doc>${body}</Doc>`);
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${envelope}\n`;
  requireSize(text, adapter.maxBytes);
  if (schemas !== undefined) withXml(text, adapter.maxBytes, (root) => validate(opened(root), schemas));
  return text;
}

/**
 * A message from its XML. Every element that is not understood is an error: money is not moved by half a message.
 * @param schemas The genuine schemas; without them our own rules are all that is checked.
 * @throws ISO_TOO_LARGE, ISO_MALFORMED, ISO_UNSUPPORTED (namespace or version), ISO_SCHEMA (elements), ISO_VALUE (a field),
 * ISO_INCONSISTENT (two fields that contradict each other)
 */
export function parseMessage(text: string, schemas?: SchemaValidator): BusinessMessage {
  return parseWithin(text, MAX_MESSAGE_BYTES, schemas);
}

/** A statement from its XML, which may be longer than other messages. @throws as {@link parseMessage} */
export function parseStatement(text: string, schemas?: SchemaValidator): BusinessMessage<Statement> {
  const { document, ...parties } = parseWithin(text, MAX_STATEMENT_BYTES, schemas);
  if (document.type !== "Statement") throw unsupported(document.type, "/Document", ["camt.053.001.08"]);
  return { ...parties, document };
}

/** A document that came without an envelope. @throws as {@link parseMessage} */
export function parseDocument(text: string, schemas?: SchemaValidator): IsoDocument {
  return withXml(text, MAX_MESSAGE_BYTES, (root) => {
    const document = adapterOf(root).read(root);
    schemas?.validate(root);
    return document;
  });
}

function parseWithin(text: string, maxBytes: number, schemas: SchemaValidator | undefined): BusinessMessage {
  return withXml(text, maxBytes, (root) => {
    const parts = opened(root);
    const header = headerCodec.read(parts.head, "/AppHdr");
    const { definition, read } = adapterOf(parts.body);
    const document = read(parts.body);
    agree(header, definition, document);
    // Last: a validator goes on after the first of any number of errors, each dearer than the one before.
    if (schemas !== undefined) validate(parts, schemas);
    const { from, to, possibleDuplicate } = header;
    return { from, to, ...(possibleDuplicate === undefined ? {} : { possibleDuplicate }), document };
  });
}

interface Parts {
  head: XmlElement;
  body: XmlElement;
}

/** Header and document of an envelope, each of a version that is understood. */
function opened(root: XmlElement): Parts {
  if (root.name !== "BizMsgEnvlp" || root.namespaceUri !== namespaceOf(ENVELOPE)) {
    throw isoError("ISO_UNSUPPORTED", `/${root.name}`, `{${root.namespaceUri}}`, `send a BizMsgEnvlp of ${ENVELOPE}`);
  }
  const [first, second, ...others] = childElements(root, "/BizMsgEnvlp");
  if (first?.name !== "Hdr" || second?.name !== "Doc" || others.length > 0) {
    throw isoError("ISO_SCHEMA", "/BizMsgEnvlp", "other elements than Hdr and Doc", "send one of each, in this order");
  }
  const [head, body] = [only(first, "AppHdr"), only(second, "Document")];
  if (head.namespaceUri !== namespaceOf(HEADER)) throw unsupported(head.namespaceUri, "/AppHdr", [HEADER]);
  adapterOf(body);
  return { head, body };
}

function validate({ head, body }: Parts, schemas: SchemaValidator): void {
  schemas.validate(head);
  schemas.validate(body);
}

function rootOf(name: string, definition: string, xml: string): string {
  return elementOf(name, { xml, attributes: ` xmlns="${namespaceOf(definition)}"` });
}

function only(parent: XmlElement, name: string): XmlElement {
  const path = `/BizMsgEnvlp/${parent.name}`;
  const [element, ...others] = childElements(parent, path);
  if (element?.name !== name || others.length > 0) {
    throw isoError("ISO_SCHEMA", path, `not one ${name}`, `send one ${name} in it`);
  }
  return element;
}

function adapterOf(root: XmlElement): Adapter {
  const definition = definitionOf(root.namespaceUri);
  const found = adapters.find((each) => each.definition === definition);
  if (root.name !== "Document" || found === undefined) throw unsupported(root.namespaceUri, `/${root.name}`);
  return found;
}

function agree(header: Header, definition: string, document: IsoDocument): void {
  if (header.definition !== definition) {
    const problem = `${header.definition} above a document of ${definition}`;
    throw isoError("ISO_INCONSISTENT", "/AppHdr/MsgDefIdr", problem, "name the document's definition");
  }
  if (header.id !== document.id) {
    throw isoError("ISO_INCONSISTENT", "/AppHdr/BizMsgIdr", "not the document's id", "send the same id in both");
  }
}

function unsupported(found: string, path: string, known: readonly string[] = DEFINITIONS) {
  return isoError("ISO_UNSUPPORTED", path, `"${found}" is not understood`, `send ${known.join(", ")}`);
}
