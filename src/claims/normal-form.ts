import { isCurrency } from "../core/codes/currency.ts";
import { isDate } from "../core/codes/date-time.ts";
import { isLei } from "../core/codes/lei.ts";
import { HuangpuError } from "../core/errors.ts";

/** The one spelling of a field. @throws HuangpuError CLAIM_FIELD when the text can be read in no way, or in more than one. */
export type Normalise = (text: string) => string;

const MAX_LENGTH = 256;
/** What Unicode may yet define, and what means something to one system alone: no two readers need agree on them. */
const UNREADABLE = /\p{Cn}|\p{Co}|\p{Cs}/u;
/** Some letters are fillers that nobody sees, and others, from U+02B9 to U+02FF, apostrophes and strokes to everybody. */
const NO_SIGN = /[^\p{L}\p{Nd}]|\p{Default_Ignorable_Code_Point}|[\u02b9-\u02ff]/gu;

/**
 * Numbers, serial numbers and models as somebody else would type them: case, width, accents, spaces, punctuation, invisible
 * characters, digits of other scripts, letters that look like Latin ones, and zeros before the first digit make no difference.
 */
export const identifier: Normalise = (text) => {
  const plain = latin(read(text).normalize("NFKD").toUpperCase()).replace(NO_SIGN, "");
  const number = plain.replace(/(^|\p{L})0+(?=\p{Nd})/gu, "$1");
  if (number === "") throw unreadable(text, "has no letter and no digit");
  return number;
};

/** ISO 17442, check digits and all. */
export const lei: Normalise = (text) => {
  const found = code(text);
  if (!isLei(found)) throw unreadable(text, "is no LEI");
  return found;
};

/** ISO 4217. */
export const currency: Normalise = (text) => {
  const found = code(text);
  if (!isCurrency(found)) throw unreadable(text, "is no currency");
  return found;
};

/** UN/ECE recommendation 20, or whatever code both sides use: its letters and digits. */
export const unit: Normalise = (text) => {
  const found = code(text);
  if (!/^[A-Z0-9]{1,6}$/.test(found)) throw unreadable(text, "is no unit's code");
  return found;
};

/** A hash of 32 bytes: sixty-four lower-case digits. */
export const digest: Normalise = (text) => {
  const digits = code(text).toLowerCase().replace(/^0x/, "");
  if (!/^[0-9a-f]{64}$/.test(digits)) throw unreadable(text, "is no hash of 32 bytes");
  return digits;
};

/**
 * A positive number, `1000.5`: grouped by comma, point, apostrophe or space, with a decimal comma or point, or an exponent. One
 * separator before three last digits, `1,000`, is a thousand to some and one to others, and refused: write `1000`, or `1.0000`.
 */
