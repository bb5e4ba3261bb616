import { z } from "zod";
import { isPercentage } from "../../core/decimal.ts";
import { currency, date, decimal } from "../terms/codes.ts";
import { marks, packages } from "../terms/goods.ts";
import { issuer, party, place, signature } from "../terms/party.ts";
import { withRules } from "../terms/sums.ts";
import { identifier, line } from "../terms/text.ts";
import { documentReference, money, route } from "../terms/trade.ts";

/** UNTDID 1001 code 520: goods that are insured for a voyage under a policy. */
export const insuranceCertificate = withRules(
  z.strictObject({
    certificateNumber: identifier,
    policyNumber: identifier,
    issueDate: date,
    insurer: issuer,
    assured: party,
    toOrder: z.boolean().describe("Whether claims pass by endorsement"),
    goodsDescription: z.array(line).min(1).max(50),
    packages,
    shippingMarks: marks.optional(),
    route,
    invoice: documentReference,
    currency,
    invoicedAmount: decimal,
    insuredPercent: decimal.describe("Of the invoiced amount: 110 unless agreed otherwise (UCP 600, article 28)"),
    insuredAmount: decimal,
    premium: money.optional(),
    conditions: z.array(line).min(1).max(50),
    excludedPerils: z.array(line).min(1).max(50).optional(),
    claims: z.strictObject({ payableAt: place, agent: party.optional() }),
    coverFrom: date,
    signature,
    remarks: z.array(line).min(1).max(50).optional(),
  }),
  ({ invoicedAmount, insuredPercent, insuredAmount, coverFrom, route }, report) => {
    if (!isPercentage(insuredAmount, invoicedAmount, insuredPercent)) {
      report(["insuredAmount"], `does not add up: it must be ${insuredPercent} % of ${invoicedAmount}, rounded`);
    }
    if (route.departureDate !== undefined && route.departureDate < coverFrom) {
      report(["coverFrom"], "must not be after the departure");
    }
  },
);

export type InsuranceCertificate = z.infer<typeof insuranceCertificate>;
