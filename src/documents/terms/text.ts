import { z } from "zod";

/** A text that shows something: no white space around it, one line. */
export function text(longest: number) {
  return z
    .string()
    .regex(/^\S(?:.*\S)?$/, { error: "must be a line of text that neither begins nor ends with white space" })
    .max(longest);
}

/** A number or name that somebody gave: of a document, a contract, a voyage. */
export const identifier = text(35).meta({ id: "Identifier", description: "A reference as its issuer writes it" });

export const line = text(350).meta({ id: "Line", description: "One line of text" });

export const count = z
  .int()
  .positive()
  .max(99_999_999)
  .meta({ id: "Count", description: "How many, a whole number from 1" });
