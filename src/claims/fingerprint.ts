import { createHmac } from "node:crypto";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { type ClaimFields, type ClaimKind, claimKinds } from "./claim-kinds.ts";
import type { Normalise } from "./normal-form.ts";

const DOMAIN = "huangpu/claim/1";
const KEY_BYTES = 32;
const NONE: Hex = `0x${"00".repeat(32)}`;

/** The consortium's key under one number: who has it not can neither guess nor test a fingerprint. */
export interface ClaimKey {
  /** As the registry counts them: 1 to 65,535. */
  readonly id: number;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/** As `IClaimRegistry.Fingerprints` takes them. */
export interface Fingerprints {
  readonly keyId: number;
  readonly exact: Hex;
  readonly near: Hex;
  /** Zero when there is no former key, and so is the next one. */
  readonly formerExact: Hex;
  readonly formerNear: Hex;
}

/**
 * What a thing is known by: the same for every spelling of its fields, and another for another thing.
 * @param former The key before the current one, as long as claims live under it.
 * @throws HuangpuError CLAIM_FIELD for a field that can be read in no way or in more than one, CLAIM_KEY for keys that are not 32
 * bytes or do not follow each other.
 */
export function fingerprintsOf<K extends ClaimKind>(
  kind: K,
  fields: ClaimFields<K>,
  current: ClaimKey,
  former?: ClaimKey,
): Fingerprints {
  if (former !== undefined && former.id !== current.id - 1) {
    throw new HuangpuError("CLAIM_KEY", `Key ${former.id} is not the one before key ${current.id}`);
  }
  const { exact, near } = claimKinds[kind];
  const under = (key: ClaimKey, part: "exact" | "near", rules: Readonly<Record<string, Normalise>>) =>
    keyedHash(key, [DOMAIN, kind, part, ...normalForm(rules, fields)]);
  return {
    keyId: current.id,
    exact: under(current, "exact", exact),
    near: under(current, "near", near),
    formerExact: former === undefined ? NONE : under(former, "exact", exact),
    formerNear: former === undefined ? NONE : under(former, "near", near),
  };
}

function normalForm(rules: Readonly<Record<string, Normalise>>, fields: Readonly<Record<string, string>>): string[] {
  return Object.entries(rules).map(([name, normalise]) => {
    try {
      return normalise(fields[name] ?? "");
    } catch (cause) {
      const message = `${name}: ${cause instanceof Error ? cause.message : String(cause)}`;
      throw new HuangpuError("CLAIM_FIELD", message, { fields: { field: name }, cause });
    }
  });
}

/** HMAC-SHA-256 over the JSON text of the list: no two lists have the same text. */
function keyedHash({ id, secret }: ClaimKey, parts: readonly string[]): Hex {
  if (secret.length !== KEY_BYTES || !Number.isInteger(id) || id < 1 || id > 65_535) {
    throw new HuangpuError("CLAIM_KEY", "A key has a number from 1 to 65,535 and 32 bytes");
  }
  return `0x${createHmac("sha256", secret).update(JSON.stringify(parts)).digest("hex")}`;
}
