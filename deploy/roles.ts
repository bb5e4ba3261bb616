/**
 * Who may do what, on both chains. The numbers are AccessManager role ids; 0 is its ADMIN, which grants and revokes
 * roles, each time after the same delay as VALIDATOR_ADMIN, and calls no function of this table itself.
 */
export const roles = {
  /** Links the bridge, opens logs, lists coins, restarts what a guardian stopped. Cannot stop, mint, or change validators. */
  OPERATOR: 1n,
  /** Stops deliveries and coins, and cancels a VALIDATOR_ADMIN's call during its delay. Cannot start anything again. */
  GUARDIAN: 2n,
  /** Admits and suspends legal entities and their accounts. Moves no money. */
  REGISTRAR: 3n,
  /** Says who may issue which type of document. Issues none. */
  ACCREDITOR: 4n,
  /** Decides disputed trades: go on, or cancel and refund. Cannot touch any other trade. */
  ARBITER: 5n,
  /** Says who may create coins, to whom and how fast; destroys its own and those it redeemed. Cannot move anybody's. */
  ISSUER: 6n,
  /** Freezes accounts and amounts of a coin, and moves coins by force: to another entity only with an order's hash. */
  COMPLIANCE: 7n,
  /** Changes validator sets and light clients, after a delay in which everybody can look. */
  VALIDATOR_ADMIN: 8n,
  /** Says what a coin's reserve holds. Cannot create coins. */
  RESERVE_ATTESTOR: 12n,
} as const;

export type Role = keyof typeof roles;

export const roleNames = Object.keys(roles) as Role[];

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
  TradeBook: { OPERATOR: ["linkCounterpart(address,address)"], ARBITER: ["resolve(bytes32,bool)"] },
  Settlement: { OPERATOR: ["linkCounterpart(address,address)", "listCoin(address,bool)"] },
  BusinessCalendar: { OPERATOR: ["setDays(uint256[],uint8)", "setWeekend(uint8)", "setTimeZone(int32)"] },
  Stablecoin: {
    ISSUER: [
      "setMinter(address,uint256,uint208,uint48)",
      "setDestination(address,address,bool)",
      "burn(uint256)",
      "fulfilRedemption(uint256,bytes32)",
    ],
    RESERVE_ATTESTOR: ["attestReserve(int256,uint48,bytes32)"],
    COMPLIANCE: [
      "freeze(address)",
      "unfreeze(address)",
      "setFrozenTokens(address,uint256)",
      "forcedTransfer(address,address,uint256)",
      "forcedTransfer(address,address,uint256,bytes32)",
      "returnRedemption(uint256)",
    ],
    GUARDIAN: ["pause()"],
    OPERATOR: [
      "unpause()",
      "setSystemAccount(address,bool)",
      "setReserveMaxAge(uint32)",
      "rescue(address,address,uint256)",
    ],
  },
} as const satisfies Record<string, Partial<Record<Role, readonly string[]>>>;

export type ManagedContract = keyof typeof permissions;
