import { z } from "zod";
import { type CoinRole, coinRoleNames, type Role, roleNames } from "./roles.ts";

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "must be a 20-byte address in hexadecimal, 0x first")
  .refine((value) => !/^0x0+$/.test(value), "must not be the zero address");

const DAY = 86_400;

/** An account for each of some roles. */
function holders<R extends string>(names: readonly R[]) {
  return z.strictObject(Object.fromEntries(names.map((role) => [role, address])) as Record<R, typeof address>);
}

const chain = z
  .strictObject({
    /** EIP-155 id, below 2^48. */
    chainId: z
      .int()
      .positive()
      .max(2 ** 48 - 1),
    /**
     * How the other chain knows a header of this one: by attestors' signatures, or by the seals that Hyperledger Besu's
     * QBFT leaves in every block.
     */
    headers: z.enum(["attested", "qbft"]),
    /** Whose attestors sign this chain's headers; with `qbft`, the validators of the chain as its headers name them. */
    validators: z
      .array(address)
      .min(1)
      .refine((all) => new Set(all.map((one) => one.toLowerCase())).size === all.length, "must name nobody twice"),
    /**
     * Seconds for which a header of this chain can be accepted, and for which QBFT validators are trusted without being
     * confirmed. Longer than any outage that the bridge is to outlive, shorter than former validators keep their keys safe.
     */
    trustingPeriod: z
      .int()
      .min(3_600)
      .max(3_650 * DAY),
    /** Seconds by which this chain's clock may be ahead of the other one's. */
    maxClockDrift: z
      .int()
      .nonnegative()
      .max(365 * DAY),
  })
  .refine(({ trustingPeriod, maxClockDrift }) => maxClockDrift < trustingPeriod, {
    path: ["maxClockDrift"],
    message: "must be shorter than the trusting period",
  });

const coin = z.strictObject({
  name: z.string().min(1),
  symbol: z.string().min(1).max(11),
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/, "must be three capital letters (ISO 4217)"),
  /** Who stands behind this coin and no other. */
  roles: holders<CoinRole>(coinRoleNames),
});

export type Coin = z.infer<typeof coin>;

export type HeaderKind = z.infer<typeof chain>["headers"];

/** What a consortium decides before it deploys: `deploy/parameters/<network>.json`. */
export const deployParametersSchema = z
  .strictObject({
    trade: chain,
    finance: chain,
    /**
     * Gas that one bridge message may use. Below the chains' block gas limit by a wide margin; enough for a milestone that is
     * paid on eight documents, and for sixteen documents at once.
     */
    messageGasLimit: z.int().min(1_500_000).max(5_000_000),
    /** Seconds between announcing and making a change of validators, of light clients, or of who has a role. */
    governanceDelay: z.int().nonnegative(),
    /** Grants and revokes roles. Must not be the deploying account, which keeps nothing. */
    admin: address,
    roles: holders<Role>(roleNames),
    /** One coin for each currency. A coin that comes later is appended, because its place names its roles. */
    coins: z
      .array(coin)
      .min(1)
      .max(4)
      .refine(
        (all) => new Set(all.map(({ currency }) => currency)).size === all.length,
        "must have one coin a currency",
      ),
  })
  .refine(({ trade, finance }) => trade.chainId !== finance.chainId, {
    path: ["finance", "chainId"],
    message: "must be another chain than the trade chain's",
  });

export type DeployParameters = z.infer<typeof deployParametersSchema>;
