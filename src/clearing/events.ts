import type { RelayerEvent } from "../relayer/events.ts";
import type { PositionName } from "./clearing-house.ts";
import type { ExceptionCode } from "./exceptions.ts";
import type { Flow } from "./instruction.ts";

/** What the loop and its transactions are called where directions are told apart. */
export const CLEARING = "clearing";

const LOOP = ["looked", "sent", "replaced", "alarm", "delayed", "halted"] as const;

/** How the loop goes and what its transactions do, in the words of the relayer. */
type LoopEvent = Extract<RelayerEvent, { type: (typeof LOOP)[number] }>;

/** What the clearing agent tells whoever watches it. */
export type ClearingEvent =
  | LoopEvent
  /** Queued obligations that settled, because others did with them. */
  | { type: "queueResolved"; queued: number; settled: number }
  | { type: "cycleClosed"; cycle: number }
  /** Said on the chain, and to be sent from now on. */
  | ({ type: "instructed"; flow: Flow; amount: bigint; uetr: string } & PositionName)
  /** The central ledger took it. */
  | ({ type: "handed"; uetr: string } & PositionName)
  /** Said on the chain: booked. */
  | ({ type: "cleared"; flow: Flow; amount: bigint; uetr: string } & PositionName)
  /** Said on the chain: refused. */
  | ({ type: "rejected"; flow: Flow; amount: bigint; uetr: string; reason: string } & PositionName)
  | { type: "cycleFinished"; cycle: number }
  | {
      type: "exception";
      code: ExceptionCode;
      alarm: boolean;
      uetr: string | undefined;
      detail: Record<string, unknown>;
    }
  /** A day's statements agree with what was booked here. */
  | { type: "reconciled"; date: string; entries: number }
  /** Redemptions of a coin that its issuer has not paid in time; told when the number changes. */
  | { type: "redemptionsOverdue"; currency: string; count: number; amount: bigint };

export type ClearingObserver = (event: ClearingEvent) => void;

export function isLoopEvent(event: ClearingEvent | RelayerEvent): event is LoopEvent {
  return LOOP.some((type) => type === event.type);
}
