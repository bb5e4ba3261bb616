import canonicalize from "canonicalize";
import { type Hex, keccakText } from "./hex.ts";

/** Digits that a number in JSON can have so that every reader sees the same value (I-JSON, RFC 7493 §2.2). */
const SAFE_DIGITS = 15;

/**
 * The hash under which a JSON document is registered: keccak256 of its canonical form (RFC 8785), so that white space
 * and the order of members do not matter. Two texts that readers could understand differently never share a hash.
 * @throws SyntaxError when the text is not JSON, repeats a member of an object, or has a number of more than 15
 * significant digits (write it as a string).
 */
export function documentHash(json: string): Hex {
  refuseLongNumbers(json);
  const document: unknown = JSON.parse(json);
  if (memberNames(json) !== countMembers(document)) throw new SyntaxError("An object names a member twice");
  const canonical = canonicalize(document);
  if (canonical === undefined) throw new SyntaxError("The document has no canonical form");
  return keccakText(canonical);
}

const STRING = /"(?:[^"\\]|\\.)*"/g;

/** In JSON, the strings that a colon follows are the member names. */
function memberNames(json: string): number {
  return json.match(new RegExp(`${STRING.source}\\s*:`, "g"))?.length ?? 0;
}

function countMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const children = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce<number>((sum, child) => sum + countMembers(child), own);
}

function refuseLongNumbers(json: string): void {
  for (const [number] of json.replace(STRING, "").matchAll(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) {
    const digits = number
      .replace(/[eE].*$/, "")
      .replace(/[-.]/g, "")
      .replace(/^0+/, "");
    if (digits.length > SAFE_DIGITS) throw new SyntaxError(`The number ${number} has more than ${SAFE_DIGITS} digits`);
  }
}
