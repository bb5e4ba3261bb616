import type { FailedMessage } from "../chains/gateway.ts";
import type { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";

/** From which chain to which: `trade-to-finance`, `finance-to-trade`. */
export type Direction = string;

/** What a relayer tells whoever watches it. Logs, metrics and timelines subscribe; nothing depends on them. */
export type RelayerEvent =
  | { type: "observed"; direction: Direction; count: number; throughBlock: number }
  | {
      type: "proven";
      direction: Direction;
      sender: Hex;
      head: Hex;
      block: number;
      signers: number;
      proofBytes: number;
    }
  | {
      type: "delivered";
      direction: Direction;
      sender: Hex;
      count: number;
      transactionHash: Hex;
      block: number;
      gasUsed: bigint;
    }
  | { type: "messageFailed"; direction: Direction; sender: Hex; message: FailedMessage }
  | { type: "delayed"; direction: Direction; error: HuangpuError }
  | { type: "halted"; direction: Direction; error: HuangpuError };

export type Observer = (event: RelayerEvent) => void;
