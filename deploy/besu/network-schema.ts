import { z } from "zod";
import { deployParametersSchema } from "../parameters.ts";

export const chainNames = ["trade", "finance"] as const;
export type ChainName = (typeof chainNames)[number];

/** A name that can stand in a path, a unit and a container. */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,40}$/, "must be lower-case letters, digits and hyphens, a letter first, at most 41");

const quoted = "must be a text in quotes: YAML reads an unquoted 0x… as a number";

const account = z
  .string({ error: quoted })
  .regex(/^0x[0-9a-fA-F]{40}$/, "must be a 20-byte address in hexadecimal, 0x first, in quotes");

const publicKey = z
  .string({ error: quoted })
  .regex(/^0x[0-9a-f]{128}$/, "must be a node's public key: 64 bytes in lower-case hexadecimal, 0x first, in quotes");

const port = z.int().min(1024, "must be 1024 or above: Besu runs without privileges").max(65_535);
const seconds = z.int().nonnegative();

const rpcSchema = z.strictObject({
  /** IPv4 address to listen on. Beyond loopback, `jwt` and `clients` are needed. */
  host: z.ipv4({ error: "must be an IPv4 address" }).default("127.0.0.1"),
  port,
  /** Names by which clients call it, beside its address: Besu refuses other `Host` headers. */
  names: z.array(z.hostname()).default([]),
  /** Who may connect, as the firewall knows them. */
  clients: z.array(z.cidrv4({ error: "must be an IPv4 range such as 10.9.0.0/24" })).default([]),
  /** Whose tokens are taken. The file lies on the host and holds a public key. */
  jwt: z
    .strictObject({
      publicKeyFile: z.string().regex(/^\/[\w./-]+$/, "must be an absolute path on the host"),
      algorithm: z.enum(["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]).default("ES256"),
    })
    .optional(),
});

const nodeSchema = z.strictObject({
  /**
   * `validator` makes and seals blocks; `boot` stands between the validators and everybody else; `rpc` takes transactions
   * and serves proofs; `observer` reads, and takes no transaction.
   */
  role: z.enum(["validator", "boot", "rpc", "observer"]),
  publicKey,
  p2pPort: port.default(30_303),
  rpc: rpcSchema,
  /** Prometheus, on loopback. */
  metricsPort: port.default(9_545),
  /** Names of accounts whose transactions the node takes; by default all of its chain's. An observer takes none. */
  accounts: z.array(name).optional(),
  /** Names of the hosts it talks to; by default what follows from its role. */
  peers: z.array(name).optional(),
});

const hostSchema = z.strictObject({
  name,
  /** IPv4 address that the other hosts reach it by. Nothing may translate it. */
  address: z.ipv4({ error: "must be an IPv4 address" }),
  trade: nodeSchema.optional(),
  finance: nodeSchema.optional(),
});

const chainSchema = z.strictObject({
  /** EIP-155 id, below 2^48. */
  chainId: z.int().positive(),
  blockPeriodSeconds: seconds,
  /** How long a chain without transactions waits for the next block; relayers need fresh headers. */
  emptyBlockPeriodSeconds: seconds,
  /** Of round 0; it doubles with every round. About twice the block period. */
  requestTimeoutSeconds: z.int().positive(),
  /** Of a block. The relayer sends transactions of up to 16,000,000. */
  gasLimit: z
    .int()
    .min(20_000_000, "must be 20,000,000 or above, or the relayer's transactions do not fit")
    .max(2 ** 47),
  /** Bytes. 24,576 is Ethereum's and enough for the contracts of this repository. */
  contractSizeLimit: z.int().min(24_576).max(49_152).default(24_576),
  /** How many blocks back an rpc node or observer can prove state. */
  proofWindowBlocks: z.int().positive(),
  /** For how long the other chain believes a header or a set of validators; above any outage, below 90 days. */
  trustingPeriodSeconds: z
    .int()
    .min(3_600)
    .max(90 * 86_400),
  /** By how much this chain's clock may be ahead of the other one's. */
  maxClockDriftSeconds: z.int().nonnegative().max(300),
  /** Where the set of validators lies. Only `header` can be verified by `QbftHeaders`. */
  validatorSelection: z.enum(["header", "contract"]).default("header"),
  /** Names of the accounts that may send transactions; by default all. */
  accounts: z.array(name).optional(),
  /**
   * Addresses of the validators of block 0, once they are others than the validators of this file. The genesis file can
   * never change again.
   */
  genesisValidators: z
    .array(account)
    .min(1)
    .refine((all) => new Set(all.map((one) => one.toLowerCase())).size === all.length, "must name nobody twice")
    .optional(),
});

const contracts = deployParametersSchema.shape;

/** What the members of a consortium agree on: `network.yaml`. No secret has a place in it. */
export const networkSchema = z.strictObject({
  network: name,
  /** A `trial` runs on one host, in containers. */
  profile: z.enum(["production", "trial"]),
  /** The version that every node runs. */
  besu: z.string({ error: "must be a text in quotes" }).regex(/^\d+\.\d+\.\d+$/, 'must be a version such as "26.9.0"'),
  relayer: z.strictObject({
    /** For how long relayers may stand still and still find proofs of what they missed. */
    maxLagSeconds: z.int().positive(),
  }),
  /** Everybody who sends transactions, by name. */
  accounts: z.record(name, account),
  chains: z.strictObject({ trade: chainSchema, finance: chainSchema }),
  hosts: z.array(hostSchema).min(1),
  /** What the contracts are deployed with, beside the chains; see `deploy/parameters.ts`. */
  contracts: z.strictObject({
    messageGasLimit: contracts.messageGasLimit,
    governanceDelay: contracts.governanceDelay,
    admin: contracts.admin,
    roles: contracts.roles,
    coins: contracts.coins,
  }),
});

export type Network = z.infer<typeof networkSchema>;
export type Chain = Network["chains"][ChainName];
export type Host = Network["hosts"][number];
export type NodeEntry = NonNullable<Host[ChainName]>;
export type NodeRole = NodeEntry["role"];
