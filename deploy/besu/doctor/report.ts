import type { Check } from "./check.ts";

/** A line for each check; those that are wrong come last, where they are seen. */
export function renderReport(checks: readonly Check[]): string {
  const order = ["skip", "ok", "warn", "fail"];
  const sorted = [...checks].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const rows = sorted.map(({ status, chain, subject, name, text }) => [status, chain, subject, name, printable(text)]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const count = (status: string) => checks.filter((check) => check.status === status).length;
  return `${lines.join("\n")}\n\n${count("ok")} ok, ${count("skip")} not asked, ${count("warn")} to look at, ${count("fail")} wrong\n`;
}

/** What a node says is shown on somebody's terminal. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e…⌈⌉]/g, "?").slice(0, 600);
}
