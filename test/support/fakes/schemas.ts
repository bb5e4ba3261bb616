import type { Context } from "mocha";
import { Schemas } from "../../../src/iso20022/schemas.ts";
import { vectorFileOrSkip } from "./vectors.ts";

/** The genuine schemas, to be disposed. Where they are not at hand, the running test is skipped, which is told loudly. */
export function schemasOrSkip(test: Context): Schemas {
  return Schemas.load(vectorFileOrSkip(test, "iso20022"));
}
