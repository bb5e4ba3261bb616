import { z } from "zod";
import { containerNumber, hsCode } from "../terms/codes.ts";
import { text } from "../terms/text.ts";
import { dangerousGoods } from "./dangerous-goods.ts";
import { countryCode, customsReference, license, reference, shippingMarks, volume, weight } from "./parts.ts";

const nationalCommodityCode = (longest: number) =>
  z.strictObject({
    type: text(10),
    countryCode: countryCode.optional(),
    values: z.array(text(longest)).min(1),
  });

const commodityCodes = {
  nationalCommodityCodes: z.array(nationalCommodityCode(10)).optional(),
  extendedNationalCommodityCodes: z.array(nationalCommodityCode(16)).optional(),
};

const outerPackaging = z
  .strictObject({
    packageCode: z
      .string()
      .regex(/^[A-Z0-9]{2}$/, { error: "must be a package code of UNECE Recommendation 21, such as CT for a carton" })
      .optional(),
    imoPackagingCode: z
      .string()
      .regex(/^[A-Z0-9]{1,5}$/, { error: "must be a packaging code of the IMDG Code, such as 1A2" })
      .optional(),
    numberOfPackages: z.int().min(1).max(99_999_999),
    description: z.string().max(100),
    woodDeclaration: z
      .enum(["NOT_APPLICABLE", "NOT_TREATED_AND_NOT_CERTIFIED", "PROCESSED", "TREATED_AND_CERTIFIED"])
      .optional(),
    dangerousGoods: z.array(dangerousGoods).optional(),
  })
  .meta({ id: "OuterPackaging" });

const cargoItem = z
  .strictObject({
    equipmentReference: containerNumber,
    cargoGrossWeight: weight,
    cargoGrossVolume: volume.optional(),
    cargoNetWeight: weight.optional(),
    cargoNetVolume: volume.optional(),
    exportLicense: license.optional(),
    importLicense: license.optional(),
    outerPackaging,
    ...commodityCodes,
    customsReferences: z.array(customsReference).optional(),
  })
  .meta({ id: "CargoItem", description: "What is stuffed into one container" });

/** Goods that belong together, by the containers that they are in. */
export const consignmentItem = z
  .strictObject({
    carrierBookingReference: text(35),
    descriptionOfGoods: z.array(text(35)).max(150),
    HSCodes: z.array(hsCode).min(1),
    extendedHSCodes: z
      .array(z.string().regex(/^\d{6,12}$/, { error: "must be a Harmonized System code of 6 to 12 digits" }))
      .optional(),
    ...commodityCodes,
    shippingMarks: shippingMarks.optional(),
    cargoItems: z.array(cargoItem).min(1),
    exportLicense: license.optional(),
    importLicense: license.optional(),
    references: z.array(z.strictObject({ type: z.string().max(3), values: z.array(text(35)).min(1) })).optional(),
    customsReferences: z.array(customsReference).optional(),
  })
  .meta({ id: "ConsignmentItem" });

const reeferSettings = z
  .strictObject({
    temperatureSetpoint: z.number().optional(),
    temperatureUnit: z.enum(["CEL", "FAH"]).optional(),
    o2Setpoint: z.number().min(0).max(100).optional(),
    co2Setpoint: z.number().min(0).max(100).optional(),
    humiditySetpoint: z.number().min(0).max(100).optional(),
    airExchangeSetpoint: z.number().min(0).optional(),
    airExchangeUnit: z.enum(["MQH", "FQH"]).optional(),
    isVentilationOpen: z.boolean().optional(),
    isDrainholesOpen: z.boolean().optional(),
    isBulbMode: z.boolean().optional(),
    isColdTreatmentRequired: z.boolean().optional(),
    isControlledAtmosphereRequired: z.boolean().optional(),
  })
  .refine((settings) => (settings.temperatureSetpoint === undefined) === (settings.temperatureUnit === undefined), {
    path: ["temperatureUnit"],
    error: "is stated with a temperatureSetpoint, and only then",
  })
  .refine((settings) => (settings.airExchangeSetpoint === undefined) === (settings.airExchangeUnit === undefined), {
    path: ["airExchangeUnit"],
    error: "is stated with an airExchangeSetpoint, and only then",
  })
  .meta({ id: "ActiveReeferSettings" });

/** A container that is used, its seals and how it is to be kept. */
export const utilizedTransportEquipment = z
  .strictObject({
    equipment: z.strictObject({
      equipmentReference: containerNumber,
      ISOEquipmentCode: text(4).optional(),
      tareWeight: weight.optional(),
    }),
    isShipperOwned: z.boolean(),
    isNonOperatingReefer: z.boolean().optional(),
    activeReeferSettings: reeferSettings.optional(),
    shippingMarks: shippingMarks.optional(),
    seals: z
      .array(z.strictObject({ number: z.string().max(15), source: z.enum(["CAR", "SHI", "VET", "CUS"]).optional() }))
      .min(1),
    references: z.array(reference).optional(),
    customsReferences: z.array(customsReference).optional(),
  })
  .meta({ id: "UtilizedTransportEquipment" });
