import { adapter, group } from "../adapter.ts";
import { compact, mapped, maybe, one, sequence, text } from "../codec.ts";
import { account, agent, money, remittance } from "../parts.ts";
import * as rules from "../rules.ts";
import type { InstitutionCreditTransfer } from "./documents.ts";
import { paymentId, priority } from "./payment.ts";

const codec = sequence({
  FICdtTrf: one(
    sequence({
      GrpHdr: one(group),
      CdtTrfTxInf: one(
        sequence({
          PmtId: one(paymentId),
          IntrBkSttlmAmt: one(money),
          IntrBkSttlmDt: maybe(text(rules.date)),
          SttlmPrty: maybe(text(priority)),
          InstgAgt: maybe(agent),
          InstdAgt: maybe(agent),
          Dbtr: one(agent),
          DbtrAcct: maybe(account),
          Cdtr: one(agent),
          CdtrAcct: maybe(account),
          RmtInf: maybe(remittance),
        }),
      ),
    }),
  ),
});

export const pacs00900108 = adapter<InstitutionCreditTransfer>(
  "pacs.009.001.08",
  "InstitutionCreditTransfer",
  mapped(
    codec,
    ({ FICdtTrf: { GrpHdr, CdtTrfTxInf: payment } }) => ({
      type: "InstitutionCreditTransfer",
      ...GrpHdr,
      ...payment.PmtId,
      amount: payment.IntrBkSttlmAmt,
      ...compact({
        settlementDate: payment.IntrBkSttlmDt,
        priority: payment.SttlmPrty,
        instructing: payment.InstgAgt,
        instructed: payment.InstdAgt,
        debtorAccount: payment.DbtrAcct,
        creditorAccount: payment.CdtrAcct,
      }),
      debtor: payment.Dbtr,
      creditor: payment.Cdtr,
      remittance: payment.RmtInf ?? [],
    }),
    (document) => ({
      FICdtTrf: {
        GrpHdr: document,
        CdtTrfTxInf: {
          PmtId: document,
          IntrBkSttlmAmt: document.amount,
          IntrBkSttlmDt: document.settlementDate,
          SttlmPrty: document.priority,
          InstgAgt: document.instructing,
          InstdAgt: document.instructed,
          Dbtr: document.debtor,
          DbtrAcct: document.debtorAccount,
          Cdtr: document.creditor,
          CdtrAcct: document.creditorAccount,
          RmtInf: document.remittance.length === 0 ? undefined : document.remittance,
        },
      },
    }),
  ),
);
