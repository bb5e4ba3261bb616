import { titleEscrow } from "../../scripts/scenarios/token-registry.ts";
import { seededBytes } from "../seeded-bytes.ts";
import { gasOf, partyOf, type Title, type TitlesWorld } from "../titles-world.ts";

/** A title of TradeTrust's registry, of which the carrier is the issuer. Nothing carries a remark. */
export async function theirTitle({ tokenRegistry, parties }: TitlesWorld, name: string): Promise<Title> {
  const tokenId = BigInt(seededBytes(name, 32));
  const { registry, escrowOf } = tokenRegistry;
  const escrow = await (await escrowOf(tokenId)).getAddress();
  const address = (party: number) => partyOf(parties, party).address;
  const as = (party: number, act: string, ...args: unknown[]) =>
    gasOf(titleEscrow(escrow, partyOf(parties, party)).getFunction(act)(...args, "0x"));
  const asIssuer = (act: string, ...args: unknown[]) => gasOf(registry.getFunction(act)(...args, "0x"));
  return {
    mint: (holder, owner) => asIssuer("mint", address(owner), address(holder), tokenId),
    control: (from, to) => as(from, "transferHolder", address(to)),
    endorse: (from, to) => as(from, "transferOwners", address(to), address(to)),
    surrender: (by) => as(by, "returnToIssuer"),
    reject: () => asIssuer("restore", tokenId),
    accept: () => asIssuer("burn", tokenId),
  };
}
