import { mkdirSync, writeFileSync } from "node:fs";
import type { ClearingGas } from "./clearing.ts";
import { cells, gasPerPayment, type Row } from "./figures.ts";
import { markdownTable, replaceSection } from "./markdown.ts";
import { type Axis, drawPlot, type Plot, type Series } from "./plot.ts";
import type { ProofGas, WorstCaseFigures, WorstCaseGas } from "./worst-case.ts";

const DOCUMENT = new URL("../docs/performance.md", import.meta.url);
const FINANCE_DOCUMENT = new URL("../docs/performance-finance.md", import.meta.url);
const TRADE_DOCUMENT = new URL("../docs/performance-documents.md", import.meta.url);
const FINANCE_SECTIONS: ReadonlySet<string> = new Set(["payments", "clearing", "iso"]);
const TRADE_SECTIONS: ReadonlySet<string> = new Set(["titles", "documents"]);
const PLOTS = new URL("../docs/performance/", import.meta.url);

/** Puts measured figures beside their targets into the document that has the section. */
export function reportRows(section: string, rows: readonly Row[]): void {
  replaceSection(
    documentOf(section),
    section,
    markdownTable([["Figure", "Measured", "Target", ""], ...rows.map(cells)]),
  );
}

function documentOf(section: string): URL {
  if (FINANCE_SECTIONS.has(section)) return FINANCE_DOCUMENT;
  return TRADE_SECTIONS.has(section) ? TRADE_DOCUMENT : DOCUMENT;
}

/** Puts the worst case as tables into docs/performance.md, and their plots beside it. */
export function reportWorstCase({ cancun, osaka }: WorstCaseFigures): void {
  const headings = {
    accounts: "Accounts",
    levels: "Trie levels, all full",
    validators: "Validators, attested",
    qbftValidators: "Validators, QBFT",
  };
  for (const name of ["accounts", "levels", "validators", "qbftValidators"] as const) {
    replaceSection(DOCUMENT, name, proofTable(headings[name], cancun[name], osaka[name]));
  }
  const batches = Object.keys(cancun.batch).map((count) => [
    show(count),
    show(cancun.batch[count]),
    show(osaka.batch[count]),
  ]);
  replaceSection(DOCUMENT, "batch", markdownTable([["Messages", "Cancun, each", "Osaka, each"], ...batches]));

  mkdirSync(PLOTS, { recursive: true });
  for (const [name, plot] of Object.entries(plots(cancun, osaka))) {
    writeFileSync(new URL(`${name}.svg`, PLOTS), drawPlot(plot));
  }
}

/** Puts what a cycle costs, by members and payments, as a table into docs/performance-finance.md, and its plot beside it. */
export function reportClearing({ cycle }: ClearingGas): void {
  const rows = Object.entries(cycle).flatMap(([members, byPayments]) =>
    Object.entries(byPayments).map(([payments, gas]) => [
      show(members),
      show(payments),
      show(gas.resolve),
      show(gas.close),
      show(gasPerPayment(gas, Number(payments))),
    ]),
  );
  const headings = ["Members", "Queued payments", "Resolve", "Close", "Both, each payment"];
  replaceSection(FINANCE_DOCUMENT, "cycles", markdownTable([headings, ...rows]));
  const series = Object.entries(cycle).map(([members, byPayments], index): Series => {
    const points = Object.entries(byPayments).map(([payments, gas]): [number, number] => [
      Number(payments),
      gasPerPayment(gas, Number(payments)),
    ]);
    return { name: `${members} members`, dashed: index > 0, points };
  });
  const plot: Plot = {
    title: "Resolving and closing a cycle, by queued payments",
    x: { label: "payments in the queue", scale: "log", ticks: [10, 20, 50, 100, 200, 500, 1_000] },
    y: { label: "gas per payment", scale: "log", ticks: [5_000, 10_000, 20_000, 50_000, 100_000, 200_000] },
    series,
  };
  mkdirSync(PLOTS, { recursive: true });
  writeFileSync(new URL("clearing.svg", PLOTS), drawPlot(plot));
}

function plots(cancun: WorstCaseGas, osaka: WorstCaseGas): Record<string, Plot> {
  const series = (get: (gas: WorstCaseGas) => [number, number][]): Series[] => [
    { name: "rules of Cancun", dashed: false, points: get(cancun) },
    { name: "rules of Osaka", dashed: true, points: get(osaka) },
  ];
  const update = (figures: Record<string, ProofGas>) =>
    Object.entries(figures).map(([count, { headerUpdate }]): [number, number] => [Number(count), headerUpdate]);
  const sealed: Series[] = [
    { name: "attested", dashed: false, points: update(cancun.validators) },
    { name: "QBFT", dashed: true, points: update(cancun.qbftValidators) },
  ];
  return {
    accounts: {
      title: "A header with both proofs, by accounts on the source chain",
      x: { label: "accounts (simulated)", scale: "log", ticks: Object.keys(cancun.accounts).map(Number) },
      y: gasAxis(series(({ accounts }) => update(accounts))),
      series: series(({ accounts }) => update(accounts)),
    },
    validators: {
      title: "A header with both proofs, by validators of the source chain",
      x: {
        label: "validators, of whom two thirds sign",
        scale: "linear",
        ticks: Object.keys(cancun.validators).map(Number),
      },
      y: gasAxis(sealed),
      series: sealed,
    },
    batch: {
      title: "A message, by messages in one delivery",
      x: { label: "messages in one delivery", scale: "log", ticks: [1, 2, 5, 10, 20, 50, 100, 200, 500] },
      y: { label: "gas per message", scale: "log", ticks: [5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000] },
      series: series(({ batch }) => Object.entries(batch).map(([count, gas]) => [Number(count), gas])),
    },
  };
}

/** From nothing to beyond the largest value, in steps of 50,000 gas. */
function gasAxis(series: readonly Series[]): Axis {
  const STEP = 50_000;
  const most = Math.max(...series.flatMap(({ points }) => points.map(([, gas]) => gas)));
  return {
    label: "gas of the transaction",
    scale: "linear",
    ticks: Array.from({ length: Math.ceil(most / STEP) + 1 }, (_, index) => index * STEP),
  };
}

function proofTable(heading: string, cancun: Record<string, ProofGas>, osaka: Record<string, ProofGas>): string {
  const rows = Object.entries(cancun).map(([count, gas]) => [
    show(count),
    show(gas.headerUpdate),
    show(gas.urgent),
    show(osaka[count]?.headerUpdate),
    show(osaka[count]?.urgent),
  ]);
  return markdownTable([
    [heading, "Header update", "One message", "Header update, Osaka", "One message, Osaka"],
    ...rows,
  ]);
}

function show(value: string | number | undefined): string {
  return value === undefined ? "" : Math.round(Number(value)).toLocaleString("en-US");
}
