import { adapter } from "../adapter.ts";
import { mapped, one, sequence, skipped, text } from "../codec.ts";
import { account } from "../parts.ts";
import * as rules from "../rules.ts";
import type { DebitCreditNotification } from "./documents.ts";
import { checkEntries, entries } from "./entry.ts";

const PATH = "/Document/BkToCstmrDbtCdtNtfctn/Ntfctn";

export const bookGroup = sequence({
  MsgId: one(text(rules.id35)),
  CreDtTm: one(text(rules.timestamp)),
  MsgRcpt: skipped,
  AddtlInf: skipped,
});

const codec = sequence({
  BkToCstmrDbtCdtNtfctn: one(
    sequence({
      GrpHdr: one(bookGroup),
      Ntfctn: one(
        sequence({
          Id: one(text(rules.id35)),
          ElctrncSeqNb: skipped,
          CreDtTm: skipped,
          FrToDt: skipped,
          Acct: one(account),
          TxsSummry: skipped,
          Ntry: entries,
          AddtlNtfctnInf: skipped,
        }),
      ),
    }),
  ),
});

export const camt05400108 = adapter<DebitCreditNotification>(
  "camt.054.001.08",
  "DebitCreditNotification",
  mapped(
    codec,
    ({ BkToCstmrDbtCdtNtfctn: { GrpHdr, Ntfctn } }) => {
      checkEntries(Ntfctn.Ntry, Ntfctn.Acct.currency, PATH);
      return {
        type: "DebitCreditNotification",
        id: GrpHdr.MsgId,
        createdAt: GrpHdr.CreDtTm,
        notificationId: Ntfctn.Id,
        account: Ntfctn.Acct,
        entries: Ntfctn.Ntry,
      };
    },
    (document) => {
      checkEntries(document.entries, document.account.currency, PATH);
      return {
        BkToCstmrDbtCdtNtfctn: {
          GrpHdr: { MsgId: document.id, CreDtTm: document.createdAt },
          Ntfctn: { Id: document.notificationId, Acct: document.account, Ntry: document.entries },
        },
      };
    },
  ),
);
