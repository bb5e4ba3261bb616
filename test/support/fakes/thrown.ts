import { expect } from "chai";
import { type ErrorCode, HuangpuError } from "../../../src/core/errors.ts";

/** The HuangpuError that work fails with; a test fails when it succeeds, or fails with anything else. */
export async function thrown(code: ErrorCode, work: Promise<unknown> | (() => unknown)): Promise<HuangpuError> {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (caught) {
    if (!(caught instanceof HuangpuError)) throw caught;
    expect(caught.code).to.equal(code);
    return caught;
  }
  throw new Error(`Expected ${code}, but nothing was thrown`);
}
