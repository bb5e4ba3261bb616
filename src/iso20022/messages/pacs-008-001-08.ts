import { z } from "zod";
import { adapter, group } from "../adapter.ts";
import { compact, mapped, maybe, one, sequence, skipped, text } from "../codec.ts";
import { account, agent, money, party, remittance } from "../parts.ts";
import * as rules from "../rules.ts";
import type { CustomerCreditTransfer } from "./documents.ts";
import { paymentId, priority } from "./payment.ts";

const charges = z.enum(["DEBT", "CRED", "SHAR", "SLEV"], "use DEBT, CRED, SHAR or SLEV");

const codec = sequence({
  FIToFICstmrCdtTrf: one(
    sequence({
      GrpHdr: one(group),
      CdtTrfTxInf: one(
        sequence({
          PmtId: one(paymentId),
          IntrBkSttlmAmt: one(money),
          IntrBkSttlmDt: maybe(text(rules.date)),
          SttlmPrty: maybe(text(priority)),
          ChrgBr: one(text(charges)),
          InstgAgt: maybe(agent),
          InstdAgt: maybe(agent),
          Dbtr: one(party),
          DbtrAcct: maybe(account),
          DbtrAgt: one(agent),
          CdtrAgt: one(agent),
          Cdtr: one(party),
          CdtrAcct: maybe(account),
          Purp: skipped,
          RmtInf: maybe(remittance),
        }),
      ),
    }),
  ),
});

export const pacs00800108 = adapter<CustomerCreditTransfer>(
  "pacs.008.001.08",
  "CustomerCreditTransfer",
  mapped(
    codec,
    ({ FIToFICstmrCdtTrf: { GrpHdr, CdtTrfTxInf: payment } }) => ({
      type: "CustomerCreditTransfer",
      ...GrpHdr,
      ...payment.PmtId,
      amount: payment.IntrBkSttlmAmt,
      charges: payment.ChrgBr,
      ...compact({
        settlementDate: payment.IntrBkSttlmDt,
        priority: payment.SttlmPrty,
        instructing: payment.InstgAgt,
        instructed: payment.InstdAgt,
        debtorAccount: payment.DbtrAcct,
        creditorAccount: payment.CdtrAcct,
      }),
      debtor: payment.Dbtr,
      debtorAgent: payment.DbtrAgt,
      creditorAgent: payment.CdtrAgt,
      creditor: payment.Cdtr,
      remittance: payment.RmtInf ?? [],
    }),
    (document) => ({
      FIToFICstmrCdtTrf: {
        GrpHdr: document,
        CdtTrfTxInf: {
          PmtId: document,
          IntrBkSttlmAmt: document.amount,
          IntrBkSttlmDt: document.settlementDate,
          SttlmPrty: document.priority,
          ChrgBr: document.charges,
          InstgAgt: document.instructing,
          InstdAgt: document.instructed,
          Dbtr: document.debtor,
          DbtrAcct: document.debtorAccount,
          DbtrAgt: document.debtorAgent,
          CdtrAgt: document.creditorAgent,
          Cdtr: document.creditor,
          CdtrAcct: document.creditorAccount,
          RmtInf: document.remittance.length === 0 ? undefined : document.remittance,
        },
      },
    }),
  ),
);
