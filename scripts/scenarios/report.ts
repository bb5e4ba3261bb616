import { writeFileSync } from "node:fs";
import type { ScenarioResult } from "./context.ts";

export function writeResult(file: string, result: ScenarioResult): void {
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}
