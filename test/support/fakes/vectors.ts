import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "mocha";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Where data from outside the repository lies: `HUANGPU_VECTORS`, or beside the checkout. */
const FOLDER = resolve(process.env["HUANGPU_VECTORS"] ?? resolve(ROOT, "../shared/vectors"));

/** A vector file, parsed. Where it is not at hand, the running test is skipped, which is told loudly. */
export function vectorOrSkip<T>(test: Context, path: string): T {
  const file = resolve(FOLDER, path);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as T;
  console.warn(`SKIPPED: no vectors in ${FOLDER} (${path}); set HUANGPU_VECTORS to the folder that has them`);
  return test.skip();
}
