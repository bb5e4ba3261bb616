import { onBothChains } from "./local.ts";
import { plainly } from "./plainly.ts";
import { tradeStatus } from "./status.ts";

export default plainly(async ({ id }: { id: string }): Promise<void> => {
  if (!/^0x[0-9a-fA-F]{64}$/.test(id)) throw new Error("A trade id is 32 bytes in hexadecimal, 0x first");
  await onBothChains(async (chains) => console.log((await tradeStatus(chains, id)).join("\n")));
});
