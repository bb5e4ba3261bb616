import { expect } from "chai";
import { coinAt } from "../../../deploy/deployment.ts";
import type { Side, Stage } from "./stage.ts";
import { EscrowState } from "./trades.ts";

/** Questions that a chain is asked side by side. */
const AT_ONCE = 50;

/** What an account has of the coin. */
export async function balanceOf(stage: Stage, address: string): Promise<bigint> {
  return await stage.as("stranger").finance.coin("USD").balanceOf(address);
}

/** Sum of balances = supply, and the settlement holds the unpaid part of funded escrows plus what waits in suspense. */
export async function expectMoneyConserved(stage: Stage): Promise<void> {
  const { settlement, coin } = stage.as("stranger").finance;
  const stablecoin = coin("USD");
  const transfers = await stablecoin.queryFilter(stablecoin.filters.Transfer());
  const holders = new Set(transfers.flatMap(({ args }) => [args.from, args.to]));
  let balances = 0n;
  for (const holder of holders) balances += await stablecoin.balanceOf(holder);
  expect(balances, "sum of balances").to.equal(await stablecoin.totalSupply());

  let owed = 0n;
  const opened = await settlement.queryFilter(settlement.filters.EscrowOpened());
  while (opened.length > 0) {
    const escrows = opened.splice(0, AT_ONCE).map(async ({ args }) => await settlement.escrow(args.tradeId));
    for (const escrow of await Promise.all(escrows)) {
      if (escrow.state === EscrowState.Funded) owed += escrow.amount - escrow.released;
    }
  }
  const held = await settlement.queryFilter(settlement.filters.HeldInSuspense());
  for (const account of new Set(held.map(({ args }) => args.account))) {
    owed += await settlement.suspense(coinAt(stage.deployment, "USD"), account);
  }
  expect(await stablecoin.balanceOf(stage.deployment.finance.settlement), "settlement's balance").to.equal(owed);
}

/**
 * Each chain took over exactly what the other one sent: the deliveries follow one another without gap or overlap from
 * the first head to the last, and nothing had an effect twice.
 */
export async function expectExactlyOnce(stage: Stage): Promise<void> {
  const { tradeBook } = stage.deployment.trade;
  const { settlement } = stage.deployment.finance;
  await expectChained(stage, "trade", "finance", tradeBook);
  await expectChained(stage, "finance", "trade", settlement);
  await expectEffectsOnce(stage);
}

async function expectChained(stage: Stage, from: Side, to: Side, sender: string): Promise<void> {
  const source = stage.as("stranger")[from].gateway;
  const destination = stage.as("stranger")[to].gateway;
  const [log] = await source.queryFilter(source.filters.LogOpened(sender));
  const sent = await source.queryFilter(source.filters.MessageSent());
  const deliveries = await destination.queryFilter(destination.filters.MessagesDelivered(sender));

  let head = log?.args.genesis;
  let count = 0n;
  for (const { args } of deliveries) {
    expect(args.from, `begin of a delivery to ${to}`).to.equal(head);
    head = args.to;
    count += args.count;
  }
  expect(head, `${to}'s last delivered head`).to.equal(await source.headOf(sender));
  expect(count, `messages delivered to ${to}`).to.equal(BigInt(sent.length));
}

async function expectEffectsOnce(stage: Stage): Promise<void> {
  const { trade, finance } = stage.as("stranger");
  const { settlement } = finance;
  const { tradeBook } = trade;
  const effects = [
    ...(await settlement.queryFilter(settlement.filters.EscrowOpened())).map(({ args }) => `opened ${args.tradeId}`),
    ...(await settlement.queryFilter(settlement.filters.EscrowFunded())).map(({ args }) => `funded ${args.tradeId}`),
    ...(await settlement.queryFilter(settlement.filters.EscrowRefunded())).map(
      ({ args }) => `refunded ${args.tradeId}`,
    ),
    ...(await settlement.queryFilter(settlement.filters.MilestonePaid())).map(
      ({ args }) => `paid ${args.tradeId} ${args.milestone}`,
    ),
    ...(await tradeBook.queryFilter(tradeBook.filters.TradeFunded())).map(({ args }) => `shown funded ${args.tradeId}`),
    ...(await tradeBook.queryFilter(tradeBook.filters.TradeRefunded())).map(
      ({ args }) => `shown refunded ${args.tradeId}`,
    ),
    ...(await tradeBook.queryFilter(tradeBook.filters.MilestonePaid())).map(
      ({ args }) => `shown paid ${args.tradeId} ${args.milestone}`,
    ),
  ];
  expect(effects, "effects").to.have.length(new Set(effects).size);
}

/** What every test ends with. */
export async function expectSound(stage: Stage): Promise<void> {
  await stage.settled();
  await expectMoneyConserved(stage);
  await expectExactlyOnce(stage);
}
