import { z } from "zod";
import { type Codec, choice, compact, mapped, maybe, one, sequence, several, skipped, text } from "../codec.ts";
import { isoError } from "../iso-error.ts";
import { dateOrTime, dayOf, type Money, money, remittance } from "../parts.ts";
import * as rules from "../rules.ts";
import type { Entry } from "./documents.ts";

export const direction = z.enum(["CRDT", "DBIT"], "use CRDT or DBIT");
const status = z.enum(["BOOK", "PDNG", "INFO", "FUTR"], "use BOOK, PDNG, INFO or FUTR");
const indicator = z.enum(["true", "false"], "use true or false");

const transaction = sequence({
  Refs: maybe(
    sequence({
      MsgId: maybe(text(rules.id35)),
      AcctSvcrRef: skipped,
      PmtInfId: skipped,
      InstrId: maybe(text(rules.id35)),
      EndToEndId: maybe(text(rules.id35)),
      UETR: maybe(text(rules.uetr)),
      TxId: skipped,
      ClrSysRef: skipped,
    }),
  ),
  Amt: maybe(money),
  CdtDbtInd: maybe(text(direction)),
  BkTxCd: skipped,
  RltdPties: skipped,
  RltdAgts: skipped,
  Purp: skipped,
  RmtInf: maybe(remittance),
  RltdDts: skipped,
  RtrInf: skipped,
  AddtlTxInf: skipped,
});

const transactionCode = sequence({
  Domn: maybe(
    sequence({
      Cd: one(text(rules.externalCode)),
      Fmly: one(sequence({ Cd: one(text(rules.externalCode)), SubFmlyCd: one(text(rules.externalCode)) })),
    }),
  ),
  Prtry: skipped,
});

const elements = sequence({
  NtryRef: skipped,
  Amt: one(money),
  CdtDbtInd: one(text(direction)),
  RvslInd: maybe(text(indicator)),
  Sts: one(choice({ Cd: maybe(text(status)) })),
  BookgDt: maybe(dateOrTime),
  ValDt: maybe(dayOf),
  AcctSvcrRef: maybe(text(rules.id35)),
  BkTxCd: one(transactionCode),
  NtryDtls: maybe(sequence({ Btch: skipped, TxDtls: maybe(transaction) })),
  AddtlNtryInf: skipped,
});

/** One booking of one payment. Entries that sum up several payments are refused: nobody could match them. */
export const entry: Codec<Entry> = mapped(elements, toEntry, (value) => ({
  Amt: value.amount,
  CdtDbtInd: value.direction,
  RvslInd: value.reversal ? ("true" as const) : ("false" as const),
  Sts: { Cd: value.status },
  BookgDt: value.bookedAt,
  ValDt: value.valueDate,
  AcctSvcrRef: value.servicerReference,
  BkTxCd: {
    Domn: { Cd: "PMNT", Fmly: { Cd: value.direction === "CRDT" ? "RCDT" : "ICDT", SubFmlyCd: subFamily(value) } },
  },
  NtryDtls: {
    TxDtls: {
      Refs: references(value.references),
      Amt: value.amount,
      CdtDbtInd: value.direction,
      RmtInf: value.remittance.length === 0 ? undefined : value.remittance,
    },
  },
}));

function subFamily({ reversal }: Entry): string {
  return reversal ? "RRTN" : "DMCT";
}

function references({ messageId, instructionId, endToEndId, uetr }: Entry["references"]) {
  const all = compact({ MsgId: messageId, InstrId: instructionId, EndToEndId: endToEndId, UETR: uetr });
  return Object.keys(all).length === 0 ? undefined : all;
}

type Elements = ReturnType<(typeof elements)["read"]>;

function toEntry(
  { Amt, CdtDbtInd, RvslInd, Sts, BookgDt, ValDt, AcctSvcrRef, NtryDtls }: Elements,
  path: string,
): Entry {
  const details = NtryDtls?.TxDtls;
  sameAmount(Amt, details?.Amt, path);
  if (details?.CdtDbtInd !== undefined && details.CdtDbtInd !== CdtDbtInd) {
    throw isoError("ISO_INCONSISTENT", `${path}/NtryDtls/TxDtls/CdtDbtInd`, "not the entry's", "send the same in both");
  }
  const { MsgId, InstrId, EndToEndId, UETR } = details?.Refs ?? {};
  return {
    amount: Amt,
    direction: CdtDbtInd,
    reversal: RvslInd === "true",
    // `choice` has seen to it that it is there.
    status: Sts.Cd ?? "INFO",
    ...compact({ bookedAt: BookgDt, valueDate: ValDt, servicerReference: AcctSvcrRef }),
    references: compact({ messageId: MsgId, instructionId: InstrId, endToEndId: EndToEndId, uetr: UETR }),
    remittance: details?.RmtInf ?? [],
  };
}

function sameAmount(whole: Money, part: Money | undefined, path: string): void {
  if (part === undefined || (part.cents === whole.cents && part.currency === whole.currency)) return;
  throw isoError("ISO_INCONSISTENT", `${path}/NtryDtls/TxDtls/Amt`, "not the entry's amount", "send the same in both");
}

/** @throws ISO_INCONSISTENT when an entry has another currency than its account, or a reference of another entry. */
export function checkEntries(entries: readonly Entry[], currency: string | undefined, path: string): void {
  const seen = new Set<string>();
  for (const { amount, servicerReference } of entries) {
    if (currency !== undefined && amount.currency !== currency) {
      throw isoError("ISO_INCONSISTENT", `${path}/Ntry/Amt/@Ccy`, "not the account's currency", "send the account's");
    }
    if (servicerReference === undefined) continue;
    if (seen.has(servicerReference)) {
      const problem = `${servicerReference} stands on two entries`;
      throw isoError("ISO_INCONSISTENT", `${path}/Ntry/AcctSvcrRef`, problem, "send each booking once");
    }
    seen.add(servicerReference);
  }
}

export const entries = several(entry, 10_000);
