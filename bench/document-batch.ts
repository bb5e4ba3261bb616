import { fork } from "node:child_process";
import { once } from "node:events";

/** Documents, each wrapped and put into one batch, and the proof of each. */
export interface BatchFigures {
  documents: number;
  seconds: number;
  /** The most memory that the process ever had. */
  peakMiB: number;
}

export const BATCH_DOCUMENTS = 1_000_000;

/** In a process of its own, whose memory nothing else has used. @throws Error when that process fails. */
export async function measureBatch(): Promise<BatchFigures> {
  const child = fork(new URL("document-batch-main.ts", import.meta.url), { stdio: "inherit" });
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`The process ended with exit code ${code}`);
  });
  const [figures] = (await Promise.race([once(child, "message"), failed])) as [BatchFigures];
  return figures;
}
