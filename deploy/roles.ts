/**
 * Who may do what, on both chains. The numbers are AccessManager role ids; 0 is its ADMIN, which grants and revokes
 * roles, each time after the same delay as VALIDATOR_ADMIN, and calls no function of this table itself.
 */
export const roles = {
  /** Links the bridge, opens logs, lists coins, restarts what a guardian stopped. Cannot stop, mint, or change validators. */
  OPERATOR: 1n,
  /** Stops deliveries and coins, and cancels a VALIDATOR_ADMIN's call during its delay. Cannot start anything again. */
  GUARDIAN: 2n,
  /** Admits and suspends legal entities and their accounts, and lifts claims of those who cannot act. Moves no money. */
  REGISTRAR: 3n,
  /** Says who may issue which type of document, claim which kind of thing, calibrate devices. Does none of it. */
  ACCREDITOR: 4n,
  /** Decides disputed trades: go on, or cancel and refund. Cannot touch any other trade. */
  ARBITER: 5n,
  /** Freezes coins, accounts and, by a court's order, titles; moves coins by force: to another entity only with an order's hash. */
  COMPLIANCE: 7n,
  /** Changes validator sets and light clients, after a delay in which everybody can look. */
  VALIDATOR_ADMIN: 8n,
  /** Closes clearing cycles and says what the central ledger booked or refused. Cannot change what anybody owes. */
  CLEARING_AGENT: 9n,
  /** Sets net debit caps, never above what the member has pledged. */
  RISK: 10n,
  /** Opens and limits corridors between countries. Approves no payment. */
  FOREX: 11n,
} as const;

/** Who stands behind one coin. Each coin has its own holders, so that no issuer has a say in another's coin. */
export const coinRoles = {
  /** Says who may create coins, to whom and how fast; destroys its own and those it redeemed. Cannot move anybody's. */
  ISSUER: 0n,
  /** Says what the coin's reserve holds. Cannot create coins. */
  RESERVE_ATTESTOR: 1n,
} as const;

export type Role = keyof typeof roles;

export const roleNames = Object.keys(roles) as Role[];

export type CoinRole = keyof typeof coinRoles;

export const coinRoleNames = Object.keys(coinRoles) as CoinRole[];

/** Role id of one coin; `index` is the coin's place in the deployment's parameters, which only grow at the end. */
export function coinRoleId(role: CoinRole, index: number): bigint {
  return 100n + 10n * BigInt(index) + coinRoles[role];
}

const SET_PRODUCT = "setProduct(address,bool)";

