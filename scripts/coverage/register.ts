/**
 * For `mocha --require`: counts which lines of src/ run. Nothing else is instrumented; V8's own coverage slows down everything
 * that runs, the tools included, six times.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { COUNTERS, COUNTERS_FILE, instrument, SOURCES } from "./instrument.ts";

registerHooks({
  load: (url, context, nextLoad) => {
    const file = url.startsWith("file:") ? fileURLToPath(url) : "";
    if (!file.startsWith(SOURCES) || !file.endsWith(".ts")) return nextLoad(url, context);
    return { format: "module", source: instrument(file).source, shortCircuit: true };
  },
});

process.on("exit", () => {
  mkdirSync(dirname(COUNTERS_FILE), { recursive: true });
  writeFileSync(COUNTERS_FILE, JSON.stringify(Reflect.get(globalThis, COUNTERS) ?? {}));
});
