import { z } from "zod";
import { date, dateTime, hsCode, unLocode } from "../terms/codes.ts";
import { marks, measure, packages } from "../terms/goods.ts";
import { address, issuer, party, signature } from "../terms/party.ts";
import { checkUnique, mustMeasure, withRules } from "../terms/sums.ts";
import { count, identifier, line, text } from "../terms/text.ts";
import { documentReference, money } from "../terms/trade.ts";

const item = z.strictObject({
  itemNumber: count,
  description: line,
  hsCode: hsCode.optional(),
  lotNumber: identifier.optional(),
  grade: text(70).optional(),
  quantity: measure,
  packages,
  shippingMarks: marks.optional(),
  grossWeight: measure,
  condition: line.describe("As received, apparent to the warehouse keeper"),
});

const charge = z.strictObject({ description: line, rate: money, per: text(70) });

/** UNTDID 1001 code 635: goods that a warehouse keeper has received and will deliver to whoever holds the receipt or is named. */
export const warehouseReceipt = withRules(
  z.strictObject({
    receiptNumber: identifier,
    issueDate: date,
    warehouseKeeper: issuer,
    warehouse: z.strictObject({
      name: text(140),
      address,
      locationCode: unLocode.optional(),
      section: text(70).optional(),
    }),
    depositor: party,
    toOrder: z.boolean().describe("Whether it passes by endorsement; otherwise only the named party may take delivery"),
    deliverTo: party.optional(),
    receivedTime: dateTime,
    storedUntil: date.optional(),
    items: z.array(item).min(1).max(999),
    totals: z.strictObject({ packageCount: count, grossWeight: measure }),
    charges: z.array(charge).min(1).max(50).optional(),
    lien: money.optional().describe("What the warehouse keeper is owed, and holds the goods for"),
    insurance: documentReference.optional(),
    signature,
    remarks: z.array(line).min(1).max(50).optional(),
  }),
  ({ items, totals, toOrder, deliverTo, issueDate, storedUntil }, report) => {
    checkUnique(
      report,
      items.map(({ itemNumber }) => itemNumber),
      (index) => ["items", index, "itemNumber"],
    );
    const stored = items.reduce((total, { packages }) => total + packages.count, 0);
    if (totals.packageCount !== stored) {
      report(["totals", "packageCount"], `does not add up: the items' packages come to ${stored}`);
    }
    const weights = items.map(({ grossWeight }) => grossWeight);
    mustMeasure(report, ["totals", "grossWeight"], totals.grossWeight, weights, "the items' grossWeight");
    if (!toOrder && deliverTo === undefined) {
      report(["deliverTo"], "is required when toOrder is false: name who may take delivery");
    }
    if (storedUntil !== undefined && storedUntil < issueDate) report(["storedUntil"], "must not be before issueDate");
  },
);

export type WarehouseReceipt = z.infer<typeof warehouseReceipt>;
