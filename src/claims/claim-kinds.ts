import { currency, day, digest, identifier, lei, type Normalise, quantity, unit, year } from "./normal-form.ts";

/**
 * What makes a thing the thing it is (`exact`), and what it still shares with one that was altered or invoiced twice (`near`): for
 * every part, the fields in order and how each is read. docs/claims.md says why these.
 */
export const claimKinds = {
  invoice: {
    code: 1,
    exact: { seller: lei, number: identifier, issued: year },
    near: { seller: lei, buyer: lei, currency: currency, amount: quantity, issued: day },
  },
  "warehouse-receipt": {
    code: 2,
    exact: { warehouse: lei, number: identifier },
    near: { warehouse: lei, depositor: lei, weight: quantity, unit: unit, issued: day },
  },
  equipment: {
    code: 3,
    exact: { manufacturer: lei, model: identifier, serial: identifier },
    near: { manufacturer: lei, serial: identifier },
  },
  "data-asset": {
    code: 4,
    exact: { content: digest },
    near: { holder: lei, register: lei, registration: identifier },
  },
} as const satisfies Record<string, ClaimKindRules>;

interface ClaimKindRules {
  /** Of `IClaimRegistry.Kind`. */
  code: number;
  exact: Readonly<Record<string, Normalise>>;
  near: Readonly<Record<string, Normalise>>;
}

export type ClaimKind = keyof typeof claimKinds;

type Parts<K extends ClaimKind> = (typeof claimKinds)[K]["exact" | "near"];
type FieldOf<P> = P extends unknown ? keyof P : never;

/** What is known of a thing, each field as it is written on the paper. */
export type ClaimFields<K extends ClaimKind> = Readonly<Record<FieldOf<Parts<K>> & string, string>>;
