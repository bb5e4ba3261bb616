import { ParseOption, XmlDocument, XmlElement, XmlLibError, XmlText } from "libxml2-wasm";
import { isoError } from "./iso-error.ts";

/** What one message may measure, in bytes of UTF-8. A pacs.009 measures about 2 KiB. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** What a statement may measure: about 4,500 entries. */
export const MAX_STATEMENT_BYTES = 4 * MAX_MESSAGE_BYTES;

const DECLARATION = /^<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")?\s*\?>/;
const OPTIONS = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NO_SYS_CATALOG;

/** Bytes from a wire as text. @throws ISO_MALFORMED when they are not UTF-8. */
export function decodeXml(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw isoError("ISO_MALFORMED", "/", "the bytes are not UTF-8", "send the message in UTF-8");
  }
}

/**
 * Parses a text and hands its root to `read`; the memory behind it is given back when this returns. Elements, attributes and
 * text are all that a business message has: a DOCTYPE, and with it every entity, a comment, a CDATA section and a
 * processing instruction are refused before the parser sees them.
 * @throws ISO_TOO_LARGE, ISO_MALFORMED
 */
export function withXml<T>(text: string, maxBytes: number, read: (root: XmlElement) => T): T {
  const document = open(text, maxBytes);
  try {
    return read(document.root);
  } finally {
    document.dispose();
  }
}

/** An element as XML. @param content What is inside, as XML, and the attributes. */
export function elementOf(name: string, { xml, attributes = "" }: { xml: string; attributes?: string }): string {
  return `<${name}${attributes}>${xml}</${name}>`;
}

/** Text as XML has it between elements. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function open(text: string, maxBytes: number): XmlDocument {
  refuse(text, maxBytes);
  try {
    return XmlDocument.fromString(text, { option: OPTIONS });
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error;
    const [first] = error.details;
    const place = first === undefined ? "/" : `line ${first.line}, column ${first.col}`;
    throw isoError("ISO_MALFORMED", place, (first?.message ?? error.message).trim(), "send well-formed XML 1.0");
  }
}

/** @throws ISO_TOO_LARGE */
export function requireSize(text: string, maxBytes: number): void {
  // The length comes first: it costs nothing, and a byte count is never below it.
  if (text.length <= maxBytes && Buffer.byteLength(text) <= maxBytes) return;
  throw isoError("ISO_TOO_LARGE", "/", `more than ${maxBytes} bytes`, "split the message");
}

function refuse(text: string, maxBytes: number): void {
  requireSize(text, maxBytes);
  const content = text.replace(DECLARATION, "");
  if (content.includes("<?")) {
    const fix = 'begin with <?xml version="1.0" encoding="UTF-8"?> and have no other <? in the message';
    throw isoError("ISO_MALFORMED", "/", "another declaration or a processing instruction", fix);
  }
  if (content.includes("<!")) {
    const problem = "a DOCTYPE, a comment or a CDATA section";
    throw isoError("ISO_MALFORMED", "/", problem, "send elements, attributes and text only");
  }
}

/** The elements inside an element. @throws ISO_SCHEMA when there is text between them, or an attribute on it. */
export function childElements(element: XmlElement, path: string): XmlElement[] {
  refuseAttributes(element, path);
  const found: XmlElement[] = [];
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) found.push(node);
    else if (!/^[ \t\r\n]*$/.test(node.content)) {
      throw isoError("ISO_SCHEMA", path, "text between elements", "leave only white space there");
    }
  }
  return found;
}

/** How many elements and attributes there are within an element and on it; above `enough`, any number above it. */
export function sizeOf(element: XmlElement, enough: number): number {
  let size = element.attrs.length;
  for (let node = element.firstChild; node !== null && size <= enough; node = node.next) {
    if (node instanceof XmlElement) size += 1 + sizeOf(node, enough - size);
  }
  return size;
}

/** The text of an element that has nothing but text. @throws ISO_SCHEMA */
export function textOf(element: XmlElement, path: string): string {
  const node = element.firstChild;
  if (node === null) return "";
  if (!(node instanceof XmlText) || node.next !== null) {
    throw isoError("ISO_SCHEMA", path, "elements where text belongs", "send the text alone");
  }
  return node.content;
}

/** @throws ISO_SCHEMA when the element has an attribute. */
export function refuseAttributes(element: XmlElement, path: string): void {
  for (const { name } of element.attrs) {
    throw isoError("ISO_SCHEMA", path, `the attribute ${name}`, "leave it out");
  }
}
