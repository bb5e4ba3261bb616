import { z } from "zod";
import { date, dateTime } from "../terms/codes.ts";
import { text } from "../terms/text.ts";
import { having, quantity, weight } from "./parts.ts";

const fourDigits = z.string().regex(/^\d{4}$/, { error: "must be four digits, such as 1463" });
const risk = z.string().regex(/^[0-9](\.[0-9])?$/, { error: "must be a hazard class, such as 3 or 6.1" });

const innerPackaging = z
  .strictObject({
    quantity: z.int(),
    material: z.string().max(100),
    description: z.string().max(100),
    get innerPackagings() {
      return z.array(innerPackaging).optional();
    },
  })
  .meta({ id: "InnerPackaging" });

const limits = z
  .strictObject({
    temperatureUnit: z.enum(["CEL", "FAH"]),
    flashPoint: z.number().optional(),
    transportControlTemperature: z.number().optional(),
    transportEmergencyTemperature: z.number().optional(),
    SADT: z.number().optional(),
    SAPT: z.number().optional(),
  })
  .meta({ id: "Limits" });

const emergencyContact = z
  .strictObject({
    contact: z.string().max(255),
    provider: z.string().max(255).optional(),
    phone: text(30),
    referenceNumber: z.string().max(255).optional(),
  })
  .meta({ id: "EmergencyContactDetails" });

/** Goods under the IMDG Code; identified by either a UN or an NA number. */
export const dangerousGoods = z
  .strictObject({
    UNNumber: fourDigits.optional(),
    NANumber: fourDigits.optional(),
    codedVariantList: z
      .string()
      .regex(/^[0-3][0-9A-Z]{3}$/, { error: "must be a digit from 0 to 3 and three capital letters or digits" })
      .optional(),
    properShippingName: z.string().max(250),
    technicalName: z.string().max(250).optional(),
    imoClass: z.string().max(4),
    subsidiaryRisk1: risk.optional(),
    subsidiaryRisk2: risk.optional(),
    isMarinePollutant: z.boolean().optional(),
    packingGroup: z.int().min(1).max(3).optional(),
    isLimitedQuantity: z.boolean().optional(),
    isExceptedQuantity: z.boolean().optional(),
    isSalvagePackings: z.boolean().optional(),
    isEmptyUncleanedResidue: z.boolean().optional(),
    isWaste: z.boolean().optional(),
    isHot: z.boolean().optional(),
    isCompetentAuthorityApprovalRequired: z.boolean().optional(),
    competentAuthorityApproval: text(70).optional(),
    segregationGroups: z.array(z.string().max(2)).optional(),
    innerPackagings: z.array(innerPackaging).optional(),
    emergencyContactDetails: emergencyContact.optional(),
    EMSNumber: z.string().max(7).optional(),
    endOfHoldingTime: date.optional(),
    fumigationDateTime: dateTime.optional(),
    isReportableQuantity: z.boolean().optional(),
    inhalationZone: z.string().length(1).optional(),
    grossWeight: weight.optional(),
    netWeight: weight.optional(),
    netExplosiveContent: quantity("KGM", "LBR", "GRM", "ONZ").optional(),
    netVolume: quantity("MTQ", "FTQ", "LTR").optional(),
    limits: limits.optional(),
  })
  .refine(({ UNNumber, NANumber }) => (UNNumber === undefined) !== (NANumber === undefined), {
    error: "must have either a UNNumber or an NANumber",
  })
  .meta({ id: "DangerousGoods", oneOf: [having("UNNumber"), having("NANumber")] });
