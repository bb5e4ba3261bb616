import { z } from "zod";
import { LEI_FORM } from "../core/codes/lei.ts";

/**
 * Rules for single fields: those of the schemas, tightened to what the cross-border and high-value usage guidelines (CBPR+,
 * HVPS+) allow where the schemas admit more.
 */

const finText = (most: number) =>
  z
    .string()
    .regex(/^(?!\/)(?!.*\/\/)(?! )[A-Za-z0-9/\-?:().,'+ ]+(?<![/ ])$/, "use letters, digits and /-?:().,'+ inside")
    .max(most, `use at most ${most} characters`);

/** Ids of messages and instructions: 35 characters, so no hash in hexadecimal fits. */
export const id35 = finText(35);

/** Account numbers. */
export const id34 = finText(34);

/** Free text of one line. */
export const line = (most: number) =>
  z
    .string()
    .regex(
      /^(?!\s)[^\p{Cc}\p{Cs}\u2028\u2029\ufffe\uffff]+(?<!\s)$/u,
      "use printable characters, with no space at either end",
    )
    .refine((value) => [...value].length <= most, `use at most ${most} characters`);

/** ISO 17442. The check digits are the participants' registry's to verify. */
export const lei = z.string().regex(LEI_FORM, "use a legal entity identifier of 20 characters");

/** ISO 9362. */
export const bic = z
  .string()
  .regex(/^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/, "use a business identifier code of 8 or 11 characters");

/** A unique end-to-end transaction reference: a UUID of version 4. */
export const uetr = z
  .string()
  .regex(/^[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}$/, "use a lower-case UUID of version 4");

/** ISO 4217 codes of currencies with two decimals. One with another number of them would need other amounts. */
export const currency = z.enum(
  ["CNY", "USD", "EUR", "GBP", "HKD", "SGD"],
  "use a currency that is carried with two decimals",
);

/** `2026-11-22`. */
export const date = z.iso.date("use a date like 2026-11-22");

/** `2026-11-22T09:30:00Z` or with an offset. Times without an offset mean nothing across borders. */
export const timestamp = z.iso.datetime({
  offset: true,
  error: "use a time with an offset, like 2026-11-22T09:30:00Z",
});

export const dateOrTimestamp = z.union([date, timestamp], "use a date, or a time with an offset");

/** A code of an external code set of ISO 20022: up to four letters and digits. */
export const externalCode = z.string().regex(/^[A-Z0-9]{1,4}$/, "use a code of up to four letters and digits");

/** At most 18 digits, of which two are decimals. */
export const MAX_CENTS = 10n ** 18n - 1n;

export const cents = z
  .bigint()
  .min(0n, "use no negative amount")
  .max(MAX_CENTS, "use at most 16 digits before the point");
