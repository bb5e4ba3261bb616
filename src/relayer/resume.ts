import type { Gateway } from "../chains/gateway.ts";
import type { Direction } from "./events.ts";
import type { Journal } from "./journal.ts";
import { commonAncestor, genesisAt } from "./observe.ts";

export interface ResumeRequest {
  direction: Direction;
  source: Gateway;
  journal: Journal;
}

/** From where the source is read again. */
export type Resumed = { from: "start" } | { from: "block"; block: number };

/**
 * Lets a halted direction go on, once somebody has looked: what was read of blocks that the source no longer has is forgotten,
 * and all of it when that was final already. Undefined when the direction is not halted. To be repeated when it fails.
 */
export async function resume({ direction, source, journal }: ResumeRequest): Promise<Resumed | undefined> {
  if (journal.blocks.halted(direction) === undefined) return undefined;
  const ancestor = await commonAncestor(journal, source, direction);
  const whole = ancestor === undefined || journal.finalBlock(direction) > ancestor.number;
  if (whole) journal.forget(direction, genesisAt(source));
  else journal.rewind(direction, ancestor);
  journal.blocks.resume(direction);
  return whole ? { from: "start" } : { from: "block", block: ancestor.number };
}
