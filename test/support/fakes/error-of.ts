import { type ErrorCode, HuangpuError } from "../../../src/core/errors.ts";

/** The error of ours that some work ends with; fails when it ends otherwise. */
export function errorOf(work: () => unknown): HuangpuError {
  try {
    work();
  } catch (error) {
    if (error instanceof HuangpuError) return error;
    throw error;
  }
  throw new Error("It was not refused");
}

/** The code of the error that some work ends with. */
export function codeOf(work: () => unknown): ErrorCode {
  return errorOf(work).code;
}
