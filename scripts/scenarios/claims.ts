import { createHash } from "node:crypto";
import { decodeBytes32String } from "ethers";
import type { ClaimFields, ClaimKind } from "../../src/claims/claim-kinds.ts";
import { type ClaimKey, type Fingerprints, fingerprintsOf } from "../../src/claims/fingerprint.ts";
import { developmentAccounts, developmentWallet } from "../../src/config/development.ts";
import type { IClaimRegistry } from "../../types/ethers-contracts/contracts/trade/claims/ClaimRegistry.ts";
import { entityOf } from "../local/entities.ts";
import type { ScenarioContext } from "./context.ts";
import { tradeAs } from "./context.ts";

/** The demonstration's keys, which everybody can read here; a consortium's are secret. */
function demoKey(id: number): ClaimKey {
  return { id, secret: createHash("sha256").update(`huangpu demonstration claim key ${id}`).digest() };
}

/** What a thing is known by under the keys that the registry counts now. */
export async function currentFingerprints<K extends ClaimKind>(
  context: ScenarioContext,
  kind: K,
  fields: ClaimFields<K>,
): Promise<Fingerprints> {
  const id = Number(await tradeAs(context, "operator").claimRegistry.currentKey());
  return fingerprintsOf(kind, fields, demoKey(id), id === 1 ? undefined : demoKey(id - 1));
}

/** A claim, as people know it. */
export interface NamedClaim {
  bank: string;
  reference: string;
}

export function namedClaim({
  claimant,
  claimReference,
}: Pick<IClaimRegistry.ClaimStructOutput, "claimant" | "claimReference">): NamedClaim {
  return { bank: holderOf(claimant), reference: decodeBytes32String(claimReference) };
}

function holderOf(address: string): string {
  const account = developmentAccounts.find((name) => developmentWallet(name).address === address);
  return account === undefined ? address : entityOf(account).name;
}
