import { CallQueue } from "./call-queue.ts";
import type { Stage } from "./stage.ts";
import { AMOUNT, type Trade, termsOf } from "./trades.ts";

const GAS_LIMIT = 700_000n;

/** Agrees many trades as fast as the chain takes them. Nobody waits for one to arrive before the next. */
export async function agreeMany(stage: Stage, count: number): Promise<Trade[]> {
  const [seller, buyer] = [stage.as("seller"), stage.as("buyer")];
  const { tradeBook } = seller.trade;
  const now = (await stage.trade.provider.getBlock("latest"))?.timestamp ?? 0;
  const trades: Trade[] = [];
  const to = stage.deployment.trade.tradeBook;
  const selling = await CallQueue.open(stage.trade.provider, seller.wallet);
  for (let index = 0; index < count; index++) {
    const reference = `PO-B${index}`;
    const terms = termsOf(stage, now, reference);
    trades.push({ id: await tradeBook.tradeIdOf(seller.address, terms), reference, amount: AMOUNT });
    await selling.send(to, tradeBook.interface.encodeFunctionData("propose", [terms]), GAS_LIMIT);
  }
  const buying = await CallQueue.open(stage.trade.provider, buyer.wallet);
  for (const { id } of trades) {
    await buying.send(to, tradeBook.interface.encodeFunctionData("accept", [id]), GAS_LIMIT);
  }
  return trades;
}
