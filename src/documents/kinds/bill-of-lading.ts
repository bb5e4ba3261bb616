import { z } from "zod";
import { consignmentItem, utilizedTransportEquipment } from "../dcsa/cargo.ts";
import { documentParties, partyContactDetail } from "../dcsa/parties.ts";
import { customsReference, displayed, license, reference } from "../dcsa/parts.ts";
import { charge, invoicePayableAt, placeOfIssue, transports } from "../dcsa/transports.ts";
import { currency, date } from "../terms/codes.ts";
import { type Report, withRules } from "../terms/sums.ts";
import { text } from "../terms/text.ts";

const serviceType = z.enum(["CY", "SD", "CFS"]);
const movementType = z.enum(["FCL", "LCL"]);
const copies = z.int().min(0);

const fields = {
  transportDocumentReference: text(20),
  transportDocumentSubReference: text(100).optional(),
  shippingInstructionsReference: text(100).optional(),
  transportDocumentStatus: z.enum([
    "DRAFT",
    "APPROVED",
    "ISSUED",
    "PENDING_SURRENDER_FOR_AMENDMENT",
    "SURRENDERED_FOR_AMENDMENT",
    "PENDING_SURRENDER_FOR_DELIVERY",
    "SURRENDERED_FOR_DELIVERY",
    "VOIDED",
  ]),
  transportDocumentTypeCode: z.literal("BOL"),
  isShippedOnBoardType: z.boolean(),
  freightPaymentTermCode: z.enum(["PRE", "COL"]).optional(),
  isElectronic: z.boolean(),
  isToOrder: z.boolean(),
  numberOfCopiesWithCharges: copies.optional(),
  numberOfCopiesWithoutCharges: copies.optional(),
  numberOfOriginalsWithCharges: copies.optional(),
  numberOfOriginalsWithoutCharges: copies.optional(),
  displayedNameForPlaceOfReceipt: displayed(5).optional(),
  displayedNameForPortOfLoad: displayed(5).optional(),
  displayedNameForPortOfDischarge: displayed(5).optional(),
  displayedNameForPlaceOfDelivery: displayed(5).optional(),
  shippedOnBoardDate: date.optional(),
  displayedShippedOnBoardReceivedForShipment: text(250).optional(),
  termsAndConditions: z.string().max(50_000),
  receiptTypeAtOrigin: serviceType,
  deliveryTypeAtDestination: serviceType,
  cargoMovementTypeAtOrigin: movementType,
  cargoMovementTypeAtDestination: movementType,
  issueDate: date.optional(),
  receivedForShipmentDate: date.optional(),
  serviceContractReference: z.string().max(30).optional(),
  contractQuotationReference: text(35).optional(),
  extendedContractQuotationReference: text(70).optional(),
  declaredValue: z.number().min(0).optional(),
  declaredValueCurrency: currency.optional(),
  carrierCode: z.string().regex(/^\S{1,4}$/, { error: "must be a SMDG or SCAC code, at most four characters" }),
  carrierCodeListProvider: z.enum(["SMDG", "NMFTA"]),
  carrierClauses: z.array(text(20_000)).optional(),
  numberOfRiderPages: copies.optional(),
  transports,
  charges: z.array(charge).optional(),
  placeOfIssue: placeOfIssue.optional(),
  invoicePayableAt,
  partyContactDetails: z.array(partyContactDetail).min(1),
  documentParties,
  consignmentItems: z.array(consignmentItem).min(1),
  utilizedTransportEquipments: z.array(utilizedTransportEquipment).min(1),
  exportLicense: license.optional(),
  importLicense: license.optional(),
  references: z.array(reference).optional(),
  customsReferences: z.array(customsReference).optional(),
};

const transportDocument = z.strictObject(fields);

/**
 * UNTDID 1001 code 705: a bill of lading as DCSA eBL 3 has it, a TransportDocument of type BOL with the members of version
 * 3.0.4. Weights and charges are JSON numbers there.
 */
export const billOfLading = withRules(transportDocument, (bill, report) => {
  checkIssue(report, bill);
  checkParties(report, bill);
  checkEquipment(report, bill);
});

export type BillOfLading = z.infer<typeof billOfLading>;

function checkIssue(report: Report, bill: BillOfLading): void {
  const { shippedOnBoardDate, receivedForShipmentDate } = bill;
  if (bill.isShippedOnBoardType && receivedForShipmentDate !== undefined) {
    report(["receivedForShipmentDate"], "must be left out when isShippedOnBoardType is true");
  }
  if (!bill.isShippedOnBoardType && shippedOnBoardDate !== undefined) {
    report(["shippedOnBoardDate"], "must be left out when isShippedOnBoardType is false");
  }
  if ((bill.declaredValue === undefined) !== (bill.declaredValueCurrency === undefined)) {
    report(["declaredValueCurrency"], "is stated with a declaredValue, and only then");
  }
  const originals = (bill.numberOfOriginalsWithCharges ?? 0) + (bill.numberOfOriginalsWithoutCharges ?? 0);
  if (bill.isElectronic && originals > 1) {
    report(["numberOfOriginalsWithoutCharges"], "must make one original at most: the bill is electronic");
  }
  if (bill.transportDocumentStatus === "DRAFT" || bill.transportDocumentStatus === "APPROVED") return;
  if (bill.issueDate === undefined) report(["issueDate"], "is required once the bill is issued");
  const [dated, day] = bill.isShippedOnBoardType
    ? (["shippedOnBoardDate", shippedOnBoardDate] as const)
    : (["receivedForShipmentDate", receivedForShipmentDate] as const);
  if (day === undefined) report([dated], "is required once the bill is issued");
}

function checkParties(report: Report, { isToOrder, documentParties }: BillOfLading): void {
  const { consignee, endorsee, notifyParties = [] } = documentParties;
  if (!isToOrder && consignee === undefined) {
    report(
      ["documentParties", "consignee"],
      "is required when isToOrder is false: a straight bill names who gets the goods",
    );
  }
  if (!isToOrder && endorsee !== undefined) {
    report(["documentParties", "endorsee"], "must be left out when isToOrder is false");
  }
  if (isToOrder && consignee !== undefined && endorsee !== undefined) {
    report(["documentParties", "endorsee"], "must be left out when there is a consignee");
  }
  const notified = notifyParties.length > 0 || consignee?.isNotifyParty === true || endorsee?.isNotifyParty === true;
  if (isToOrder && !notified) {
    report(["documentParties", "notifyParties"], "is required when isToOrder is true: name who is told of the arrival");
  }
}

function checkEquipment(report: Report, bill: BillOfLading): void {
  const listed = bill.utilizedTransportEquipments.map(({ equipment }) => equipment.equipmentReference);
  const known = new Set<string>();
  for (const [index, number] of listed.entries()) {
    if (known.has(number)) {
      report(["utilizedTransportEquipments", index, "equipment", "equipmentReference"], "is there twice");
    }
    known.add(number);
  }
  const used = new Set<string>();
  for (const [item, { cargoItems }] of bill.consignmentItems.entries()) {
    for (const [index, { equipmentReference }] of cargoItems.entries()) {
      used.add(equipmentReference);
      if (known.has(equipmentReference)) continue;
      const path = ["consignmentItems", item, "cargoItems", index, "equipmentReference"];
      report(path, "must be the number of a container in utilizedTransportEquipments");
    }
  }
  for (const [index, number] of listed.entries()) {
    if (used.has(number)) continue;
    const path = ["utilizedTransportEquipments", index, "equipment", "equipmentReference"];
    report(path, "is the number of a container that no cargo item is in");
  }
}
