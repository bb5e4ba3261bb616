import type { ClearingGas, CycleGas, NettingFigures } from "./clearing.ts";
import type { DocumentFigures } from "./documents.ts";
import type { DrainFigures } from "./drain.ts";
import type { GasFigures, LaneGas } from "./gas.ts";
import type { IsoFigures } from "./iso.ts";
import type { LatencyFigures } from "./latency.ts";
import type { LoadLatencyFigures } from "./load-latency.ts";
import type { MemoryFigures } from "./memory.ts";
import type { PaymentGas } from "./payments.ts";
import type { ThroughputFigures } from "./throughput.ts";
import type { TitleGas, TitlesGas } from "./titles.ts";
import type { WorstCaseFigures, WorstCaseGas } from "./worst-case.ts";

/** What `--json` writes: all that was measured, nothing rounded. */
export interface Figures {
  gas?: Partial<GasFigures> & FinanceGas & Partial<TitlesGas>;
  clearing?: ClearingRatios;
  latencyBlocks?: number;
  latencySeconds?: number;
  /** `throughputRatio`, `latencyBlocks50.{p50,p99}`, `drainRatio`, `rssMiB` by messages, and what they come from. */
  relayer?: Record<string, unknown>;
  worstCase?: WorstCaseFigures;
  documents?: DocumentFigures;
}

/** Gas of what the finance chain does, beside that of the bridge. */
export interface FinanceGas {
  /** Resolving a queue of a thousand payments and closing its cycle, for each of them; the dearest number of members. */
  cyclePerPayment?: number;
  /** A payment with a verdict on two documents, payment versus payment and positions; see {@link PaymentGas}. */
  payment?: number;
  /** A verdict over six declarations. */
  verdict6?: number;
}

/** Times of clearing off the chain, beside something simple over the same data in the same run. */
export interface ClearingRatios extends Partial<IsoFigures> {
  nettingRatio?: number;
}

/** One line of the table. Without a target it is for information. */
export interface Row {
  name: string;
  value: number;
  unit: string;
  digits: number;
  target?: { atMost: number } | { atLeast: number };
}

export function gasRows({ osaka, ...cancun }: GasFigures): Row[] {
  return [...laneRows(cancun, "", true), ...laneRows(osaka, "Osaka: ", false)];
}

const MOST_PER_MESSAGE = { "3": 76_000, "10": 27_000, "40": 11_500, "100": 8_500, "250": 7_500 };

function laneRows(figures: LaneGas, prefix: string, aimed: boolean): Row[] {
  const gas = (name: string, value: number, atMost?: number): Row => {
    const row: Row = { name: prefix + name, value, unit: "gas", digits: 0 };
    return aimed && atMost !== undefined ? { ...row, target: { atMost } } : row;
  };
  return [
    gas("send a message", figures.send, 36_000),
    gas("header update with both proofs", figures.headerUpdate, 180_000),
    gas("one urgent message, everything included", figures.urgent, 215_000),
    ...Object.entries(MOST_PER_MESSAGE).map(([batch, atMost]) =>
      gas(`deliver ${batch} at once, each`, figures.deliver[batch as keyof LaneGas["deliver"]], atMost),
    ),
    gas("deliver 100 to a proven head, each", figures.deliverProven100),
    gas("prove an earlier head, each message between", figures.proveEarlierHeadPerHash),
    gas("retry a failed message", figures.retry),
  ];
}

/** The far end of each curve. */
export function worstCaseRows({ cancun, osaka }: WorstCaseFigures): Row[] {
  const rows = (prefix: string, { accounts, levels, validators, qbftValidators }: WorstCaseGas): Row[] =>
    Object.entries({ accounts, "full trie levels": levels, validators, "QBFT validators": qbftValidators }).flatMap(
      ([name, figuresByCount]) => {
        const [count, figures] = Object.entries(figuresByCount).at(-1) ?? [];
        if (count === undefined || figures === undefined) return [];
        return [
          { name: `${prefix}header update at ${count} ${name}`, value: figures.headerUpdate, unit: "gas", digits: 0 },
        ];
      },
    );
  return [...rows("", cancun), ...rows("Osaka: ", osaka)];
}

/** Of the longest queue. */
export function cyclePerPayment({ cycle }: ClearingGas): number {
  const each = Object.values(cycle).map((byPayments) => {
    const [payments, gas] = Object.entries(byPayments).at(-1) ?? [];
    return gasPerPayment(gas, Number(payments));
  });
  return Math.max(...each);
}

export function gasPerPayment(gas: CycleGas | undefined, payments: number): number {
  return gas === undefined ? Number.NaN : (gas.resolve + gas.close) / payments;
}

export function clearingRows(gas: ClearingGas, netting: NettingFigures): Row[] {
  const row = (name: string, value: number): Row => ({ name, value, unit: "gas", digits: 0 });
  const times = (name: string, value: number): Row => ({
    name,
    value: value / netting.pass,
    unit: "passes",
    digits: 1,
  });
  return [
    {
      ...row("resolve and close a cycle of 1,000 queued payments, each", cyclePerPayment(gas)),
      target: { atMost: 12_000 },
    },
    row("  of 1,000 queued conversions, each", gasPerPayment(gas.conversions, 1_000)),
    row("  find that none of 1,000 can settle, each", gas.deadlock / 1_000),
    row("  put a payment into the queue", gas.cycle["20"]?.["1000"]?.queue ?? Number.NaN),
    {
      name: `net ${netting.legs} legs, beside a pass over them`,
      value: netting.ratio,
      unit: "passes",
      digits: 1,
      target: { atMost: 10 },
    },
    times("  multilateral", netting.multilateral),
    times("  bilateral", netting.bilateral),
  ];
}

