import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reached, startLocalNetwork } from "../scripts/local/network.ts";
import { crossBorder } from "../scripts/scenarios/cross-border.ts";
import { Timeline } from "../scripts/terminal/timeline.ts";

export interface LatencyFigures {
  /** Blocks of the finance chain after the document's, up to the payment's; the worst milestone. */
  blocks: number;
  seconds: number;
  milestones: number;
}

const BLOCK_TIME_MS = 1_000;
const PLAYS = 3;
const MILESTONES_PER_PLAY = 2;

/** From document to money in the cross-border scenario, with a block every second and everything else at its default. */
export async function measureLatency(): Promise<LatencyFigures> {
  const directory = mkdtempSync(join(tmpdir(), "huangpu-bench-"));
  const network = await startLocalNetwork({
    blockTimeMs: BLOCK_TIME_MS,
    ports: { trade: 0, finance: 0 },
    directory,
    logLevel: "warn",
    progress: () => undefined,
  });
  try {
    const worst = { blocks: 0, seconds: 0, milestones: PLAYS * MILESTONES_PER_PLAY };
    for (let play = 0; play < PLAYS; play++) {
      const { result } = await crossBorder({
        ...reached(network),
        timeline: new Timeline({ width: 100, write: () => undefined, interactive: false }),
        directory: join(directory, "documents"),
      });
      if (!result.ok) throw new Error("The scenario did not pay what was agreed");
      worst.blocks = Math.max(worst.blocks, result.documentToPaymentBlocks);
      worst.seconds = Math.max(worst.seconds, result.documentToPaymentSeconds);
    }
    return worst;
  } finally {
    await network.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
