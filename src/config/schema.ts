import { z } from "zod";
import { LEI_FORM } from "../core/codes/lei.ts";
import { developmentAccounts } from "./development.ts";

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be a 20-byte address in hexadecimal, 0x first");

const httpUrl = z.url({ protocol: /^https?$/ });

const chainFields = z.strictObject({
  /** EIP-155 id; the endpoints must agree. */
  chainId: z
    .int()
    .positive()
    .max(2 ** 48 - 1),
  /** Endpoints of single nodes, the preferred one first. An attestor takes one only: its own. */
  rpcUrls: z
    .array(httpUrl)
    .min(1)
    .refine((urls) => new Set(urls).size === urls.length, { message: "must not name an endpoint twice" }),
  gateway: address,
  /** How the other chain's light client verifies this chain's headers: what `headers` was when it was deployed. */
  headers: z.enum(["attested", "qbft"]).default("attested"),
  /** First block to read; not later than any sender's first message. */
  startBlock: z.int().nonnegative().default(0),
  /**
   * Blocks that must lie on top of a block before it counts as final; 0 where blocks are final at once. A relayer's must be
   * at least its attestors', or they will not sign yet what it asks for.
   */
  confirmations: z.int().nonnegative().default(0),
  /** Wei per gas on top of twice the base fee; 0 on chains without a fee. */
  priorityFeeWei: z.string().regex(/^\d+$/).default("1000000000").transform(BigInt),
  /** More wei per gas than this is never offered, however long a transaction is stuck. */
  maxFeePerGasWei: z.string().regex(/^\d+$/).default("500000000000").transform(BigInt),
  /** Senders that are known beforehand; not even an endpoint that leaves out all of their messages goes unnoticed then. */
  senders: z.array(address).default([]),
  /** How many of the newest blocks its nodes can prove something at. */
  proofWindowBlocks: z.int().positive().default(512),
  /** Wei that the relayer's account on this chain must have to be ready; 0 on chains without a fee. */
  minSignerBalanceWei: z.string().regex(/^\d+$/).default("0").transform(BigInt),
  /**
   * For how long it may have no new block, in milliseconds; 0, for as long as it likes, where blocks are made only for
   * transactions. Otherwise a few times what passes between empty blocks: `emptyblockperiodseconds` of Besu.
   */
  maxStandstillMs: z.int().nonnegative().default(0),
  /** How long an answer is waited for. */
  timeoutMs: z.int().positive().default(10_000),
  /** Blocks behind the other endpoints from which on one is asked only when there is no better one. */
  maxLagBlocks: z.int().nonnegative().default(8),
  /** How often all endpoints are asked for their height, when there are several or a monitor looks. */
  surveyMs: z.int().positive().default(5_000),
});

const chainSchema = chainFields.refine(({ confirmations, proofWindowBlocks }) => confirmations < proofWindowBlocks, {
  path: ["confirmations"],
  message: "must be below proofWindowBlocks: what is final could not be proven",
});

/** Where a private key comes from: an encrypted JSON keystore, an environment variable, or, locally, the public mnemonic. */
const keySchema = z.union([
  z.strictObject({
    keystore: z.string().min(1),
    /** Environment variable with the keystore's password. */
    passwordEnv: z.string().min(1).default("HUANGPU_KEYSTORE_PASSWORD"),
  }),
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ development: z.enum(developmentAccounts) }),
]);

const standbySchema = z
  .strictObject({
    /** Which of the relayers this one is, from 0. */
    index: z.int().nonnegative(),
    of: z.int().positive(),
    /** How long each relayer leaves a message to the one before it. */
    delayMs: z.int().positive(),
  })
  .refine(({ index, of }) => index < of, { path: ["index"], message: "must be below the number of relayers" });

const relayerSchema = z.strictObject({
  key: keySchema,
  /** Needed where a chain's headers are attested. */
  attestors: z.array(httpUrl).default([]),
  /** SQLite file; `:memory:` to remember nothing. */
  journal: z.string().min(1),
  pollMs: z.int().positive().default(250),
  /** Between looks when nothing has happened for long. */
  idlePollMs: z.int().positive().default(1_000),
  blockRange: z.int().positive().default(1_000),
  retryMs: z.int().positive().default(250),
  maxRetryMs: z.int().positive().default(30_000),
  receiptTimeoutMs: z.int().positive().default(60_000),
  attestorTimeoutMs: z.int().positive().default(5_000),
  /** Below the limit of a transaction and of a block on both chains. */
  maxGasPerTransaction: z.int().positive().default(16_000_000),
  window: z.int().positive().default(8),
  /** By how much the fees of a stuck transaction are raised; nodes ask for 10 or 12.5. */
  bumpPercent: z.number().min(10).max(100).default(12.5),
  /** This relayer's place among several; left out, it delivers whatever it sees at once. */
  standby: standbySchema.optional(),
});