export const quantity: Normalise = (text) => {
  const plain = latin(read(text).normalize("NFKC")).replace(/[\s\p{Cf}'’_]/gu, "");
  const scientific = /^(\d+)(?:\.(\d+))?[eE]\+?(\d{1,2})$/.exec(plain);
  const decimal = scientific === null ? decimalOf(plain) : shift(scientific);
  if (decimal === undefined) throw unreadable(text, "is no number that can be read in one way");
  const [whole, fraction] = [decimal[0].replace(/^0+(?=\d)/, ""), decimal[1].replace(/0+$/, "")];
  if (whole === "0" && fraction === "") throw unreadable(text, "is zero");
  return fraction === "" ? whole : `${whole}.${fraction}`;
};

const MONTHS = "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER".split(" ");
const DATES: readonly { form: RegExp; order: "YMD" | "DMY" | "MDY" }[] = [
  { form: /^(\d{4})-(\d{2})-(\d{2})(?:T[\d:.,]+(?:Z|[+-]\d{2}:?\d{2})?)?$/, order: "YMD" },
  { form: /^(\d{4})(\d{2})(\d{2})$/, order: "YMD" },
  { form: /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/, order: "YMD" },
  { form: /^(\d{4})年(\d{1,2})月(\d{1,2})日$/, order: "YMD" },
  { form: /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, order: "DMY" },
  { form: /^(\d{1,2})[-.]?([A-Z]{3,9})[-.,]*(\d{4})$/, order: "DMY" },
  { form: /^([A-Z]{3,9})\.?(\d{1,2}),?(\d{4})$/, order: "MDY" },
];

/**
 * The day that is written on the document, `2026-11-22`, in whatever zone it was meant. Day and month as numbers between slashes
 * or hyphens, `11/12/2026`, are two days, and refused.
 */
export const day: Normalise = (text) => {
  const plain = latin(read(text).normalize("NFKC").toUpperCase()).replace(/[\s\p{Cf}]/gu, "");
  for (const { form, order } of DATES) {
    const parts = form.exec(plain);
    if (parts === null) continue;
    const [year, month, dayOfMonth] = [..."YMD"].map((part) => parts[order.indexOf(part) + 1] ?? "");
    const date = `${year}-${monthNumber(month ?? "")}-${dayOfMonth?.padStart(2, "0")}`;
    if (isDate(date)) return date;
  }
  throw unreadable(text, "is no day that can be read in one way");
};

/** The year of {@link day}. */
export const year: Normalise = (text) => day(text).slice(0, 4);

function monthNumber(month: string): string {
  const number = /^\d/.test(month) ? Number(month) : MONTHS.findIndex((name) => name.startsWith(month)) + 1;
  return String(number).padStart(2, "0");
}

/** Groups of three, or of two and a last one of three. */
const GROUPED = /^\d{1,3}([.,])(?:\d{2,3}\1)*\d{3}$/;

/** Whole and fraction of a number without an exponent; undefined when it is none, or more than one. */
function decimalOf(text: string): [string, string] | undefined {
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  const [whole, fraction] = last < 0 ? [text, ""] : [text.slice(0, last), text.slice(last + 1)];
  if (last >= 0 && !/^\d+$/.test(fraction)) return undefined;
  if (/^\d+$/.test(whole)) {
    const isEither = fraction.length === 3 && whole.length <= 3 && whole !== "0";
    return isEither ? undefined : [whole, fraction];
  }
  if (GROUPED.test(text)) return [text.replace(/[.,]/g, ""), ""];
  const separator = GROUPED.exec(whole)?.[1];
  return separator === undefined || separator === text[last] ? undefined : [whole.replace(/[.,]/g, ""), fraction];
}

function shift([, whole = "", fraction = "", exponent = ""]: RegExpExecArray): [string, string] {
  const places = Number(exponent);
  const digits = `${whole}${fraction.padEnd(places, "0")}`;
  const point = whole.length + places;
  return [digits.slice(0, point), digits.slice(point)];
}

function read(text: string): string {
  if (text.length > MAX_LENGTH) throw unreadable(`${text.slice(0, 16)}…`, `has more than ${MAX_LENGTH} characters`);
  if (UNREADABLE.test(text)) throw unreadable(text, "has characters that mean nothing");
  return text;
}

/** Letters and digits alone, in capitals. */
function code(text: string): string {
  return latin(read(text).normalize("NFKC").toUpperCase()).replace(/[^\p{L}\p{N}]/gu, "");
}

const LOOKALIKES = new Map(
  [
    ["АВЕЅІЈКМНОРСТУХ", "ABESIJKMHOPCTYX"], // Cyrillic
    ["ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"], // Greek
  ].flatMap(([from = "", to = ""]) => [...from].map((letter, index) => [letter, to.charAt(index)] as const)),
);

/** Capitals of other scripts that look like Latin ones as those, and the decimal digits of every script as 0 to 9. */
function latin(text: string): string {
  return [...text].map((char) => LOOKALIKES.get(char) ?? (/\p{Nd}/u.test(char) ? digit(char) : char)).join("");
}

/** Decimal digits stand in runs of ten, from zero to nine (Unicode standard, section 4.6). */
function digit(char: string): string {
  let value = 0;
  for (let point = char.codePointAt(0) ?? 0; /\p{Nd}/u.test(String.fromCodePoint(point - 1)); --point) ++value;
  return String(value % 10);
}

function unreadable(text: string, what: string): HuangpuError {
  return new HuangpuError("CLAIM_FIELD", `"${text}" ${what}`);
}
