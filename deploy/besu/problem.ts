export const rules = [
  "SAME_CHAIN_ID",
  "CHAIN_ID_TOO_LARGE",
  "BESU_TOO_OLD",
  "BLOCK_PERIOD_ZERO",
  "EMPTY_BLOCK_PERIOD_TOO_SHORT",
  "PROOF_WINDOW_TOO_SHORT",
  "TRUSTING_PERIOD_TOO_SHORT",
  "VALIDATORS_IN_CONTRACT",
  "NO_VALIDATOR",
  "FEWER_THAN_FOUR_VALIDATORS",
  "NO_RPC_NODE",
  "HOST_TWICE",
  "PORT_TWICE",
  "TRIAL_HOST_WITH_TWO_NODES",
  "KEY_NOT_ON_CURVE",
  "KEY_TWICE",
  "KEY_ON_BOTH_CHAINS",
  "KEY_OF_ACCOUNT",
  "ACCOUNT_UNKNOWN",
  "ACCOUNT_NOT_ON_CHAIN",
  "ACCOUNT_TWICE",
  "ACCOUNTS_OF_CORE_DIFFER",
  "ACCOUNT_PUBLISHED",
  "CORE_RPC_EXPOSED",
  "RPC_WITHOUT_JWT",
  "RPC_WITHOUT_CLIENTS",
  "RPC_OPEN_TO_ALL",
  "PEER_UNKNOWN",
  "PEERS_NOT_MUTUAL",
  "BOOT_NODE_NOT_ALLOWED",
] as const;

export type Rule = (typeof rules)[number];

/** What is wrong with a network, where, and what to do about it. */
export interface Problem {
  rule: Rule;
  /** Where in the file, dotted. */
  path: string;
  text: string;
}

export function problem(rule: Rule, path: string, text: string): Problem {
  return { rule, path, text };
}
