import type { DrainFigures } from "./drain.ts";
import type { GasFigures } from "./gas.ts";
import type { LatencyFigures } from "./latency.ts";
import type { MemoryFigures } from "./memory.ts";

/** What `--json` writes: all that was measured, nothing rounded. */
export interface Figures {
  gas?: GasFigures;
  latencyBlocks?: number;
  latencySeconds?: number;
  relayer?: Record<string, number>;
}

/** One line of the table. Without a target it is for information. */
export interface Row {
  name: string;
  value: number;
  unit: string;
  digits: number;
  target?: { atMost: number } | { atLeast: number };
}

export function gasRows({ send, deliver, ...more }: GasFigures): Row[] {
  const gas = (name: string, value: number): Row => ({ name, value, unit: "gas", digits: 0 });
  return [
    { ...gas("send a message", send), target: { atMost: 36_000 } },
    { ...gas("deliver one message", deliver["1"]), target: { atMost: 350_000 } },
    { ...gas("deliver ten, each", deliver["10"]), target: { atMost: 40_000 } },
    { ...gas("deliver a hundred, each", deliver["100"]), target: { atMost: 10_000 } },
    gas("deliver a hundred to a proven head, each", more.deliverProven100),
    gas("prove a head", more.proveHead),
    gas("prove an earlier head, each message between", more.proveEarlierHeadPerHash),
    gas("retry a failed message", more.retry),
  ];
}

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

const FLAT = 1.15;

export function memoryRows(figures: MemoryFigures): Row[] {
  const [first] = figures;
  return figures.map(({ messages, rssMiB }) => {
    const row: Row = { name: `relayer's memory after ${messages} messages`, value: rssMiB, unit: "MiB", digits: 0 };
    return first === undefined || messages === first.messages
      ? row
      : { ...row, target: { atMost: FLAT * first.rssMiB } };
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
