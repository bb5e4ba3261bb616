import { readFileSync } from "node:fs";
import { ZeroHash } from "ethers";
import { documentHash } from "../../src/core/document-hash.ts";
import { onBothChains } from "./local.ts";
import { plainly } from "./plainly.ts";
import { documentStatus, tradeStatus } from "./status.ts";

export default plainly(async ({ document }: { document: string }): Promise<void> => {
  const hash = /^0x[0-9a-fA-F]{64}$/.test(document) ? document : documentHash(readFileSync(document, "utf8"));
  await onBothChains(async (chains) => {
    const { lines, tradeId } = await documentStatus(chains, hash);
    if (tradeId !== ZeroHash) lines.push(...(await tradeStatus(chains, tradeId)));
    console.log(lines.join("\n"));
  });
});
