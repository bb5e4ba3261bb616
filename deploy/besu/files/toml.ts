/** `float` is written with a decimal point even when it is whole. */
type TomlValue = string | number | boolean | readonly string[] | { readonly float: number };

/** A TOML document of plain keys, one a line: Besu rewrites single lines of these files, and loses longer values. */
export function toml(lines: readonly (readonly [string, TomlValue] | string)[]): string {
  return lines.map((line) => (typeof line === "string" ? comment(line) : `${line[0]}=${value(line[1])}\n`)).join("");
}

function comment(text: string): string {
  return text === "" ? "\n" : `# ${text}\n`;
}

/** JSON's texts, numbers, booleans and lists of texts are TOML's, too. */
function value(given: TomlValue): string {
  return typeof given === "object" && "float" in given ? given.float.toFixed(1) : JSON.stringify(given);
}
