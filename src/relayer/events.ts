import type { FailedMessage } from "../chains/gateway.ts";
import type { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";

/** From which chain to which: `trade-to-finance`, `finance-to-trade`. */
export type Direction = string;

/** What an operator should look at while the relayer goes on, or waits. */
export type AlarmReason =
  /** A source block that counted as final is gone; the direction halts until somebody resumes it. */
  | "sourceReorganised"
  /** A delivery is gone from the destination; it is made again. */
  | "destinationReorganised"
  /** A transaction is not mined at the highest fee that may be paid. */
  | "feeCeiling"
  /** What is pending will soon be too old to be proven at the block it was observed at. */
  | "proofWindow"
  /** A transaction for the light client was paid for and refused, although a call that was not sent succeeded. */
  | "upkeepRefused"
  /** Deliveries to a lane were paid for and refused time and again; none is sent before its cursor moves, or a restart. */
  | "deliveriesRefused";

/** What a transaction that delivers nothing is for. */
export type UpkeepPurpose = "equivocationReport" | "validators";

/** What a relayer tells whoever watches it. Logs, metrics and timelines subscribe; nothing depends on them. */
export type RelayerEvent =
  /** `since`: Unix seconds of the end of the first range of blocks that had messages. */
  | { type: "observed"; direction: Direction; count: number; throughBlock: number; since: number }
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
  | {
      /** Once per round. */
      type: "looked";
      direction: Direction;
      /** The source's newest block. */
      sourceBlock: number;
      /** The newest that the source's providers tell of, where that is above it. */
      headBlock?: number;
      /** The last source block whose messages are written down. */
      throughBlock: number;
      /** Messages that the destination does not have. */
      pending: number;
      /** Unix seconds at which the oldest of them was sent. */
      oldestPendingSince?: number;
      /** Wei of the relayer's account on the destination; asked for once a minute at most. */
      signerBalance?: bigint;
    }
  | { type: "sent"; direction: Direction; nonce: number; hash: Hex; attempt: number; maxFeePerGas: bigint }
  | {
      /** A transaction that was not mined in time gave its nonce to one with a higher fee. */
      type: "replaced";
      direction: Direction;
      nonce: number;
      hash: Hex;
      attempt: number;
      maxFeePerGas: bigint;
    }
  /** A delivery came to nothing because another relayer was first. */
  | { type: "overtaken"; direction: Direction; sender: Hex; hash: Hex; gasUsed: bigint }
  /** A transaction that delivers nothing was mined. */
  | {
      type: "upkept";
      direction: Direction;
      purpose: UpkeepPurpose;
      hash: Hex;
      gasUsed: bigint;
      succeeded: boolean;
    }
  /** Messages whose delivery is final on the destination. */
  | { type: "confirmed"; direction: Direction; sender: Hex; count: number }
  | { type: "alarm"; direction: Direction; reason: AlarmReason; fields: Record<string, unknown> }
  | { type: "messageFailed"; direction: Direction; sender: Hex; message: FailedMessage }
  | { type: "delayed"; direction: Direction; error: HuangpuError }
  | { type: "halted"; direction: Direction; error: HuangpuError };

export type Observer = (event: RelayerEvent) => void;
