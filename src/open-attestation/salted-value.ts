/** A version 4 UUID (RFC 9562 §5.4), a type, a value. A value may have colons and line breaks of its own. */
const SALTED = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}:([a-z]+):(.*)$/is;

export type Scalar = null | boolean | number | string;

/** What a salted text holds: undefined for what JSON has no word for, such as a member that is not there. */
export interface Unsalted {
  value: Scalar | undefined;
}

export function saltValue(value: Scalar, salt: string): string {
  return `${salt}:${value === null ? "null" : typeof value}:${value}`;
}

/** The value in its own type, exactly as it was salted; undefined for a text without salt, of no type, or of another's form. */
export function unsaltValue(text: string): Unsalted | undefined {
  const [, type, content] = SALTED.exec(text) ?? [];
  if (type === undefined || content === undefined) return undefined;
  if (type === "string") return { value: content };
  if (type === "number") return isNumber(content) ? { value: Number(content) } : undefined;
  if (type === "boolean" && (content === "true" || content === "false")) return { value: content === "true" };
  if (type === "null" && content === "null") return { value: null };
  if (type === "undefined" && content === "undefined") return { value: undefined };
  return undefined;
}

/** The one form that ECMAScript gives the number, so that no two texts mean the same. */
function isNumber(text: string): boolean {
  return Number.isFinite(Number(text)) && String(Number(text)) === text;
}
