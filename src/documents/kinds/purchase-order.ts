import { z } from "zod";
import { currency, date, decimal } from "../terms/codes.ts";
import { pricedLine } from "../terms/goods.ts";
import { issuer, party } from "../terms/party.ts";
import { checkPricedLines, mustEqual, sum, withRules } from "../terms/sums.ts";
import { identifier, line } from "../terms/text.ts";
import { deliveryTerms, documentReference, paymentTerms } from "../terms/trade.ts";

/** UNTDID 1001 code 105: what a buyer orders from a seller. All amounts are in one currency. */
export const purchaseOrder = withRules(
  z.strictObject({
    orderNumber: identifier,
    issueDate: date,
    buyer: issuer,
    seller: party,
    consignee: party.optional(),
    contract: documentReference.optional(),
    quotation: documentReference.optional(),
    currency,
    deliveryTerms,
    paymentTerms,
    latestShipmentDate: date,
    partialShipmentsAllowed: z.boolean(),
    requiredDocuments: z.array(line).min(1).max(50).optional(),
    lines: z.array(pricedLine).min(1).max(1_000),
    totals: z.strictObject({ orderAmount: decimal.describe("The lines' net amounts") }),
    remarks: z.array(line).min(1).max(50).optional(),
  }),
  ({ issueDate, latestShipmentDate, lines, totals }, report) => {
    checkPricedLines(report, lines);
    const ordered = sum(lines.map(({ netAmount }) => netAmount));
    mustEqual(report, ["totals", "orderAmount"], totals.orderAmount, ordered, "the lines' net amounts");
    if (latestShipmentDate < issueDate) report(["latestShipmentDate"], "must not be before issueDate");
  },
);

export type PurchaseOrder = z.infer<typeof purchaseOrder>;
