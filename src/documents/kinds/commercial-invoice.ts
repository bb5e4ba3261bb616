import { z } from "zod";
import { currency, date, decimal } from "../terms/codes.ts";
import { marks, pricedLine } from "../terms/goods.ts";
import { issuer, party } from "../terms/party.ts";
import { checkPricedLines, mustEqual, sum, withRules } from "../terms/sums.ts";
import { identifier, line, text } from "../terms/text.ts";
import { deliveryTerms, documentReference, paymentTerms, route } from "../terms/trade.ts";

const adjustment = z.strictObject({ reason: line, amount: decimal });

const tax = z.strictObject({
  type: text(3).describe("UNTDID 5153, such as VAT"),
  ratePercent: decimal,
  basisAmount: decimal,
  amount: decimal,
});

const account = z.strictObject({
  accountName: text(140),
  accountNumber: text(34).describe("IBAN where the country has them"),
  institution: text(140),
  bic: z
    .string()
    .regex(/^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/, {
      error: "must be a business identifier code of 8 or 11 capital letters or digits (ISO 9362), such as BUNDCNSH",
    })
    .optional(),
});

const totals = z.strictObject({
  linesAmount: decimal.describe("The lines' net amounts"),
  chargesAmount: decimal.optional(),
  allowancesAmount: decimal.optional(),
  taxAmount: decimal.optional(),
  payableAmount: decimal.describe("Lines and charges less allowances, and tax"),
});

/** UNTDID 1001 code 380: what a seller charges a buyer for goods. All amounts are in one currency. */
export const commercialInvoice = withRules(
  z.strictObject({
    invoiceNumber: identifier,
    issueDate: date,
    seller: issuer,
    buyer: party,
    consignee: party.optional(),
    purchaseOrders: z.array(documentReference).min(1).max(100).optional(),
    contract: documentReference.optional(),
    documentaryCredit: documentReference.optional(),
    currency,
    deliveryTerms,
    paymentTerms,
    payeeAccount: account.optional(),
    route: route.optional(),
    shippingMarks: marks.optional(),
    lines: z.array(pricedLine).min(1).max(1_000),
    charges: z.array(adjustment).min(1).max(100).optional(),
    allowances: z.array(adjustment).min(1).max(100).optional(),
    taxes: z.array(tax).min(1).max(20).optional(),
    totals,
    remarks: z.array(line).min(1).max(50).optional(),
  }),
  (invoice, report) => {
    const { totals, lines, charges = [], allowances = [], taxes = [] } = invoice;
    checkPricedLines(report, lines);
    const linesSum = sum(lines.map(({ netAmount }) => netAmount));
    const chargesSum = sum(charges.map(({ amount }) => amount));
    const allowancesSum = sum(allowances.map(({ amount }) => amount));
    const taxSum = sum(taxes.map(({ amount }) => amount));
    mustEqual(report, ["totals", "linesAmount"], totals.linesAmount, linesSum, "the lines' net amounts");
    mustEqual(report, ["totals", "chargesAmount"], totals.chargesAmount ?? "0", chargesSum, "the charges");
    mustEqual(report, ["totals", "allowancesAmount"], totals.allowancesAmount ?? "0", allowancesSum, "the allowances");
    mustEqual(report, ["totals", "taxAmount"], totals.taxAmount ?? "0", taxSum, "the taxes");
    const payable = linesSum + chargesSum - allowancesSum + taxSum;
    mustEqual(
      report,
      ["totals", "payableAmount"],
      totals.payableAmount,
      payable,
      "lines, charges, allowances and taxes",
    );
  },
);

export type CommercialInvoice = z.infer<typeof commercialInvoice>;
