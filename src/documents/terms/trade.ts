import { z } from "zod";
import { currency, date, decimal, imoNumber, incoterm } from "./codes.ts";
import { place } from "./party.ts";
import { identifier, line, text } from "./text.ts";

export const money = z
  .strictObject({ currency, amount: decimal })
  .meta({ id: "Money", description: "An amount and its currency" });

export const deliveryTerms = z
  .strictObject({ incoterm, place })
  .meta({ id: "DeliveryTerms", description: "Incoterms 2020, and the place that the rule names" });

export const paymentTerms = z
  .strictObject({ description: line, dueDate: date.optional() })
  .meta({ id: "PaymentTerms", description: "When and how it is to be paid" });

export const vessel = z
  .strictObject({ name: text(50), imoNumber, voyage: identifier.optional() })
  .meta({ id: "Vessel", description: "A ship and its voyage" });

export const route = z
  .strictObject({
    portOfLoading: place,
    portOfDischarge: place,
    placeOfReceipt: place.optional(),
    placeOfDelivery: place.optional(),
    vessel: vessel.optional(),
    departureDate: date.optional(),
  })
  .meta({ id: "Route", description: "From where to where the goods travel, and on what ship" });

/** Another document that this one refers to. */
export const documentReference = z
  .strictObject({ identifier, issueDate: date.optional() })
  .meta({ id: "DocumentReference", description: "Another document, by its number" });
