import { ZeroHash } from "ethers";
import { readWrapped } from "../../src/documents/document-file.ts";
import { onBothChains } from "./local.ts";
import { plainly } from "./plainly.ts";
import { tradeStatus } from "./status.ts";

export default plainly(async ({ trade }: { trade: string }): Promise<void> => {
  const isId = /^0x[0-9a-fA-F]{64}$/.test(trade);
  const given = isId ? trade : (await readWrapped(trade)).hash;
  await onBothChains(async (chains) => {
    const ofDocument = await chains.trade.documentRegistry.tradeOf(given);
    if (!isId && ofDocument === ZeroHash) throw new Error(`${trade} belongs to no trade`);
    const id = ofDocument === ZeroHash ? given : ofDocument;
    console.log((await tradeStatus(chains, id)).join("\n"));
  });
});
