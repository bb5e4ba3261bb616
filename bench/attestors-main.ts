/** Attestors as a process of their own, beside the chains as they would be. See `attestors-process.ts`. */
import process from "node:process";
import { type RunningAttestor, startAttestor } from "../src/app.ts";
import { createLogger } from "../src/telemetry/logger.ts";
import type { AttestorsRequest } from "./attestors-process.ts";

const attestors: RunningAttestor[] = [];

// Also when whoever started it is gone.
process.on("disconnect", () => process.exit());

process.on("message", async (request: AttestorsRequest) => {
  if (request === "stop") {
    for (const attestor of attestors) await attestor.stop();
    process.disconnect();
    return;
  }
  for (const config of request) {
    attestors.push(await startAttestor(config, { environment: {}, logger: createLogger(config.logLevel) }));
  }
  process.send?.(attestors.map(({ url }) => url));
});
