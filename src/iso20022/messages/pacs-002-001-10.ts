import { z } from "zod";
import { adapter } from "../adapter.ts";
import { compact, mapped, maybe, one, sequence, skipped, text } from "../codec.ts";
import * as rules from "../rules.ts";
import type { PaymentStatusReport } from "./documents.ts";
import { fromOriginal, originalParts, reason, toOriginal } from "./payment.ts";

const status = z.enum(
  ["RCVD", "PDNG", "ACTC", "ACCP", "ACWP", "ACSP", "ACSC", "ACCC", "RJCT", "CANC"],
  "use a status code of one payment",
);

const codec = sequence({
  FIToFIPmtStsRpt: one(
    sequence({
      GrpHdr: one(
        sequence({
          MsgId: one(text(rules.id35)),
          CreDtTm: one(text(rules.timestamp)),
          InstgAgt: skipped,
          InstdAgt: skipped,
        }),
      ),
      TxInfAndSts: one(
        sequence({
          StsId: skipped,
          ...originalParts,
          TxSts: one(text(status)),
          StsRsnInf: maybe(reason),
          AccptncDtTm: maybe(text(rules.timestamp)),
          FctvIntrBkSttlmDt: skipped,
          AcctSvcrRef: maybe(text(rules.id35)),
          ClrSysRef: skipped,
          InstgAgt: skipped,
          InstdAgt: skipped,
          OrgnlTxRef: skipped,
        }),
      ),
    }),
  ),
});

export const pacs00200110 = adapter<PaymentStatusReport>(
  "pacs.002.001.10",
  "PaymentStatusReport",
  mapped(
    codec,
    ({ FIToFIPmtStsRpt: { GrpHdr, TxInfAndSts } }) => ({
      type: "PaymentStatusReport",
      id: GrpHdr.MsgId,
      createdAt: GrpHdr.CreDtTm,
      original: toOriginal(TxInfAndSts),
      status: TxInfAndSts.TxSts,
      ...compact({
        reason: TxInfAndSts.StsRsnInf,
        acceptedAt: TxInfAndSts.AccptncDtTm,
        servicerReference: TxInfAndSts.AcctSvcrRef,
      }),
    }),
    (document) => ({
      FIToFIPmtStsRpt: {
        GrpHdr: { MsgId: document.id, CreDtTm: document.createdAt },
        TxInfAndSts: {
          ...fromOriginal(document.original),
          TxSts: document.status,
          StsRsnInf: document.reason,
          AccptncDtTm: document.acceptedAt,
          AcctSvcrRef: document.servicerReference,
        },
      },
    }),
  ),
);
