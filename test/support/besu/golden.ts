import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../vectors/golden/besu", import.meta.url));

/**
 * The files of a golden folder by path; with `HUANGPU_GOLDEN=write`, it is first made to hold the given ones.
 * @throws Error when there is no such folder.
 */
export function goldenFiles(name: string, given: ReadonlyMap<string, string>): Map<string, string> {
  const folder = join(ROOT, name);
  if (process.env["HUANGPU_GOLDEN"] === "write") {
    rmSync(folder, { recursive: true, force: true });
    for (const [path, content] of given) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  }
  if (!existsSync(folder)) throw new Error(`No golden files in ${folder}; HUANGPU_GOLDEN=write makes them`);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return new Map(paths.map((path) => [path.split(sep).join("/"), readFileSync(join(folder, path), "utf8")]));
}
