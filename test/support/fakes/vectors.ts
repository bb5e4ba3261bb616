import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "mocha";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Where data from outside the repository lies: `HUANGPU_VECTORS`, or beside the checkout. */
const FOLDER = resolve(process.env["HUANGPU_VECTORS"] ?? resolve(ROOT, "../shared/vectors"));

/** A vector file, parsed. Where it is not at hand, the running test is skipped, which is told loudly. */
export function vectorOrSkip<T>(test: Context, path: string): T {
  return JSON.parse(readFileSync(vectorFileOrSkip(test, path), "utf8")) as T;
}

/** Where a vector file or folder lies. Where it is not at hand, the running test is skipped, which is told loudly. */
export function vectorFileOrSkip(test: Context, path: string): string {
  return findVector(path) ?? test.skip();
}

/** Where a vector file or folder lies; undefined where it is not at hand, which is told loudly. */
export function findVector(path: string): string | undefined {
  const file = resolve(FOLDER, path);
  if (existsSync(file)) return file;
  console.warn(`SKIPPED: no vectors in ${FOLDER} (${path}); set HUANGPU_VECTORS to the folder that has them`);
  return undefined;
}
