import type { Timeline } from "../terminal/timeline.ts";
import { until } from "./context.ts";

/** Waits for what the bridge brings: the hash of the transaction in which its event first shows. */
export async function crossing(
  timeline: Timeline,
  what: string,
  query: () => Promise<readonly { transactionHash: string }[]>,
): Promise<string> {
  return await timeline.waiting(
    what,
    until(what, async () => (await query()).at(0)?.transactionHash),
  );
}
