import localParameters from "../../../deploy/parameters/local.json" with { type: "json" };
import {
  type CoinRole,
  coinPermissions,
  coinRoleId,
  coinRoleNames,
  type ManagedContract,
  permissions,
  type Role,
  roleNames,
  roles,
} from "../../../deploy/roles.ts";
import type { Side } from "./stage.ts";

/** Every contract that is deployed, where, and what of it anybody may send a transaction to, because it checks for itself. */
const surface = {
  Participants: { path: "access/Participants", key: "participants", sides: ["trade", "finance"], open: [] },
  Gateway: {
    path: "bridge/Gateway",
    key: "gateway",
    sides: ["trade", "finance"],
    open: ["deliver", "deliverProven", "proveEarlierHead", "proveHead", "retry", "sendMessage"],
  },
  AttestedHeaders: { path: "bridge/AttestedHeaders", key: "headers", sides: ["trade", "finance"], open: [] },
  LightClient: {
    path: "bridge/LightClient",
    key: "lightClient",
    sides: ["trade", "finance"],
    open: ["reportEquivocation", "update"],
  },
  DocumentRegistry: {
    path: "trade/documents/DocumentRegistry",
    key: "documentRegistry",
    sides: ["trade"],
    open: [
      "anchor",
      "anchorBatch",
      "anchorValued",
      "revoke",
      "revokeBatch",
      "revokeInBatch",
      "supersede",
      "supersedeValued",
    ],
  },
  TradeBook: {
    path: "trade/sales/TradeBook",
    key: "tradeBook",
    sides: ["trade"],
    open: [
      "accept",
      "acceptWithSignature",
      "cancel",
      "dispute",
      "documentAnchored",
      "expire",
      "keepTitle",
      "propose",
      "receiveMessage",
      "release",
      "withdraw",
    ],
  },
  EvidenceNotary: {
    path: "trade/documents/EvidenceNotary",
    key: "evidenceNotary",
    sides: ["trade"],
    open: ["documentAnchored", "documentEnded", "present", "receiveMessage"],
  },
  ClaimRegistry: {
    path: "trade/claims/ClaimRegistry",
    key: "claimRegistry",
    sides: ["trade"],
    open: ["claimTitle", "move", "register", "release", "releaseTitle"],
  },
  TitleRegistry: {
    path: "trade/titles/TitleRegistry",
    key: "titleRegistry",
    sides: ["trade"],
    open: [
      "accept",
      "acceptAsVoid",
      "acceptForAmendment",
      "acceptForDelivery",
      "acceptForPaper",
      "decline",
      "deliverLocked",
      "endorse",
      "endorseAndTransfer",
      "enforcePledge",
      "issue",
      "lock",
      "offer",
      "pledge",
      "rejectSurrender",
      "releasePledge",
      "setAgent",
      "setStandingAcceptance",
      "sign",
      "surrender",
      "transferControl",
      "unlock",
      "withdraw",
    ],
  },
  TitleOffers: {
    path: "trade/titles/TitleOffers",
    key: "titleOffers",
    sides: ["trade"],
    open: ["complete", "offer", "receiveMessage", "withdraw"],
  },
  DeviceRegistry: {
    path: "trade/devices/DeviceRegistry",
    key: "deviceRegistry",
    sides: ["trade"],
    open: ["calibrate", "contradict", "register", "replaceKey", "retire", "setOperator", "submit", "suspend"],
  },
  BusinessCalendar: { path: "finance/coin/BusinessCalendar", key: "businessCalendar", sides: ["finance"], open: [] },
  RateFeed: { path: "finance/fx/RateFeed", key: "rateFeed", sides: ["finance"], open: ["report"] },
  Corridors: {
    path: "finance/evidence/Corridors",
    key: "corridors",
    sides: ["finance"],
    open: ["approveException", "pass"],
  },
  EvidenceLedger: {
    path: "finance/evidence/EvidenceLedger",
    key: "evidenceLedger",
    sides: ["finance"],
    open: ["draw", "drawForGood", "receiveMessage", "register", "restore", "tryDraw"],
  },
  SubAccounts: {
    path: "finance/clearing/SubAccounts",
    key: "subAccounts",
    sides: ["finance"],
    open: [
      "claim",
      "credit",
      "debit",
      "deposit",
      "dismiss",
      "invite",
      "join",
      "leaveBank",
      "pledge",
      "seize",
      "unpledge",
      "withdraw",
    ],
  },
  ClearingHouse: {
    path: "finance/clearing/ClearingHouse",
    key: "clearingHouse",
    sides: ["finance"],
    open: ["book", "cancel", "hold", "prioritise", "resolve", "submit"],
  },
  FxDesk: {
    path: "finance/fx/FxDesk",
    key: "fxDesk",
    sides: ["finance"],
    open: ["cancelQuote", "tripBreaker", "useQuote"],
  },
  Payments: {
    path: "finance/payments/Payments",
    key: "payments",
    sides: ["finance"],
    open: ["cancel", "claim", "complete", "pay", "payFor", "payWithPermit"],
  },
  TitleFacts: {
    path: "finance/titles/TitleFacts",
    key: "titleFacts",
    sides: ["finance"],
    open: ["claimOn", "pledgeOf", "requireDelivered", "titleOf"],
  },
  TitlePayments: {
    path: "finance/titles/TitlePayments",
    key: "titlePayments",
    sides: ["finance"],
    open: ["claim", "expire", "pay", "payWithPermit", "receiveMessage"],
  },
  Settlement: {
    path: "finance/payments/Settlement",
    key: "settlement",
    sides: ["finance"],
    open: [
      "bookLater",
      "claim",
      "fund",
      "fundByConversion",
      "fundWithPermit",
      "reachByTitle",
      "receiveMessage",
      "releaseHeldToBuyer",
      "settleHeld",
      "settleHeldInPart",
    ],
  },
} as const satisfies Partial<Record<ManagedContract | "LightClient", unknown>>;

