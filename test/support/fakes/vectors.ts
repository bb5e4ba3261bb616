import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Where data from outside the repository lies: `HUANGPU_VECTORS`, or beside the checkout. */
const FOLDER = resolve(process.env["HUANGPU_VECTORS"] ?? resolve(ROOT, "../shared/vectors"));

/** A vector file parsed, or undefined, told loudly, when it is not there. */
export function readVector<T>(path: string): T | undefined {
  const file = resolve(FOLDER, path);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as T;
  console.warn(`SKIPPED: no vectors in ${FOLDER} (${path}); set HUANGPU_VECTORS to the folder that has them`);
  return undefined;
}
