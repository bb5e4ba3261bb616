import { isError } from "ethers";
import { HardhatPluginError } from "hardhat/plugins";
import { loadAbi } from "../../src/chains/abis.ts";

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

const contracts = [
  "trade/documents/DocumentRegistry",
  "trade/sales/TradeBook",
  "access/Participants",
  "finance/payments/Payments",
  "finance/payments/Settlement",
  "finance/evidence/EvidenceLedger",
];

function explain(error: unknown): string {
  if (isError(error, "CALL_EXCEPTION") && error.data !== null) {
    for (const contract of contracts) {
      const refusal = loadAbi(contract).parseError(error.data);
      if (refusal !== null) return `The contract refused: ${refusal.name}(${refusal.args.join(", ")})`;
    }
  }
  return error instanceof Error ? error.message : String(error);
}
