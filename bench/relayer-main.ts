/** A relayer as a process of its own that says what it delivered and how much memory it has. See `relayer-process.ts`. */
import process from "node:process";
import { type RunningRole, startRelayer } from "../src/app.ts";
import { createLogger } from "../src/telemetry/logger.ts";
import type { RelayerAnswer, RelayerRequest } from "./relayer-process.ts";

let relayer: RunningRole | undefined;
let delivered = 0;

const answer = (message: RelayerAnswer) => process.send?.(message);

// Also when whoever started it is gone.
process.on("disconnect", () => process.exit());

process.on("message", async (request: RelayerRequest) => {
  switch (request.type) {
    case "start":
      relayer = await startRelayer(request.config, {
        environment: {},
        logger: createLogger(request.config.logLevel),
        observer: (event) => {
          if (event.type !== "delivered") return;
          delivered += event.count;
          answer({ type: "delivered", delivered });
        },
      });
      answer({ type: "started" });
      break;
    case "measure":
      answer({ type: "memory", rss: process.memoryUsage.rss() });
      break;
    case "stop":
      await relayer?.stop();
      process.disconnect();
      break;
    default:
      request satisfies never;
  }
});
answer({ type: "ready" });
