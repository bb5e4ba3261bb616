import { z } from "zod";
import { adapter } from "../adapter.ts";
import { compact, mapped, maybe, one, sequence, several, skipped, text } from "../codec.ts";
import { isoError } from "../iso-error.ts";
import { account, dateOrTime, nonNegative } from "../parts.ts";
import * as rules from "../rules.ts";
import { MAX_STATEMENT_BYTES } from "../xml.ts";
import { bookGroup } from "./camt-054-001-08.ts";
import type { Balance, Statement } from "./documents.ts";
import { checkEntries, direction, entries } from "./entry.ts";

const PATH = "/Document/BkToCstmrStmt/Stmt";
const kind = z.string().regex(/^[A-Z]{4}$/, "use a balance type such as OPBD or CLBD");

const balance = sequence({
  Tp: one(sequence({ CdOrPrtry: one(sequence({ Cd: one(text(kind)) })), SubTp: skipped })),
  CdtLine: skipped,
  Amt: one(nonNegative),
  CdtDbtInd: one(text(direction)),
  Dt: one(dateOrTime),
});
type BalanceElements = ReturnType<(typeof balance)["read"]>;

const period = mapped(
  sequence({ FrDtTm: one(text(rules.timestamp)), ToDtTm: one(text(rules.timestamp)) }),
  ({ FrDtTm, ToDtTm }) => ({ from: FrDtTm, to: ToDtTm }),
  ({ from, to }) => ({ FrDtTm: from, ToDtTm: to }),
);

const statement = sequence({
  Id: one(text(rules.id35)),
  ElctrncSeqNb: skipped,
  CreDtTm: skipped,
  FrToDt: maybe(period),
  Acct: one(account),
  Bal: several(balance, 10),
  TxsSummry: skipped,
  Ntry: entries,
  AddtlStmtInf: skipped,
});
type StatementElements = ReturnType<(typeof statement)["read"]>;

const codec = sequence({
  BkToCstmrStmt: one(sequence({ GrpHdr: one(bookGroup), Stmt: one(statement) })),
});

export const camt05300108 = adapter<Statement>(
  "camt.053.001.08",
  "Statement",
  mapped(
    codec,
    ({ BkToCstmrStmt: { GrpHdr, Stmt } }) => ({
      ...toStatement(Stmt),
      id: GrpHdr.MsgId,
      createdAt: GrpHdr.CreDtTm,
    }),
    (document) => {
      check(document);
      return {
        BkToCstmrStmt: {
          GrpHdr: { MsgId: document.id, CreDtTm: document.createdAt },
          Stmt: {
            Id: document.statementId,
            FrToDt: document.period,
            Acct: document.account,
            Bal: [fromBalance("OPBD", document.opening), fromBalance("CLBD", document.closing)],
            Ntry: document.entries,
          },
        },
      };
    },
  ),
  MAX_STATEMENT_BYTES,
);

function toStatement(elements: StatementElements): Omit<Statement, "id" | "createdAt"> {
  const { Id, FrToDt, Acct, Bal, Ntry } = elements;
  const found: Omit<Statement, "id" | "createdAt"> = {
    type: "Statement",
    statementId: Id,
    account: Acct,
    ...compact({ period: FrToDt }),
    opening: balanceOf("OPBD", Bal),
    closing: balanceOf("CLBD", Bal),
    entries: Ntry,
  };
  check(found);
  return found;
}

function balanceOf(type: string, balances: readonly BalanceElements[]): Balance {
  const [found, other] = balances.filter(({ Tp }) => Tp.CdOrPrtry.Cd === type);
  if (found === undefined || other !== undefined) {
    throw isoError("ISO_SCHEMA", `${PATH}/Bal`, `not one balance of type ${type}`, "send one OPBD and one CLBD");
  }
  const { currency, cents } = found.Amt;
  return { currency, cents: found.CdtDbtInd === "CRDT" ? cents : -cents, date: found.Dt };
}

function fromBalance(type: string, { currency, cents, date }: Balance): BalanceElements {
  return {
    Tp: { CdOrPrtry: { Cd: type } },
    Amt: { currency, cents: cents < 0n ? -cents : cents },
    CdtDbtInd: cents < 0n ? "DBIT" : "CRDT",
    Dt: date,
  };
}

/** The opening balance and what was booked make the closing balance, all in one currency. */
function check({ account, opening, closing, entries }: Omit<Statement, "id" | "createdAt">): void {
  checkEntries(entries, account.currency, PATH);
  const booked = entries.filter(({ status }) => status === "BOOK");
  const moved = booked.reduce(
    (sum, { direction, amount }) => sum + (direction === "CRDT" ? 1n : -1n) * amount.cents,
    0n,
  );
  const currencies = [opening, closing, ...entries.map(({ amount }) => amount)].map(({ currency }) => currency);
  if (currencies.some((currency) => currency !== (account.currency ?? opening.currency))) {
    throw isoError("ISO_INCONSISTENT", PATH, "several currencies", "send one statement for each currency");
  }
  if (opening.cents + moved !== closing.cents) {
    const problem = `the opening balance and the entries make ${opening.cents + moved} cents, not ${closing.cents}`;
    throw isoError("ISO_INCONSISTENT", `${PATH}/Bal`, problem, "send all booked entries between the two balances");
  }
}
