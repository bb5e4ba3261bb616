import { developmentWallet } from "../../../src/config/development.ts";
import type { Participants } from "../../../types/ethers-contracts/contracts/access/Participants.ts";
import { asciiHex, demoEntities, leiOf } from "../entities.ts";
import { mined } from "./staff.ts";

/** What REGISTRAR does on either chain: admits every entity and links its accounts. */
export async function admitEntities(participants: Participants): Promise<void> {
  await mined(
    ...demoEntities.flatMap(({ country, accounts }) => {
      const lei = leiOf(accounts[0] ?? "operator");
      const links = accounts.map((account) => participants.linkAccount(developmentWallet(account).address, lei));
      return [participants.admit(lei, asciiHex(country)), ...links];
    }),
  );
}
