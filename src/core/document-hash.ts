import canonicalize from "canonicalize";
import { type Hex, keccakText } from "./hex.ts";

/** Digits that a number in JSON can have so that every reader sees the same value (I-JSON, RFC 7493 §2.2). */
const SAFE_DIGITS = 15;
/** Below this, a double has fewer digits. */
const SMALLEST_NORMAL = 2 ** -1022;

/**
 * The hash under which a JSON document is registered: keccak256 of its canonical form (RFC 8785), so that white space
 * and the order of members do not matter. Two texts that readers could understand differently never share a hash.
 * @throws SyntaxError when the text is not JSON, repeats a member of an object, or has a number of more than 15
 * significant digits or beyond the range of a double (write it as a string).
 */
export function documentHash(json: string): Hex {
  refuseUnsafeNumbers(json);
  const document: unknown = JSON.parse(json);
  if (memberNames(json) !== countMembers(document)) throw new SyntaxError("An object names a member twice");
  return keccakText(canonicalForm(document));
}

const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** In JSON, the strings that a colon follows are the member names. Every string is matched, so that none is entered. */
function memberNames(json: string): number {
  return [...json.matchAll(STRING)].filter(([, colon]) => colon !== undefined).length;
}

function countMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const children = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce<number>((sum, child) => sum + countMembers(child), own);
}

function canonicalForm(document: unknown): string {
  try {
    return canonicalize(document) as string;
  } catch (cause) {
    throw new SyntaxError("The document has no canonical form", { cause });
  }
}

function refuseUnsafeNumbers(json: string): void {
  for (const [number] of json.replace(STRING, "").matchAll(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) {
    const digits = number
      .replace(/[eE].*$/, "")
      .replace(/[-.]/g, "")
      .replace(/^0+/, "");
    if (digits.length > SAFE_DIGITS) throw new SyntaxError(`The number ${number} has more than ${SAFE_DIGITS} digits`);
    if (digits !== "" && Math.abs(Number(number)) < SMALLEST_NORMAL)
      throw new SyntaxError(`The number ${number} is too small`);
  }
}