const attestorSchema = z.strictObject({
  key: keySchema,
  host: z.string().default("127.0.0.1"),
  port: z.int().min(0).max(65_535),
  /** SQLite file with everything ever signed. Keep it. */
  record: z.string().min(1),
});

const lei = z.string().regex(LEI_FORM, "must be a Legal Entity Identifier: 20 capital letters or digits");

const clearingSchema = z.strictObject({
  /** Has the role CLEARING_AGENT on the finance chain, and no other work there. */
  key: keySchema,
  /** SQLite file; `:memory:` to remember nothing. */
  journal: z.string().min(1),
  /** The ClearingHouse. */
  house: address,
  /** Who instructs the central ledger. */
  agent: lei,
  /** Who holds the account that stands between the members; left out, the agent does. No member may. */
  settlement: lei.optional(),
  centralLedger: z.strictObject({
    url: httpUrl,
    /** Who keeps it: the sender of all that counts. */
    lei,
    /** How long an answer is waited for. */
    timeoutMs: z.int().positive().default(10_000),
  }),
  /** How long a cycle is open. */
  cycleMs: z.int().positive().default(3_600_000),
  /** For how long an instruction may be without booking or rejection. */
  answerTimeoutMs: z.int().positive().default(600_000),
  pollMs: z.int().positive().default(1_000),
  idlePollMs: z.int().positive().default(5_000),
  retryMs: z.int().positive().default(1_000),
  maxRetryMs: z.int().positive().default(60_000),
  receiptTimeoutMs: z.int().positive().default(60_000),
  /** As the relayer's. */
  bumpPercent: z.number().min(10).max(100).default(12.5),
  /** Blocks to ask logs of at once. */
  blockRange: z.int().positive().default(1_000),
  /** How often overdue redemptions are looked for. */
  redemptionsMs: z.int().positive().default(60_000),
});

const documentsSchema = z.strictObject({
  /** Who registers documents; needed for that alone. */
  key: keySchema.optional(),
  /** The DocumentRegistry on the trade chain. */
  registry: address,
  /** The Participants on the trade chain. */
  participants: address,
  pollMs: z.int().positive().default(250),
  receiptTimeoutMs: z.int().positive().default(60_000),
});

const monitoringSchema = z.strictObject({
  host: z.string().default("127.0.0.1"),
  port: z.int().min(0).max(65_535),
  /** A direction that does nothing at all for so long is no longer alive. Above `receiptTimeoutMs` and `maxRetryMs` together. */
  maxSilenceMs: z.int().positive().default(300_000),
  /** A direction that only fails for so long is not ready. */
  maxStallMs: z.int().positive().default(120_000),
  /** Source blocks that may be unread, confirmations included. */
  maxLagBlocks: z.int().positive().default(100),
  /** For how long a message may wait. */
  maxPendingAgeMs: z.int().positive().default(600_000),
});

const configFields = z.strictObject({
  chains: z
    .strictObject({ trade: chainSchema, finance: chainSchema })
    .refine(({ trade, finance }) => trade.chainId !== finance.chainId, {
      path: ["finance", "chainId"],
      message: "must be another chain than the trade chain's",
    }),
  relayer: relayerSchema.optional(),
  attestor: attestorSchema.optional(),
  clearing: clearingSchema.optional(),
  documents: documentsSchema.optional(),
  monitoring: monitoringSchema.optional(),
  logLevel: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});

export const configSchema = configFields.refine(
  ({ chains: { trade, finance }, relayer }) =>
    relayer === undefined || relayer.attestors.length > 0 || (trade.headers === "qbft" && finance.headers === "qbft"),
  { path: ["relayer", "attestors"], message: "must name attestors, because a chain's headers are attested" },
);

export type Config = z.infer<typeof configSchema>;
/** What a configuration file says, before defaults. */
export type ConfigInput = z.input<typeof configSchema>;
export type ChainConfig = z.infer<typeof chainSchema>;
export type KeySource = z.infer<typeof keySchema>;
export type RelayerConfig = z.infer<typeof relayerSchema>;
export type ClearingConfig = z.infer<typeof clearingSchema>;
export type DocumentsConfig = z.infer<typeof documentsSchema>;
export type MonitoringConfig = z.infer<typeof monitoringSchema>;
export type AttestorConfig = z.infer<typeof attestorSchema>;
