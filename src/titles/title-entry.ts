import { loadAbi } from "../chains/abis.ts";
import type { RpcLog } from "../chains/chain.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";

export const titleRegistryAbi = loadAbi("trade/titles/TitleRegistry");

/** `Action` of `ITitleRegistry.sol`, in its order, with the action code of DCSA's transfer chain (PINT) where there is one. */
export const titleActions = [
  ["Issue", "ISSUE"],
  ["IssuedForPaper"],
  ["IssuedForAmended"],
  ["Transfer", "TRANSFER"],
  ["Endorse", "ENDORSE"],
  ["EndorseToOrder", "ENDORSE_TO_ORDER"],
  ["BlankEndorse", "BLANK_ENDORSE"],
  ["Sign", "SIGN"],
  ["Offer"],
  ["Decline"],
  ["Withdraw"],
  ["SurrenderForDelivery", "SURRENDER_FOR_DELIVERY"],
  ["SurrenderForAmendment", "SURRENDER_FOR_AMENDMENT"],
  ["SurrenderForPaper", "SURRENDER_FOR_AMENDMENT"],
  ["AcceptDelivery", "SACC"],
  ["AcceptAmendment", "SACC"],
  ["AcceptPaper", "SACC"],
  ["AcceptVoid", "SACC"],
  ["RejectSurrender", "SREJ"],
  ["Pledge"],
  ["ReleasePledge"],
  ["EnforcePledge"],
  ["Lock"],
  ["Unlock"],
  ["Freeze"],
  ["Unfreeze"],
] as const satisfies readonly (readonly [string, string?])[];

export type TitleAction = (typeof titleActions)[number][0];

/** One entry of a title's chain, as the registry logged it. Addresses and hashes in lower case. */
export interface TitleEntry {
  /** From 1 without a gap. */
  entry: number;
  action: TitleAction;
  /** Of DCSA's transfer chain; undefined for what that has no word for. */
  actionCode: string | undefined;
  /** Who sent the transaction, and for whom. */
  actor: Hex;
  party: Hex;
  /** Undefined when the action gives nobody anything. */
  recipient: Hex | undefined;
  detail: Hex;
  block: number;
  /** Block of the entry before; 0 for the first. */
  previousBlock: number;
  transactionHash: Hex;
}

export const TITLE_RECORDED = titleRegistryAbi.getEvent("TitleRecorded")?.topicHash as Hex;

/** @throws HuangpuError RPC_INCONSISTENT when it is no such log. */
export function decodeTitleEntry(log: RpcLog): TitleEntry {
  const decoded = decode(log);
  const [action, actionCode] = titleActions[Number(decoded["action"])] ?? [];
  if (action === undefined) throw malformed(log);
  return {
    entry: Number(decoded["entry"]),
    action,
    actionCode,
    actor: lower(decoded["actor"]),
    party: lower(decoded["party"]),
    recipient: BigInt(decoded["recipient"]) === 0n ? undefined : lower(decoded["recipient"]),
    detail: lower(decoded["detail"]),
    block: Number(log.blockNumber),
    previousBlock: Number(decoded["previousBlock"]),
    transactionHash: log.transactionHash,
  };
}

function decode(log: RpcLog) {
  try {
    return titleRegistryAbi.decodeEventLog("TitleRecorded", log.data, log.topics);
  } catch (cause) {
    throw malformed(log, cause);
  }
}

function malformed(log: RpcLog, cause?: unknown): HuangpuError {
  return new HuangpuError("RPC_INCONSISTENT", "The node gave a log that no title registry writes", {
    fields: { transactionHash: log.transactionHash, block: Number(log.blockNumber) },
    cause,
  });
}

function lower(value: string): Hex {
  return value.toLowerCase() as Hex;
}
