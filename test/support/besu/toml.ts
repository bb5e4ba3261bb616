/**
 * Reads the part of TOML that Besu's files are written in: one key a line, whose value is a text, a number, a truth value
 * or a list of texts. Fails on anything else, and on a key that comes twice.
 */
export function parsePlainToml(text: string): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("# ")) continue;
    const match =
      /^([A-Za-z][A-Za-z0-9-]*)=(true|false|-?\d+(?:\.\d+)?|"[^"\\]*"|\[(?:"[^"\\]*"(?:,"[^"\\]*")*)?\])$/.exec(line);
    const [, key = "", value = ""] = match ?? [];
    if (match === null) throw new Error(`Not plain TOML: ${line}`);
    if (values.has(key)) throw new Error(`Twice: ${key}`);
    values.set(key, JSON.parse(value));
  }
  return values;
}
