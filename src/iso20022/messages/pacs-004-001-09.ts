import { adapter, group } from "../adapter.ts";
import { compact, mapped, maybe, one, sequence, skipped, text } from "../codec.ts";
import { money } from "../parts.ts";
import * as rules from "../rules.ts";
import type { PaymentReturn } from "./documents.ts";
import { fromOriginal, originalParts, reason, toOriginal } from "./payment.ts";

const codec = sequence({
  PmtRtr: one(
    sequence({
      GrpHdr: one(group),
      TxInf: one(
        sequence({
          RtrId: one(text(rules.id35)),
          ...originalParts,
          OrgnlIntrBkSttlmAmt: maybe(money),
          OrgnlIntrBkSttlmDt: skipped,
          RtrdIntrBkSttlmAmt: one(money),
          IntrBkSttlmDt: maybe(text(rules.date)),
          ClrSysRef: skipped,
          InstgAgt: skipped,
          InstdAgt: skipped,
          RtrChain: skipped,
          RtrRsnInf: one(reason),
          OrgnlTxRef: skipped,
        }),
      ),
    }),
  ),
});

export const pacs00400109 = adapter<PaymentReturn>(
  "pacs.004.001.09",
  "PaymentReturn",
  mapped(
    codec,
    ({ PmtRtr: { GrpHdr, TxInf } }) => ({
      type: "PaymentReturn",
      ...GrpHdr,
      returnId: TxInf.RtrId,
      original: toOriginal(TxInf),
      amount: TxInf.RtrdIntrBkSttlmAmt,
      ...compact({ originalAmount: TxInf.OrgnlIntrBkSttlmAmt, settlementDate: TxInf.IntrBkSttlmDt }),
      reason: TxInf.RtrRsnInf,
    }),
    (document) => ({
      PmtRtr: {
        GrpHdr: document,
        TxInf: {
          RtrId: document.returnId,
          ...fromOriginal(document.original),
          OrgnlIntrBkSttlmAmt: document.originalAmount,
          RtrdIntrBkSttlmAmt: document.amount,
          IntrBkSttlmDt: document.settlementDate,
          RtrRsnInf: document.reason,
        },
      },
    }),
  ),
);
