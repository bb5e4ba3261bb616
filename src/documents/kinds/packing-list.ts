import { z } from "zod";
import { containerNumber, date, hsCode } from "../terms/codes.ts";
import { marks, measure, packages } from "../terms/goods.ts";
import { issuer, party } from "../terms/party.ts";
import { checkUnique, mustMeasure, withRules } from "../terms/sums.ts";
import { count, identifier, line } from "../terms/text.ts";
import { documentReference, route } from "../terms/trade.ts";

const item = z.strictObject({
  itemNumber: count,
  description: line,
  productIdentifier: identifier.optional(),
  hsCode: hsCode.optional(),
  quantity: measure,
  packages,
  shippingMarks: marks.optional(),
  containerNumber: containerNumber.optional(),
  grossWeight: measure,
  netWeight: measure,
  grossVolume: measure,
});

/** UNTDID 1001 code 271: how goods are packed, what each lot weighs and how much room it takes. */
export const packingList = withRules(
  z.strictObject({
    packingListNumber: identifier,
    issueDate: date,
    invoice: documentReference,
    purchaseOrders: z.array(documentReference).min(1).max(100).optional(),
    consignor: issuer,
    consignee: party,
    notifyParty: party.optional(),
    route: route.optional(),
    items: z.array(item).min(1).max(1_000),
    totals: z.strictObject({ packageCount: count, grossWeight: measure, netWeight: measure, grossVolume: measure }),
    remarks: z.array(line).min(1).max(50).optional(),
  }),
  ({ items, totals }, report) => {
    checkUnique(
      report,
      items.map(({ itemNumber }) => itemNumber),
      (index) => ["items", index, "itemNumber"],
    );
    const packed = items.reduce((total, { packages }) => total + packages.count, 0);
    if (totals.packageCount !== packed) {
      report(["totals", "packageCount"], `does not add up: the items' packages come to ${packed}`);
    }
    for (const field of ["grossWeight", "netWeight", "grossVolume"] as const) {
      mustMeasure(
        report,
        ["totals", field],
        totals[field],
        items.map((each) => each[field]),
        `the items' ${field}`,
      );
    }
  },
);

export type PackingList = z.infer<typeof packingList>;