export function paymentRows({ payment, verdict6 }: PaymentGas): Row[] {
  const row = (name: string, value: number, atMost: number): Row => ({
    name,
    value,
    unit: "gas",
    digits: 0,
    target: { atMost },
  });
  return [
    row("pay: verdict on 2 documents, conversion, positions", payment, 350_000),
    row("forex verdict over 6 declarations", verdict6, 250_000),
  ];
}

/** Ours beside TradeTrust's in each line: the later time, and the first time. */
export function titleRows({ anchor, anchorBatch1024, offer, acceptOffer, ...titles }: TitlesGas): Row[] {
  const row = (name: string, value: number, atMost?: number): Row => ({
    name,
    value,
    unit: "gas",
    digits: 0,
    ...(atMost === undefined ? {} : { target: { atMost } }),
  });
  const { title, titleFirst, tradeTrust, tradeTrustFirst } = titles;
  return [
    row("anchor a document", anchor, 60_000),
    row("anchor a batch of 1,024, all in all", anchorBatch1024, 75_000),
    ...TITLE_ACTS.flatMap(([act, name, atMost]) => [
      row(name, title[act], atMost),
      row("  the first time", titleFirst[act]),
      row("  TradeTrust", tradeTrust[act]),
      row("  TradeTrust, the first time", tradeTrustFirst[act]),
    ]),
    row("offer control and ownership", offer),
    row("  accept them", acceptOffer),
  ];
}

const TITLE_ACTS: readonly (readonly [act: keyof TitleGas, name: string, atMost?: number])[] = [
  ["mint", "issue a title", 150_000],
  ["control", "hand control over", 45_000],
  ["endorse", "hand control and ownership over", 60_000],
  ["surrender", "surrender a title", 60_000],
  ["reject", "refuse the surrender"],
  ["accept", "accept the surrender"],
];

export function latencyRows({ blocks, seconds, milestones }: LatencyFigures): Row[] {
  const name = `document to money, worst of ${milestones} milestones`;
  return [
    { name, value: blocks, unit: "blocks", digits: 0, target: { atMost: 3 } },
    { name, value: seconds, unit: "s", digits: 1 },
  ];
}

export function drainRows({ messages, ratio, drainSeconds, replaySeconds, transactions }: DrainFigures): Row[] {
  return [
    { name: `open ${messages} escrows, beside a replay`, value: ratio, unit: "", digits: 2, target: { atLeast: 0.6 } },
    { name: "  by the relayer", value: drainSeconds, unit: "s", digits: 2 },
    { name: `  by a replay of its ${transactions} transactions`, value: replaySeconds, unit: "s", digits: 2 },
  ];
}

export function throughputRows({ messages, ratio, ...more }: ThroughputFigures): Row[] {
  return [
    {
      name: `carry ${messages} messages, beside a replay`,
      value: ratio,
      unit: "",
      digits: 2,
      target: { atLeast: 0.8 },
    },
    { name: "  through the pipeline", value: more.messagesPerSecond, unit: "messages/s", digits: 0 },
    { name: "  by a replay", value: messages / more.replaySeconds, unit: "messages/s", digits: 0 },
  ];
}

export function loadLatencyRows({ messagesPerSecond, p50, p99 }: LoadLatencyFigures): Row[] {
  const at = `at ${Math.round(messagesPerSecond)} messages/s`;
  return [
    { name: `sent to delivered ${at}, median`, value: p50, unit: "blocks", digits: 0 },
    { name: `sent to delivered ${at}, 99th percentile`, value: p99, unit: "blocks", digits: 0 },
  ];
}

const FLAT = 1.15;

/** Flat from the second figure on: what runs for the first time is loaded by then. */
export function memoryRows(figures: MemoryFigures): Row[] {
  const basis = figures[1];
  return figures.map(({ messages, rssMiB }) => {
    const row: Row = { name: `relayer's memory after ${messages} messages`, value: rssMiB, unit: "MiB", digits: 0 };
    if (basis === undefined || messages <= basis.messages) return row;
    return { ...row, target: { atMost: FLAT * basis.rssMiB } };
  });
}

export function isMet({ value, target }: Row): boolean | undefined {
  if (target === undefined) return undefined;
  return "atMost" in target ? value <= target.atMost : value >= target.atLeast;
}

/** Name, figure, target, and whether it is met. */
export function cells(row: Row): string[] {
  const { name, value, unit, digits, target } = row;
  const show = (number: number) =>
    `${number.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`.trim();
  if (target === undefined) return [name, show(value), "", ""];
  const bound = "atMost" in target ? `≤ ${show(target.atMost)}` : `≥ ${show(target.atLeast)}`;
  return [name, show(value), bound, isMet(row) === true ? "met" : "MISSED"];
}
