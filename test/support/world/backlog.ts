import type { JsonRpcProvider } from "ethers";
import type { HDNodeWallet } from "ethers/wallet";
import type { Stage } from "./stage.ts";
import { AMOUNT, type Trade, termsOf } from "./trades.ts";

const GAS = { gasLimit: 700_000n, maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };

/** Agrees many trades as fast as the chain takes them. Nobody waits for one to arrive before the next. */
export async function agreeMany(stage: Stage, count: number): Promise<Trade[]> {
  const [seller, buyer] = [stage.as("seller"), stage.as("buyer")];
  const { tradeBook } = seller.trade;
  const now = (await stage.trade.provider.getBlock("latest"))?.timestamp ?? 0;
  const trades: Trade[] = [];
  const proposals: string[] = [];
  for (let index = 0; index < count; index++) {
    const reference = `PO-B${index}`;
    const terms = termsOf(stage, now, reference);
    trades.push({ id: await tradeBook.tradeIdOf(seller.address, terms), reference, amount: AMOUNT });
    proposals.push(tradeBook.interface.encodeFunctionData("propose", [terms]));
  }
  const to = stage.deployment.trade.tradeBook;
  await queue(stage.trade.provider, seller.wallet, to, proposals);
  const acceptances = trades.map(({ id }) => tradeBook.interface.encodeFunctionData("accept", [id]));
  await queue(stage.trade.provider, buyer.wallet, to, acceptances);
  return trades;
}

/** Signs calls with consecutive nonces and sends them without asking for anything in between. */
async function queue(
  provider: JsonRpcProvider,
  wallet: HDNodeWallet,
  to: string,
  calls: readonly string[],
): Promise<void> {
  const { chainId } = await provider.getNetwork();
  const first = await provider.getTransactionCount(wallet.address);
  for (const [index, data] of calls.entries()) {
    const raw = await wallet.signTransaction({ ...GAS, type: 2, chainId, nonce: first + index, to, data });
    await provider.send("eth_sendRawTransaction", [raw]);
  }
}
