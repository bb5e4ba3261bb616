import { isError } from "ethers";
import { HardhatPluginError } from "hardhat/plugins";

/** Makes a task fail with what is wrong and no stack trace. What a contract refused is named as the contract names it. */
export function plainly<A extends unknown[]>(action: (...args: A) => Promise<void>): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      await action(...args);
    } catch (error) {
      throw new HardhatPluginError("huangpu", explain(error), error instanceof Error ? error : undefined);
    }
  };
}

function explain(error: unknown): string {
  if (isError(error, "CALL_EXCEPTION") && error.revert !== null) {
    return `The contract refused: ${error.revert.name}(${error.revert.args.join(", ")})`;
  }
  return error instanceof Error ? error.message : String(error);
}
