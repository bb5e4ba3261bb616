import { z } from "zod";
import { isCountry } from "../../core/codes/country.ts";
import { date, unLocode } from "../terms/codes.ts";
import { text } from "../terms/text.ts";

/** What DCSA writes for a country that is not known. */
const UNKNOWN_COUNTRY = "ZZ";

export const countryCode = z
  .string()
  .refine((code) => isCountry(code) || code === UNKNOWN_COUNTRY, {
    error: "must be a country of ISO 3166-1 alpha-2, such as CN, or ZZ when it is not known",
  })
  .meta({ id: "CountryCode", description: "ISO 3166-1 alpha-2, or ZZ", pattern: "^[A-Z]{2}$" });

/** Lines of an address, or a place as a letter of credit spells it. */
export function displayed(lines: number) {
  return z.array(z.string().max(35)).max(lines);
}

export const shippingMarks = z.array(z.string().max(35)).max(50);

const addressFields = {
  street: z.string().max(70),
  streetNumber: z.string().max(50).optional(),
  floor: text(50).optional(),
  postCode: z.string().max(10).optional(),
  POBox: z.string().max(20).optional(),
  city: text(35),
  stateRegion: z.string().max(65).optional(),
  countryCode,
};

export const address = z.strictObject(addressFields).meta({ id: "DcsaAddress", title: "Address" });

export const partyAddress = z
  .strictObject({ ...addressFields, UNLocationCode: unLocode.optional() })
  .meta({ id: "PartyAddress" });

export const addressLines = z.array(z.string().max(250)).max(5);

export const reference = z
  .strictObject({ type: z.string().max(3), value: text(35) })
  .meta({ id: "Reference", description: "CR customer's reference, AKG vehicle identification number" });

export const customsReference = z
  .strictObject({ type: text(50), countryCode, values: z.array(text(35)).min(1) })
  .meta({ id: "CustomsReference" });

export const license = z
  .strictObject({
    isRequired: z.boolean().optional(),
    reference: text(35).optional(),
    issueDate: date.optional(),
    expiryDate: date.optional(),
  })
  .meta({ id: "License", description: "Export or import licence" });

/** A number and one of the units that DCSA has for it: a JSON number, as eBL 3 spells it. */
export function quantity<const U extends readonly [string, ...string[]]>(...units: U) {
  return z.strictObject({ value: z.number().positive(), unit: z.enum(units) });
}

export const weight = quantity("KGM", "LBR").meta({ id: "Weight" });
export const volume = quantity("MTQ", "FTQ").meta({ id: "Volume" });

/** For JSON Schema: an object that has a member. */
export function having(name: string, type: "string" | "object" = "string") {
  return { type: "object", properties: { [name]: { type } }, required: [name] } as const;
}
