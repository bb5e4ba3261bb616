import { type ErrorCode, HuangpuError } from "../core/errors.ts";

export type IsoErrorCode = Extract<ErrorCode, `ISO_${string}`>;

/** An error that names the place in the message (`/Document/FICdtTrf/...`) and what would make it right. */
export function isoError(code: IsoErrorCode, path: string, problem: string, fix: string): HuangpuError {
  return new HuangpuError(code, `${path}: ${problem}; ${fix}`, { fields: { path, problem, fix } });
}
