import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { CLEARING } from "./events.ts";

/** @throws HuangpuError CLEARING_REVERTED when a transaction that was to succeed did not. */
export function assertSucceeded(status: Hex | undefined, fields: Record<string, unknown>): void {
  if (status === undefined || status === "0x1") return;
  throw new HuangpuError(
    "CLEARING_REVERTED",
    "The clearing house refused a transaction that it would have taken before",
    {
      fields: { direction: CLEARING, ...fields },
    },
  );
}
