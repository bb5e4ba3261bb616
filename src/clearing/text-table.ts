/** A column of a table for terminals: figures stand at its right edge. */
export interface Column {
  heading: string;
  align?: "right";
}

/** Rows in columns as wide as their widest cell, two spaces apart. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const headings = columns.map(({ heading }) => heading);
  const widths = headings.map((heading, at) => Math.max(heading.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, at) => {
        const cell = cells[at] ?? "";
        return align === "right" ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [line(headings), rule, ...rows.map(line)].join("\n");
}

/** An amount that may be negative: `-1,250.00` of -125000 with 2 decimals. */
export function signedAmount(
  units: bigint,
  decimals: number,
  format: (units: bigint, decimals: number) => string,
): string {
  return units < 0n ? `-${format(-units, decimals)}` : format(units, decimals);
}
