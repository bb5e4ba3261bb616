import { readFileSync } from "node:fs";
import { type DevelopmentAccount, developmentAccounts, developmentWallet } from "../../src/config/development.ts";
import { documentHash } from "../../src/core/document-hash.ts";
import { onBothChains } from "./local.ts";
import { plainly } from "./plainly.ts";
import { documentStatus } from "./status.ts";

interface Arguments {
  file: string;
  trade: string;
  type: number;
  as: string;
}

export default plainly(async ({ file, trade: tradeId, type, as }: Arguments): Promise<void> => {
  if (!/^0x[0-9a-fA-F]{64}$/.test(tradeId)) throw new Error("A trade id is 32 bytes in hexadecimal, 0x first");
  if (!isAccount(as)) throw new Error(`--as must be one of ${developmentAccounts.join(", ")}`);
  const hash = documentHash(readFileSync(file, "utf8"));
  await onBothChains(async (chains) => {
    const issuer = developmentWallet(as).connect(chains.providers.trade);
    const registry = chains.trade.documentRegistry.connect(issuer);
    await (await registry.anchor(hash, type, tradeId)).wait();
    console.log((await documentStatus(chains, hash)).lines.join("\n"));
  });
});

function isAccount(name: string): name is DevelopmentAccount {
  return (developmentAccounts as readonly string[]).includes(name);
}
