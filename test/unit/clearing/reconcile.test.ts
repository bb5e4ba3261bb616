import { expect } from "chai";
import type { BookedEntry } from "../../../src/clearing/clearing-journal.ts";
import { expectedPool, type Finding, reconcile, showReconciliation } from "../../../src/clearing/reconcile.ts";
import type { Entry, Statement } from "../../../src/iso20022/messages/documents.ts";
import { payIn, payOut, SETTLEMENT } from "../../support/clearing/instructions.ts";

const day = { account: SETTLEMENT.account, currency: "CNY", date: "2026-11-22" };

function entry(servicerReference: string, cents: bigint, uetr: string, change: Partial<Entry> = {}): Entry {
  return {
    amount: { currency: "CNY", cents: cents < 0n ? -cents : cents },
    direction: cents < 0n ? "DBIT" : "CRDT",
    reversal: false,
    status: "BOOK",
    servicerReference,
    references: { uetr },
    remittance: [],
    ...change,
  };
}

const booked: BookedEntry[] = [
  ["A", 125_000_001n, "CRDT", payIn().uetr],
  ["B", 125_000_000n, "DBIT", payOut().uetr],
].map(([servicerReference, amount, direction, uetr]) => ({
  account: day.account,
  currency: day.currency,
  bookingDate: day.date,
  servicerReference: String(servicerReference),
  amount: amount as bigint,
  direction: direction as "CRDT" | "DBIT",
  uetr: String(uetr),
}));

const honest = () => [entry("A", 125_000_001n, payIn().uetr), entry("B", -125_000_000n, payOut().uetr)];

function statement(entries: Entry[], change: Partial<Statement> = {}): Statement {
  return {
    type: "Statement",
    id: "ST-1",
    createdAt: "2026-11-23T00:05:00Z",
    statementId: "ST-1",
    account: { id: day.account },
    opening: { currency: "CNY", cents: 500n, date: day.date },
    closing: { currency: "CNY", cents: 501n, date: day.date },
    entries,
    ...change,
  };
}

const types = (given: Statement) => reconcile(day, given, booked).findings.map(({ type }) => type);

describe("reconcile", () => {
  it("finds nothing where every booked entry is there once and the balances follow from them", () => {
    const result = reconcile(day, statement(honest()), booked);
    expect(result).to.deep.equal({
      ...day,
      opening: 500n,
      closing: 501n,
      credits: 125_000_001n,
      debits: 125_000_000n,
      entries: 2,
      findings: [],
    });
  });

  const [a, b] = honest() as [Entry, Entry];
  const wrong: [string, Statement, Finding["type"][]][] = [
    ["an entry that is missing", statement([a]), ["missing", "balance"]],
    ["an entry that nobody instructed", statement([a, b, entry("C", 5n, payIn().uetr)]), ["unknown", "balance"]],
    ["an entry twice", statement([a, a, b]), ["unknown", "balance"]],
    ["a cent more", statement([entry("A", 125_000_002n, payIn().uetr), b]), ["different", "balance"]],
    ["a credit for a debit", statement([a, entry("B", 125_000_000n, payOut().uetr)]), ["different", "balance"]],
    ["another payment behind an entry", statement([entry("A", 125_000_001n, payOut().uetr), b]), ["different"]],
    ["a reversal", statement([a, b, entry("R", -1n, payIn().uetr, { reversal: true })]), ["unknown", "balance"]],
    ["an entry that is pending and not booked", statement([a, { ...b, status: "PDNG" }]), ["missing", "balance"]],
    [
      "a closing balance off by a cent",
      statement(honest(), { closing: { currency: "CNY", cents: 502n, date: day.date } }),
      ["balance"],
    ],
    ["another account's statement", statement(honest(), { account: { id: "OTHER" } }), ["otherStatement"]],
    [
      "another day's statement",
      statement(honest(), { closing: { currency: "CNY", cents: 501n, date: "2026-11-21" } }),
      ["otherStatement"],
    ],
  ];
  for (const [name, given, expected] of wrong) {
    it(`finds ${name}`, () => expect(types(given)).to.deep.equal(expected));
  }

  it("is shown within 80 columns", () => {
    const all = wrong.map(([, given]) => reconcile(day, given, booked));
    for (const line of showReconciliation(all).split("\n")) expect(line.length, line).to.be.at.most(80);
  });
});

describe("expectedPool", () => {
  const cleared = { state: "Cleared", internal: false } as const;

  it("is what is carried when everything is cleared", () => {
    const positions = [-101n, 50n, 50n].map((instructed) => ({ ...cleared, instructed }));
    expect(expectedPool(10_000n, positions)).to.equal(10_000n);
  });

  it("leaves out what is not settled yet", () => {
    expect(expectedPool(0n, [{ instructed: -100n, state: "Instructed", internal: false }])).to.equal(-1_000_000n);
    expect(expectedPool(0n, [{ instructed: 100n, state: "Netted", internal: false }])).to.equal(1_000_000n);
  });

  it("lacks a pay-in that was rejected, and still has a pay-out that was, because that is carried", () => {
    expect(expectedPool(0n, [{ instructed: -100n, state: "Rejected", internal: false }])).to.equal(-1_000_000n);
    expect(expectedPool(1_000_000n, [{ instructed: 100n, state: "Rejected", internal: false }])).to.equal(1_000_000n);
  });

  it("does not see the agent's own positions come or go", () => {
    const positions = [
      { instructed: -100n, state: "Cleared" as const, internal: true },
      { ...cleared, instructed: 100n },
    ];
    expect(expectedPool(0n, positions)).to.equal(-1_000_000n);
  });
});
