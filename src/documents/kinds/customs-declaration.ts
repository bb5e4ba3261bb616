import { z } from "zod";
import { containerNumber, country, currency, dateTime, decimal, hsCode, unLocode } from "../terms/codes.ts";
import { marks, measure, packages } from "../terms/goods.ts";
import { issuer, party, place } from "../terms/party.ts";
import { checkUnique, mustEqual, mustMeasure, sum, withRules } from "../terms/sums.ts";
import { count, identifier, line, text } from "../terms/text.ts";
import { deliveryTerms, documentReference, vessel } from "../terms/trade.ts";

const goodsItem = z.strictObject({
  itemNumber: count,
  hsCode,
  description: line,
  countryOfOrigin: country,
  packages,
  shippingMarks: marks.optional(),
  containerNumbers: z.array(containerNumber).min(1).max(100).optional(),
  grossMass: measure,
  netMass: measure,
  supplementaryQuantity: measure.optional(),
  invoicedAmount: decimal,
});

/** UNTDID 1001 code 830: goods declared for exportation. Invoiced amounts are in one currency. */
export const customsDeclaration = withRules(
  z.strictObject({
    declarationNumber: identifier,
    acceptanceTime: dateTime,
    customsOffice: z.strictObject({ code: text(17), name: text(70), locationCode: unLocode.optional() }),
    procedureCode: text(7).describe("As the customs of the country of export number their procedures"),
    exporter: party,
    consignee: party,
    declarant: issuer,
    countryOfExport: country,
    countryOfDestination: country,
    placeOfExit: place,
    modeOfTransport: z.enum(["1", "2", "3", "4", "5", "7", "8"]).describe("UNECE Recommendation 19: 1 is maritime"),
    vessel: vessel.optional(),
    deliveryTerms,
    invoices: z.array(documentReference).min(1).max(100),
    transportDocument: documentReference.optional(),
    currency,
    goodsItems: z.array(goodsItem).min(1).max(999),
    totals: z.strictObject({ itemCount: count, packageCount: count, grossMass: measure, invoicedAmount: decimal }),
    releaseTime: dateTime.optional(),
    remarks: z.array(line).min(1).max(50).optional(),
  }),
  ({ goodsItems: items, totals, acceptanceTime, releaseTime }, report) => {
    checkUnique(
      report,
      items.map(({ itemNumber }) => itemNumber),
      (index) => ["goodsItems", index, "itemNumber"],
    );
    if (totals.itemCount !== items.length) {
      report(["totals", "itemCount"], `does not add up: there are ${items.length} goods items`);
    }
    const packed = items.reduce((total, { packages }) => total + packages.count, 0);
    if (totals.packageCount !== packed) {
      report(["totals", "packageCount"], `does not add up: the items' packages come to ${packed}`);
    }
    const masses = items.map(({ grossMass }) => grossMass);
    mustMeasure(report, ["totals", "grossMass"], totals.grossMass, masses, "the items' grossMass");
    const invoiced = sum(items.map(({ invoicedAmount }) => invoicedAmount));
    mustEqual(report, ["totals", "invoicedAmount"], totals.invoicedAmount, invoiced, "the items' invoiced amounts");
    if (releaseTime !== undefined && Date.parse(releaseTime) < Date.parse(acceptanceTime)) {
      report(["releaseTime"], "must not be before acceptanceTime");
    }
  },
);

export type CustomsDeclaration = z.infer<typeof customsDeclaration>;
