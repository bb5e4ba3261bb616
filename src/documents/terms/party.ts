import { z } from "zod";
import { country, lei, unLocode } from "./codes.ts";
import { text } from "./text.ts";

export const address = z
  .strictObject({
    street: text(70).optional(),
    postcode: text(16).optional(),
    city: text(35),
    countrySubdivision: text(65).optional(),
    country,
  })
  .meta({ id: "Address", description: "Postal address" });

const contact = z
  .strictObject({
    name: text(70),
    email: z
      .string()
      .max(254)
      .regex(/^[^\s@]+@[^\s@]+$/, { error: "must be an e-mail address, such as desk@example.com" })
      .optional(),
    telephone: text(30).optional(),
  })
  .meta({ id: "Contact", description: "Whom to ask" });

/** UN/CEFACT Trade Party. */
export const party = z
  .strictObject({
    name: text(140),
    lei: lei.optional(),
    taxRegistration: text(35).optional(),
    address,
    contact: contact.optional(),
  })
  .meta({ id: "Party", description: "A legal entity that takes part in the trade" });

/** Who answers for a document: on the chain it is known by this identifier. */
export const issuer = z
  .strictObject({ ...party.shape, lei })
  .meta({ id: "Issuer", description: "The legal entity that issues the document" });

export const place = z
  .strictObject({ name: text(100), locationCode: unLocode.optional(), country })
  .meta({ id: "Place", description: "A place, by name and, where it has one, UN/LOCODE" });

/** Who put their name to a document, when and where. */
export const signature = z
  .strictObject({ signatory: text(70), capacity: text(70).optional(), place: text(70) })
  .meta({ id: "Signature", description: "Who signed it for the issuer, in what capacity and where" });
