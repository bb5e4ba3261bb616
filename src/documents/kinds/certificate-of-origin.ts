import { z } from "zod";
import { country, date, hsCode } from "../terms/codes.ts";
import { marks, measure, packages } from "../terms/goods.ts";
import { issuer, party, signature } from "../terms/party.ts";
import { checkUnique, withRules } from "../terms/sums.ts";
import { count, identifier, line, text } from "../terms/text.ts";
import { documentReference, route } from "../terms/trade.ts";

const item = z.strictObject({
  itemNumber: count,
  description: line,
  hsCode,
  countryOfOrigin: country,
  originCriterion: text(20)
    .optional()
    .describe("As the agreement of the preference numbers them; none without a preference"),
  packages,
  shippingMarks: marks.optional(),
  grossWeight: measure,
  invoice: documentReference,
});

/** UNTDID 1001 code 861: where goods come from, certified by an authority or a chamber of commerce. */
export const certificateOfOrigin = withRules(
  z.strictObject({
    certificateNumber: identifier,
    issueDate: date,
    issuingAuthority: issuer,
    exporter: party,
    producer: party.optional(),
    consignee: party,
    countryOfOrigin: country,
    countryOfDestination: country,
    preferenceAgreement: text(70).optional(),
    route: route.optional(),
    items: z.array(item).min(1).max(999),
    exporterDeclaration: signature,
    certification: signature,
    replaces: documentReference.optional(),
    remarks: z.array(line).min(1).max(50).optional(),
  }),
  ({ items, countryOfOrigin, preferenceAgreement }, report) => {
    checkUnique(
      report,
      items.map(({ itemNumber }) => itemNumber),
      (index) => ["items", index, "itemNumber"],
    );
    for (const [index, item] of items.entries()) {
      if (item.countryOfOrigin !== countryOfOrigin) {
        report(["items", index, "countryOfOrigin"], `must be ${countryOfOrigin}, which the certificate is for`);
      }
      if ((item.originCriterion === undefined) !== (preferenceAgreement === undefined)) {
        report(["items", index, "originCriterion"], "is stated with a preferenceAgreement, and only then");
      }
    }
  },
);

export type CertificateOfOrigin = z.infer<typeof certificateOfOrigin>;
