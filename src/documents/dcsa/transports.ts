import { z } from "zod";
import { currency, date, unLocode } from "../terms/codes.ts";
import { text } from "../terms/text.ts";
import { address, addressLines, countryCode, having } from "./parts.ts";

const facility = z
  .strictObject({ facilityCode: text(6), facilityCodeListProvider: z.enum(["BIC", "SMDG"]) })
  .meta({ id: "Facility" });

const geoCoordinate = z
  .strictObject({ latitude: z.string().max(10), longitude: z.string().max(11) })
  .meta({ id: "GeoCoordinate" });

const inlandFields = {
  locationName: text(100).optional(),
  facilityName: z.string().max(100).optional(),
  address: address.optional(),
  addressLines: addressLines.optional(),
  facility: facility.optional(),
  UNLocationCode: unLocode.optional(),
};

const inlandPlace = z.strictObject({ ...inlandFields, geoCoordinate: geoCoordinate.optional() }).meta({
  id: "InlandPlace",
});

const city = z.strictObject({ city: text(35), stateRegion: z.string().max(65).optional(), countryCode });

const port = z
  .strictObject({ locationName: text(100).optional(), city: city.optional(), UNLocationCode: unLocode.optional() })
  .refine((place) => place.city !== undefined || place.UNLocationCode !== undefined, {
    error: "must have a UNLocationCode or a city",
  })
  .meta({ id: "Port", anyOf: [having("UNLocationCode"), having("city", "object")] });

const carriage = z.enum(["VESSEL", "RAIL", "TRUCK", "BARGE", "MULTIMODAL"]);

const vesselVoyage = z
  .strictObject({
    vesselName: text(50),
    carrierExportVoyageNumber: text(50),
    universalExportVoyageReference: z
      .string()
      .regex(/^\d{2}[0-9A-Z]{2}[NEWSR]$/, {
        error: "must be a year, a sequence and a direction of N, E, W, S or R, such as 2642W",
      })
      .optional(),
    role: z.enum(["FIRST_SEA_GOING", "MOTHER"]).optional(),
  })
  .meta({ id: "VesselVoyage" });

/** Where the goods go, when and on which ships. */
export const transports = z
  .strictObject({
    plannedArrivalDate: date,
    plannedDepartureDate: date,
    preCarriageBy: carriage.optional(),
    onCarriageBy: carriage.optional(),
    placeOfReceipt: inlandPlace.optional(),
    portOfLoading: port,
    portOfDischarge: port,
    placeOfDelivery: inlandPlace.optional(),
    onwardInlandRouting: z.strictObject(inlandFields).optional(),
    vesselVoyages: z.array(vesselVoyage).min(1),
  })
  .refine((given) => given.preCarriageBy === undefined || given.placeOfReceipt !== undefined, {
    path: ["placeOfReceipt"],
    error: "is required with preCarriageBy",
  })
  .refine((given) => given.onCarriageBy === undefined || given.placeOfDelivery !== undefined, {
    path: ["placeOfDelivery"],
    error: "is required with onCarriageBy",
  })
  .meta({ id: "Transports" });

export const charge = z
  .strictObject({
    chargeName: text(50),
    extendedChargeName: text(100).optional(),
    currencyAmount: z.number().min(0),
    currencyCode: currency,
    paymentTermCode: z.enum(["PRE", "COL"]),
    calculationBasis: text(50),
    unitPrice: z.number().min(0),
    quantity: z.number().min(0),
  })
  .meta({ id: "Charge" });

export const placeOfIssue = z
  .strictObject({
    locationName: text(100).optional(),
    UNLocationCode: unLocode.optional(),
    countryCode: countryCode.optional(),
  })
  .refine((place) => (place.UNLocationCode === undefined) !== (place.countryCode === undefined), {
    error: "must have either a UNLocationCode or a countryCode",
  })
  .meta({ id: "PlaceOfIssue", oneOf: [having("UNLocationCode"), having("countryCode")] });

export const invoicePayableAt = z
  .strictObject({ UNLocationCode: unLocode.optional(), freeText: z.string().max(35).optional() })
  .refine((place) => (place.UNLocationCode === undefined) !== (place.freeText === undefined), {
    error: "must have either a UNLocationCode or a freeText",
  })
  .meta({ id: "InvoicePayableAt", oneOf: [having("UNLocationCode"), having("freeText")] });
