import { formatAmount } from "../core/amount.ts";
import type { Statement } from "../iso20022/messages/documents.ts";
import type { BookedEntry } from "./clearing-journal.ts";
import { signedAmount, textTable } from "./text-table.ts";

/** What is wrong with a day of the settlement account. */
export type Finding =
  /** The opening balance and the booked entries are not the closing balance. */
  | { type: "balance"; expected: bigint; given: bigint }
  /** Booked here and not in the statement. */
  | { type: "missing"; servicerReference: string; uetr: string; amount: bigint }
  /** In the statement and not booked here. */
  | { type: "unknown"; servicerReference: string | undefined; uetr: string | undefined; amount: bigint }
  /** In both, with another amount, direction or UETR; or in the statement twice. */
  | { type: "different"; servicerReference: string; expected: bigint; given: bigint }
  /** The statement is of another account, currency or day. */
  | { type: "otherStatement"; given: string }
  /** The money that came and went is not what the chain says is carried. */
  | { type: "pool"; expected: bigint; given: bigint };

export interface Reconciliation {
  account: string;
  currency: string;
  date: string;
  /** Hundredths. */
  opening: bigint;
  closing: bigint;
  credits: bigint;
  debits: bigint;
  /** Booked entries of the statement. */
  entries: number;
  findings: readonly Finding[];
}

/**
 * Holds a day's statement of an account against the node's copy of the central ledger: the balances must follow from the
 * entries, and the entries be those that were booked here, each once, and no other.
 * @param booked The copy, of that account, currency and day.
 */
export function reconcile(
  { account, currency, date }: { account: string; currency: string; date: string },
  statement: Statement,
  booked: readonly BookedEntry[],
): Reconciliation {
  const findings: Finding[] = [];
  const given = `${statement.account.id} ${statement.closing.currency} ${statement.closing.date}`;
  if (given !== `${account} ${currency} ${date}` || statement.opening.currency !== currency) {
    findings.push({ type: "otherStatement", given });
  }
  const expected = new Map(booked.map((entry) => [entry.servicerReference, entry]));
  let [credits, debits, entries] = [0n, 0n, 0];
  for (const { status, reversal, direction, amount, servicerReference, references } of statement.entries) {
    if (status !== "BOOK") continue;
    entries++;
    const value = direction === "CRDT" ? amount.cents : -amount.cents;
    if (value > 0n) credits += value;
    else debits -= value;
    const match = servicerReference === undefined ? undefined : expected.get(servicerReference);
    if (match === undefined || servicerReference === undefined || reversal) {
      findings.push({ type: "unknown", servicerReference, uetr: references.uetr, amount: value });
      continue;
    }
    expected.delete(servicerReference);
    if (signed(match) !== value || match.uetr !== references.uetr || match.currency !== amount.currency) {
      findings.push({ type: "different", servicerReference, expected: signed(match), given: value });
    }
  }
  for (const entry of expected.values()) {
    const { servicerReference, uetr } = entry;
    findings.push({ type: "missing", servicerReference, uetr, amount: signed(entry) });
  }
  const opening = statement.opening.cents;
  const closing = statement.closing.cents;
  const balance = opening + credits - debits;
  if (balance !== closing) findings.push({ type: "balance", expected: balance, given: closing });
  return { account, currency, date, opening, closing, credits, debits, entries, findings };
}

/** Positive for a credit. */
export function signed({ direction, amount }: Pick<BookedEntry, "direction" | "amount">): bigint {
  return direction === "CRDT" ? amount : -amount;
}

/** A position of a closed cycle as far as the settlement account is concerned; hundredths. */
export interface SettledPosition {
  instructed: bigint;
  state: "Netted" | "Instructed" | "Cleared" | "Rejected";
  /** The settlement agent's own, whose money does not leave the account. */
  internal: boolean;
}

/**
 * What must have come into the settlement account less what went, in millionths, if the chain is right: what is carried, less
 * the pay-ins that were rejected and the agent paid in their place, with what is not settled yet taken out. In a currency that
 * owes nobody anything it is what rounding has left: the sum of what is carried.
 * @param carried What members are owed from closed cycles, in millionths.
 */
export function expectedPool(carried: bigint, positions: readonly SettledPosition[]): bigint {
  const CENT = 10_000n;
  const unmoved = positions
    .filter(({ instructed, state, internal }) => {
      if (state === "Cleared") return internal;
      return state !== "Rejected" || instructed < 0n;
    })
    .reduce((sum, { instructed }) => sum + instructed, 0n);
  return carried + unmoved * CENT;
}

/** At most 80 columns. */
export function showReconciliation(all: readonly Reconciliation[]): string {
  const cents = (units: bigint) => signedAmount(units, 2, formatAmount);
  const rows = all.map(({ currency, opening, credits, debits, closing, entries, findings }) => [
    currency,
    cents(opening),
    cents(credits),
    cents(debits),
    cents(closing),
    String(entries),
    findings.length === 0 ? "yes" : "NO",
  ]);
  const right = (heading: string) => ({ heading, align: "right" as const });
  const columns = [{ heading: "Ccy" }, right("Opening"), right("In"), right("Out"), right("Closing"), right("Entries")];
  const [first] = all;
  const findings = all.flatMap((each) => each.findings.map((finding) => `${each.currency}: ${tell(finding, cents)}`));
  return [
    `Settlement account ${first?.account ?? ""}, ${first?.date ?? ""}`,
    textTable([...columns, { heading: "Agrees" }], rows),
    ...findings,
    "",
  ].join("\n");
}

function tell(finding: Finding, cents: (units: bigint) => string): string {
  switch (finding.type) {
    case "balance":
      return `closes with ${cents(finding.given)}, its entries lead to ${cents(finding.expected)}`;
    case "missing":
      return `${cents(finding.amount)} booked here, not there\n    ${finding.servicerReference}`;
    case "unknown":
      return `${cents(finding.amount)} booked there, not here\n    ${finding.servicerReference ?? "no reference"}`;
    case "different":
      return `${cents(finding.expected)} here, ${cents(finding.given)} there\n    ${finding.servicerReference}`;
    case "otherStatement":
      return `the statement is of ${finding.given}`;
    case "pool":
      return `in less out is ${cents(finding.given / 10_000n)}, the chain has ${cents(finding.expected / 10_000n)}`;
    default:
      return finding satisfies never;
  }
}
