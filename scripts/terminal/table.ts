import { styleText } from "node:util";

/** Rows in columns as wide as their widest cell. The first row is the heading. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("   ")
      .trimEnd(),
  );
  const [heading = "", ...body] = lines;
  const rule = "─".repeat(Math.max(...lines.map((line) => line.length)));
  return [styleText("bold", heading), rule, ...body, ""].join("\n");
}
