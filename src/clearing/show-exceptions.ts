import type { ClearingJournal } from "./clearing-journal.ts";
import { isAlarm, meaningOf } from "./exceptions.ts";

/** An exception as an operator reads it. */
export interface ListedException {
  code: string;
  alarm: boolean;
  meaning: string;
  /** End-to-end id of the instruction that it is about. */
  instruction: string | undefined;
  uetr: string | undefined;
  count: number;
  /** keccak256 of the message. */
  message: string | undefined;
  detail: Record<string, unknown>;
}

/** Everything of the central ledger that moved nothing, oldest first. */
export function listExceptions(journal: ClearingJournal): ListedException[] {
  return journal.exceptions().map(({ code, uetr, detail, message, count }) => ({
    code,
    alarm: isAlarm(code),
    meaning: meaningOf(code),
    instruction: uetr === undefined ? undefined : journal.byUetr(uetr)?.instruction.endToEndId,
    uetr,
    count,
    message,
    detail,
  }));
}

const WIDTH = 80;
const INDENT = "    ";

/** At most 80 columns. */
export function showExceptions(exceptions: readonly ListedException[]): string {
  if (exceptions.length === 0) return "No exceptions.\n";
  const blocks = exceptions.map(({ code, alarm, meaning, instruction, count, message, detail }) => {
    const head = [alarm ? "!" : " ", code, instruction ?? "", count > 1 ? `${count} times` : ""];
    const facts = Object.entries(detail)
      .filter(([name, value]) => name !== "type" && value !== undefined && value !== null)
      .map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`);
    return [
      head.filter((part) => part !== "").join(" "),
      ...wrap(meaning),
      ...wrap(facts.join(", ")),
      ...wrap(message ?? ""),
    ];
  });
  const alarms = exceptions.filter(({ alarm }) => alarm).length;
  return `${blocks.map((lines) => lines.join("\n")).join("\n")}\n\n${exceptions.length} exceptions, ${alarms} of them alarms (!).\n`;
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap(pieces)) {
    if (line !== "" && INDENT.length + line.length + 1 + word.length > WIDTH) {
      lines.push(INDENT + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, INDENT + line];
}

/** A word that is longer than a line, in parts. */
function pieces(word: string): string[] {
  return word.match(new RegExp(`.{1,${WIDTH - INDENT.length}}`, "gs")) ?? [];
}
