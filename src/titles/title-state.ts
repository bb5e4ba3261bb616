import type { Hex } from "../core/hex.ts";
import type { TitleAction, TitleEntry } from "./title-entry.ts";

/** `Status` of `ITitleRegistry.sol`, in its order. */
export const titleStatuses = [
  "Unknown",
  "Active",
  "Locked",
  "SurrenderedForDelivery",
  "SurrenderedForAmendment",
  "SurrenderedForPaper",
  "Delivered",
  "Amended",
  "Paper",
  "Void",
] as const;

export type TitleStatus = (typeof titleStatuses)[number];

/** Where a title stands. The owner is undefined when it was endorsed in blank: then who holds it owns it. */
export interface TitleState {
  status: TitleStatus;
  holder: Hex | undefined;
  owner: Hex | undefined;
  issuer: Hex | undefined;
  frozen: boolean;
  pledged: boolean;
}

const unknown: TitleState = {
  status: "Unknown",
  holder: undefined,
  owner: undefined,
  issuer: undefined,
  frozen: false,
  pledged: false,
};

const ADDRESS_BITS = 160;

/** What an action alone says of the title's state. */
const effects: Partial<Record<TitleAction, Partial<TitleState>>> = {
  SurrenderForDelivery: { status: "SurrenderedForDelivery" },
  SurrenderForAmendment: { status: "SurrenderedForAmendment" },
  SurrenderForPaper: { status: "SurrenderedForPaper" },
  AcceptDelivery: { status: "Delivered" },
  AcceptAmendment: { status: "Amended" },
  AcceptPaper: { status: "Paper" },
  AcceptVoid: { status: "Void" },
  RejectSurrender: { status: "Active" },
  Pledge: { pledged: true },
  ReleasePledge: { pledged: false },
  EnforcePledge: { pledged: false },
  Lock: { status: "Locked" },
  Unlock: { status: "Active" },
  Freeze: { frozen: true },
  Unfreeze: { frozen: false },
};

/** The state after each entry of a chain that begins with the title's issue. */
export function replay(entries: readonly TitleEntry[]): TitleState[] {
  let state = unknown;
  return entries.map((entry) => {
    state = after(state, entry);
    return state;
  });
}

const byHolder: readonly TitleAction[] = [
  "Sign",
  "Offer",
  "Withdraw",
  "SurrenderForDelivery",
  "SurrenderForAmendment",
  "SurrenderForPaper",
  "Lock",
  "Unlock",
];
const byIssuer: readonly TitleAction[] = [
  "AcceptDelivery",
  "AcceptAmendment",
  "AcceptPaper",
  "AcceptVoid",
  "RejectSurrender",
];
const byHolderOrRecipient: readonly TitleAction[] = ["Transfer", "Endorse", "EndorseToOrder", "Pledge"];

/** Whether an entry is an act of somebody whose act it could be, as the title stood before. */
export function isInPlace({ entry, action, party, recipient }: TitleEntry, before: TitleState = unknown): boolean {
  if (entry === 1 || action === "Issue") return entry === 1 && action === "Issue";
  if (byHolder.includes(action)) return party === before.holder;
  if (byIssuer.includes(action)) return party === before.issuer;
  return !byHolderOrRecipient.includes(action) || party === before.holder || party === recipient;
}

function after(state: TitleState, { action, recipient, party, detail }: TitleEntry): TitleState {
  switch (action) {
    case "Issue":
      return { ...unknown, status: "Active", holder: recipient, owner: ownerIn(detail), issuer: party };
    // A locked title goes to its buyer by an endorsement and a transfer, and is active from then on.
    case "Transfer":
      return { ...state, status: "Active", holder: recipient };
    case "Endorse":
    case "EndorseToOrder":
    case "BlankEndorse":
      return { ...state, status: "Active", owner: recipient };
    default:
      return { ...state, ...effects[action] };
  }
}

function ownerIn(detail: Hex): Hex | undefined {
  const owner = BigInt.asUintN(ADDRESS_BITS, BigInt(detail));
  return owner === 0n ? undefined : `0x${owner.toString(16).padStart(40, "0")}`;
}
