import { z } from "zod";
import { containerNumber, date, dateTime, hsCode } from "../terms/codes.ts";
import { measure, packages } from "../terms/goods.ts";
import { issuer, party, place, signature } from "../terms/party.ts";
import { mustMeasure, withRules } from "../terms/sums.ts";
import { identifier, line, text } from "../terms/text.ts";
import { documentReference } from "../terms/trade.ts";

const finding = z.strictObject({
  characteristic: text(140),
  method: text(140).optional(),
  requirement: line,
  result: line,
  conforms: z.boolean(),
});

/** UNTDID 1001 code 856: goods that somebody independent has looked at. */
export const inspectionCertificate = withRules(
  z.strictObject({
    certificateNumber: identifier,
    issueDate: date,
    inspector: issuer,
    applicant: party,
    seller: party,
    buyer: party,
    contract: documentReference.optional(),
    invoice: documentReference.optional(),
    inspectionPlace: place,
    inspectionStart: dateTime,
    inspectionEnd: dateTime,
    goodsDescription: line,
    hsCode: hsCode.optional(),
    lotNumber: identifier.optional(),
    packages,
    containerNumbers: z.array(containerNumber).min(1).max(100).optional(),
    samplingPlan: text(140),
    quantityPresented: measure,
    quantityAccepted: measure,
    quantityRejected: measure,
    findings: z.array(finding).min(1).max(500),
    conforms: z.boolean().describe("Whether the goods conform: every finding must, and nothing is rejected"),
    signature,
    remarks: z.array(line).min(1).max(50).optional(),
  }),
  (certificate, report) => {
    const { inspectionStart, inspectionEnd, findings, conforms } = certificate;
    const { quantityPresented, quantityAccepted, quantityRejected } = certificate;
    mustMeasure(
      report,
      ["quantityPresented"],
      quantityPresented,
      [quantityAccepted, quantityRejected],
      "quantityAccepted and quantityRejected",
    );
    if (Date.parse(inspectionEnd) < Date.parse(inspectionStart)) {
      report(["inspectionEnd"], "must not be before inspectionStart");
    }
    const nothingRejected = Number(quantityRejected.value) === 0;
    if (conforms !== (nothingRejected && findings.every((each) => each.conforms))) {
      report(["conforms"], `must be ${!conforms}: it follows from the findings and the quantity rejected`);
    }
  },
);

export type InspectionCertificate = z.infer<typeof inspectionCertificate>;