/** What anybody may call on each coin. */
const openOfCoins = [
  "approve",
  "cancelAuthorization",
  "cancelPermits",
  "cancelRedemption",
  "mint",
  "multicall",
  "permit",
  "receiveWithAuthorization",
  "requestRedemption",
  "transfer",
  "transferFrom",
  "transferWithAuthorization",
];

interface Restricted {
  role: string;
  roleId: bigint;
  holder: string;
  signature: string;
}

/** A deployed contract, and who may call what of it. */
export interface Subject {
  name: string;
  path: string;
  side: Side;
  open: readonly string[];
  restricted: Restricted[];
}

type Table = Partial<Record<Role, readonly string[]>>;

function ofConsortium(table: Table): Restricted[] {
  return (Object.entries(table) as [Role, readonly string[]][]).flatMap(([role, signatures]) =>
    signatures.map((signature) => ({ role, roleId: roles[role], holder: localParameters.roles[role], signature })),
  );
}

function ofCoin(index: number): Restricted[] {
  return (Object.entries(coinPermissions) as [CoinRole, readonly string[]][]).flatMap(([role, signatures]) => {
    const holder = localParameters.coins[index]?.roles[role] ?? "";
    return signatures.map((signature) => ({ role, roleId: coinRoleId(role, index), holder, signature }));
  });
}

export const subjects: Subject[] = [
  ...Object.entries(surface).flatMap(([name, { key, path, sides, open }]) => {
    const restricted = ofConsortium((permissions as Record<string, Table>)[name] ?? {});
    return sides.map((side) => ({ name: key, path, side, open, restricted }));
  }),
  ...localParameters.coins.map(({ currency }, index) => ({
    name: `coin ${currency}`,
    path: "finance/coin/Stablecoin",
    side: "finance" as const,
    open: openOfCoins,
    restricted: [...ofConsortium(permissions.Stablecoin), ...ofCoin(index)],
  })),
];

/** Every role there is, of the consortium and of each coin. */
export function everyRole(): { role: string; roleId: bigint; holder: string }[] {
  const ofCoins = localParameters.coins.flatMap((coin, index) =>
    coinRoleNames.map((role) => ({ role, roleId: coinRoleId(role, index), holder: coin.roles[role] })),
  );
  return [...roleNames.map((role) => ({ role, roleId: roles[role], holder: localParameters.roles[role] })), ...ofCoins];
}
