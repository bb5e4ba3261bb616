import type { JsonRpcProvider } from "ethers";
import type { HDNodeWallet } from "ethers/wallet";
import { AMOUNT, type Trade, termsOf } from "./trades.ts";
import type { World } from "./world.ts";

const GAS = { gasLimit: 700_000n, maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };

/** Agrees many trades as fast as the chain takes them. Nobody waits for one to arrive before the next. */
export async function agreeMany(world: World, count: number): Promise<Trade[]> {
  const [seller, buyer] = [world.as("seller"), world.as("buyer")];
  const { tradeBook } = seller.trade;
  const now = (await world.trade.provider.getBlock("latest"))?.timestamp ?? 0;
  const trades: Trade[] = [];
  const proposals: string[] = [];
  for (let index = 0; index < count; index++) {
    const reference = `PO-B${index}`;
    const terms = termsOf(world, now, reference);
    trades.push({ id: await tradeBook.tradeIdOf(seller.address, terms), reference, amount: AMOUNT });
    proposals.push(tradeBook.interface.encodeFunctionData("propose", [terms]));
  }
  const to = world.deployment.trade.tradeBook;
  await queue(world.trade.provider, seller.wallet, to, proposals);
  const acceptances = trades.map(({ id }) => tradeBook.interface.encodeFunctionData("accept", [id]));
  await queue(world.trade.provider, buyer.wallet, to, acceptances);
  return trades;
}

/** Signs calls with consecutive nonces and sends them without asking for anything in between. */
async function queue(provider: JsonRpcProvider, wallet: HDNodeWallet, to: string, calls: readonly string[]): Promise<void> {
  const { chainId } = await provider.getNetwork();
  const first = await provider.getTransactionCount(wallet.address);
  for (const [index, data] of calls.entries()) {
    const raw = await wallet.signTransaction({ ...GAS, type: 2, chainId, nonce: first + index, to, data });
    await provider.send("eth_sendRawTransaction", [raw]);
  }
}
