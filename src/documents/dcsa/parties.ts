import { z } from "zod";
import { isLei } from "../../core/codes/lei.ts";
import { text } from "../terms/text.ts";
import { address, addressLines, countryCode, displayed, having, partyAddress } from "./parts.ts";

export const partyContactDetail = z
  .strictObject({
    name: text(35),
    phone: text(30).optional(),
    email: z
      .string()
      // DCSA's pattern takes quadratic time, so that nothing longer may come to it.
      .max(100, { abort: true })
      .regex(/^.+@\S+$/, { error: "must be an e-mail address, such as desk@example.com" })
      .optional(),
  })
  .refine(({ phone, email }) => phone !== undefined || email !== undefined, {
    error: "must have a phone or an email",
  })
  .meta({ id: "PartyContactDetail", anyOf: [having("phone"), having("email")] });

const identifyingCode = z
  .strictObject({
    codeListProvider: z.string().max(100),
    partyCode: z.string().max(150),
    codeListName: z.string().max(100).optional(),
  })
  .refine(({ codeListProvider, codeListName, partyCode }) => isSound(codeListProvider, codeListName, partyCode), {
    path: ["partyCode"],
    error:
      "is no Legal Entity Identifier: its check digits do not hold, so compare every character with the GLEIF record",
  })
  .meta({ id: "IdentifyingCode", description: "W3C with DID, GLEIF with LEI, DNB with DUNS, …" });

function isSound(provider: string, list: string | undefined, code: string): boolean {
  return provider !== "GLEIF" || (list ?? "LEI") !== "LEI" || isLei(code);
}

const taxLegalReference = z
  .strictObject({ type: text(50), countryCode, value: text(35) })
  .meta({ id: "TaxLegalReference" });

const eblPlatform = z
  .string()
  .regex(/^\S{1,4}$/, { error: "must be a code of DCSA's list of eBL platforms, at most four characters" })
  .meta({ id: "EblPlatform" });

const partyFields = {
  partyName: text(70),
  address: partyAddress.optional(),
  addressLines: addressLines.optional(),
  identifyingCodes: z.array(identifyingCode).optional(),
  taxLegalReferences: z.array(taxLegalReference).optional(),
  partyContactDetails: z.array(partyContactDetail).optional(),
};

const shownFields = {
  ...partyFields,
  typeOfPerson: z.enum(["NATURAL_PERSON", "LEGAL_PERSON", "ASSOCIATION_OF_PERSONS"]).optional(),
  displayedAddress: displayed(6).optional(),
  reference: text(35).optional(),
};

const party = z
  .strictObject({ ...partyFields, reference: text(35).optional() })
  .meta({ id: "DcsaParty", title: "Party" });

const shipper = z
  .strictObject({
    ...shownFields,
    eblPlatform: eblPlatform.optional(),
    purchaseOrderReferences: z.array(text(35)).optional(),
  })
  .meta({ id: "Shipper" });

const consignee = z
  .strictObject({
    ...shownFields,
    identifyingCodes: z.array(identifyingCode).min(1),
    eblPlatform: eblPlatform.optional(),
    purchaseOrderReferences: z.array(text(35)).optional(),
    isNotifyParty: z.boolean().optional(),
  })
  .meta({ id: "Consignee" });

const onBehalfOf = z
  .strictObject({
    partyName: text(70),
    address: partyAddress.optional(),
    addressLines: addressLines.optional(),
    identifyingCodes: z.array(identifyingCode).optional(),
  })
  .meta({ id: "OnBehalfOf" });

const endorsee = z
  .strictObject({
    ...partyFields,
    identifyingCodes: z.array(identifyingCode),
    eblPlatform: eblPlatform.optional(),
    displayedAddress: displayed(6).optional(),
    isNotifyParty: z.boolean().optional(),
  })
  .meta({ id: "Endorsee" });

const agentAtDestination = z
  .strictObject({
    partyName: text(70),
    address,
    addressLines: addressLines.optional(),
    partyContactDetails: z.array(partyContactDetail),
  })
  .meta({ id: "CarriersAgentAtDestination" });

/** Everybody whom a transport document names, by role. */
export const documentParties = z
  .strictObject({
    shipper,
    onBehalfOfShipper: onBehalfOf.optional(),
    consignee: consignee.optional(),
    onBehalfOfConsignee: onBehalfOf.optional(),
    endorsee: endorsee.optional(),
    issuingParty: z.strictObject({ ...partyFields, address: partyAddress }).meta({ id: "IssuingParty" }),
    carriersAgentAtDestination: agentAtDestination.optional(),
    notifyParties: z
      .array(z.strictObject(shownFields).meta({ id: "NotifyParty" }))
      .max(3)
      .optional(),
    other: z.array(z.strictObject({ party, partyFunction: z.string().max(3) })).optional(),
  })
  .meta({ id: "DocumentParties" });
