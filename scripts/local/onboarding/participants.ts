import { developmentWallet } from "../../../src/config/development.ts";
import type { Participants } from "../../../types/ethers-contracts/contracts/access/Participants.ts";
import { asciiHex, demoEntities, leiOf } from "../entities.ts";
import { mined } from "./staff.ts";

/** What REGISTRAR does on either chain: admits every entity and links its accounts. */
export async function admitEntities(participants: Participants): Promise<void> {
  await mined(
    ...demoEntities.flatMap(({ country, accounts }) => {
      const lei = leiOf(accounts[0] ?? "operator");
      const admitted = participants.admit(lei, asciiHex(country));
      return [admitted, ...accounts.map((who) => participants.linkAccount(developmentWallet(who).address, lei))];
    }),
  );
}