/** Every restricted function, by contract and by the one role that may call it. */
export const permissions = {
  Gateway: {
    OPERATOR: ["link(address,address)", "openLog(address)", "unpause()"],
    GUARDIAN: ["pause()"],
    VALIDATOR_ADMIN: ["setLightClient(address)"],
  },
  AttestedHeaders: { VALIDATOR_ADMIN: ["setValidators(address[])"] },
  QbftHeaders: { VALIDATOR_ADMIN: ["setValidators(address[])"] },
  Participants: {
    REGISTRAR: [
      "admit(bytes20,bytes2)",
      "suspend(bytes20)",
      "reinstate(bytes20)",
      "linkAccount(address,bytes20)",
      "unlinkAccount(address)",
    ],
  },
  DocumentRegistry: {
    OPERATOR: ["addObserver(address)"],
    ACCREDITOR: ["setAccreditation(address,uint16,bool)"],
  },
  TradeBook: {
    OPERATOR: ["linkCounterpart(address,address)"],
    ACCREDITOR: ["recogniseTitleRegistry(address,bool)"],
    ARBITER: ["resolve(bytes32,bool)"],
  },
  EvidenceNotary: { OPERATOR: ["linkCounterpart(address,address)"] },
  ClaimRegistry: {
    ACCREDITOR: ["setClaimant(address,uint8,bool)"],
    REGISTRAR: ["lift(bytes32,bytes32)"],
    VALIDATOR_ADMIN: ["rotateKey()", SET_PRODUCT],
  },
  TitleRegistry: {
    COMPLIANCE: ["freeze(bytes32,bytes32)", "unfreeze(bytes32,bytes32)"],
    VALIDATOR_ADMIN: [SET_PRODUCT],
  },
  TitleOffers: { OPERATOR: ["linkCounterpart(address,address)"] },
  DeviceRegistry: { ACCREDITOR: ["setCalibrator(address,bool)"] },
  BusinessCalendar: { OPERATOR: ["setDays(uint256[],uint8)", "setTimeZone(int32)", "setWeekend(uint8)"] },
  Stablecoin: {
    COMPLIANCE: [
      "freeze(address)",
      "unfreeze(address)",
      "forcedTransfer(address,address,uint256)",
      "forcedTransfer(address,address,uint256,bytes32)",
      "setFrozenTokens(address,uint256)",
      "returnRedemption(uint256)",
    ],
    GUARDIAN: ["pause()"],
    OPERATOR: ["rescue(address,address,uint256)", "setBanks(address)", "setReserveMaxAge(uint32)", "unpause()"],
    VALIDATOR_ADMIN: ["setSystemAccount(address,bool)"],
  },
  RateFeed: {
    OPERATOR: ["setPair(bytes32,(uint32,uint16,uint8,uint8))", "setReporter(bytes32,address,bool)"],
  },
  Corridors: {
    FOREX: ["setRule(bytes2,bytes2,bytes3,(uint96,uint96,uint96,uint16[4],address,bool))"],
    VALIDATOR_ADMIN: [SET_PRODUCT],
  },
  EvidenceLedger: { OPERATOR: ["linkCounterpart(address,address)"], VALIDATOR_ADMIN: [SET_PRODUCT] },
  SubAccounts: {
    OPERATOR: ["assign(address,uint16)", "setClearingHouse(address)"],
    REGISTRAR: ["admitMember(address)", "reinstateMember(uint16)", "suspendMember(uint16)"],
    VALIDATOR_ADMIN: [SET_PRODUCT],
  },
  ClearingHouse: {
    OPERATOR: ["listCurrency(bytes3,address)", "setCycleAges(uint32,uint32)", "setSettlementAgent(uint16)"],
    RISK: ["setCap(uint16,bytes3,uint96)"],
    CLEARING_AGENT: [
      "close()",
      "instruct(uint32,uint16,bytes3)",
      "confirm(uint32,uint16,bytes3,bytes32)",
      "reject(uint32,uint16,bytes3,bytes4)",
    ],
    VALIDATOR_ADMIN: [SET_PRODUCT],
  },
  FxDesk: {
    OPERATOR: [
      "resetBreaker(address)",
      "setCoin(address,uint16)",
      "setProvider(address,bool)",
      "setTolerance(bytes3,bytes3,uint16)",
    ],
    VALIDATOR_ADMIN: [SET_PRODUCT],
  },
  Payments: { OPERATOR: ["listCoin(address,bool)"] },
  Settlement: { OPERATOR: ["linkCounterpart(address,address)", "listCoin(address,bool)"] },
  TitleFacts: { OPERATOR: ["linkTitleRegistry(address)", "linkClaimRegistry(address)", "linkTradeBook(address)"] },
  TitlePayments: { OPERATOR: ["linkCounterpart(address,address)", "listCoin(address,bool)"] },
} as const satisfies Record<string, Partial<Record<Role, readonly string[]>>>;

export type ManagedContract = keyof typeof permissions;

/** The restricted functions of every coin that are for its own roles. */
export const coinPermissions = {
  ISSUER: [
    "burn(uint256)",
    "fulfilRedemption(uint256,bytes32)",
    "setDestination(address,address,bool)",
    "setMinter(address,uint256,uint208,uint48)",
  ],
  RESERVE_ATTESTOR: ["attestReserve(int256,uint48,bytes32)"],
} as const satisfies Record<CoinRole, readonly string[]>;
