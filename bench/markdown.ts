import { readFileSync, writeFileSync } from "node:fs";

/**
 * Puts generated text between `<!-- measured: name -->` and the next `<!-- end -->`.
 * @throws Error when the document has no such section.
 */
export function replaceSection(document: URL, name: string, content: string): void {
  const before = readFileSync(document, "utf8");
  const section = new RegExp(`(<!-- measured: ${name} -->\n)[^]*?(<!-- end -->)`);
  if (!section.test(before)) throw new Error(`${document.pathname} has no place for ${name}`);
  const after = before.replace(section, (_, opening: string, closing: string) => opening + content + closing);
  writeFileSync(document, after);
}

/** The first row is the heading; all columns but the first hold figures. */
export function markdownTable([heading = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const rule = `|${heading.map((_, column) => (column === 0 ? "---" : "--:")).join("|")}|\n`;
  return [line(heading), rule, ...rows.map(line)].join("");
}
