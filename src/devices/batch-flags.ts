import type { Quantity } from "./quantities.ts";
import type { Batch, Profile } from "./reading.ts";

/** Bits of `BatchFlags.sol`, and what each says. */
export const batchFlags = {
  GAP: { bit: 1, text: "readings are missing before it" },
  SILENCE: { bit: 2, text: "the device was off, or its clock was put forward" },
  CLOCK_JUMP: { bit: 4, text: "less time has passed than its counters need" },
  LIMIT: { bit: 8, text: "a quantity went beyond its limits" },
  LATE: { bit: 16, text: "it was anchored late" },
  CONTRADICTED: { bit: 32, text: "one of its readings is not as the batch says" },
} as const;

export type BatchFlag = keyof typeof batchFlags;

export function flagNames(flags: number): BatchFlag[] {
  return (Object.keys(batchFlags) as BatchFlag[]).filter((name) => (flags & batchFlags[name].bit) !== 0);
}

/** What the registry knows of a device when a batch comes. */
export interface DeviceState {
  counter: bigint;
  /** Unix seconds; 0 before the first batch. */
  lastTime: number;
}

/** The flags that the registry will give a batch that it takes. @param now The chain's time. */
export function flagsOf(
  batch: Batch,
  { counter, lastTime }: DeviceState,
  { profile, quantities }: { profile: Profile; quantities: readonly Quantity[] },
  now: number,
): BatchFlag[] {
  const missing = batch.firstCounter - counter - 1n;
  const flags = new Set<BatchFlag>();
  if (missing > 0n) flags.add("GAP");
  const paces = [pace(batch.to - batch.from, BigInt(batch.count - 1), profile)];
  if (lastTime > 0) paces.push(pace(batch.from - lastTime, missing + 1n, profile));
  for (const odd of paces) if (odd !== undefined) flags.add(odd);
  const beyond = batch.extents.some(({ min, max }, index) => {
    const limits = quantities[index];
    return limits !== undefined && (min < limits.min || max > limits.max);
  });
  if (beyond) flags.add("LIMIT");
  if (now > batch.to + profile.maxDelay) flags.add("LATE");
  return flagNames([...flags].reduce((sum, name) => sum + batchFlags[name].bit, 0));
}

/** A clock may tick an eighth slower or faster than its profile says. */
const TOLERANCE = 8n;

/** What is odd about so many seconds for so many steps from one reading to the next. */
export function pace(
  elapsed: number,
  steps: bigint,
  { interval, maxSilence }: Profile,
): "SILENCE" | "CLOCK_JUMP" | undefined {
  const expected = steps * BigInt(interval);
  const slack = BigInt(maxSilence) + expected / TOLERANCE;
  if (BigInt(elapsed) > expected + slack) return "SILENCE";
  return BigInt(elapsed) + slack < expected ? "CLOCK_JUMP" : undefined;
}
