import { expect } from "chai";
import { coinAt } from "../../../deploy/deployment.ts";
import { type Side, type Stage, sendersOn } from "./stage.ts";
import { EscrowState } from "./trades.ts";

/** Questions that a chain is asked side by side. */
const AT_ONCE = 50;

/** What an account has of the coin. */
export async function balanceOf(stage: Stage, address: string): Promise<bigint> {
  return await stage.as("stranger").finance.coin("USD").balanceOf(address);
}

/**
 * Of each coin: sum of balances = supply, the settlement holds the unpaid part of funded escrows, what is held of milestones
 * and what waits in suspense, and the sub-accounts hold what they say.
 */
export async function expectMoneyConserved(stage: Stage): Promise<void> {
  const { settlement, subAccounts, coin } = stage.as("stranger").finance;
  const owed = await owedByEscrows(stage);
  for (const currency of ["USD", "CNY"]) {
    const money = coin(currency);
    const at = coinAt(stage.deployment, currency);
    const transfers = await money.queryFilter(money.filters.Transfer());
    const holders = new Set(transfers.flatMap(({ args }) => [args.from, args.to]));
    let balances = 0n;
    for (const holder of holders) balances += await money.balanceOf(holder);
    expect(balances, `sum of balances in ${currency}`).to.equal(await money.totalSupply());

    const waiting = await settlement.queryFilter(settlement.filters.HeldInSuspense(at));
    let expected = owed[at.toLowerCase()] ?? 0n;
    for (const account of new Set(waiting.map(({ args }) => args.account))) {
      expected += await settlement.suspense(at, account);
    }
    const { finance } = stage.deployment;
    expect(await money.balanceOf(finance.settlement), `settlement's balance in ${currency}`).to.equal(expected);
    expect(await money.balanceOf(finance.subAccounts), `all members' ${currency}`).to.equal(
      await subAccounts.total(at),
    );
  }
}

/** What the escrows owe by coin: the unpaid part of funded ones, and what is held of milestones. */
async function owedByEscrows(stage: Stage): Promise<Record<string, bigint>> {
  const { settlement } = stage.as("stranger").finance;
  const owed: Record<string, bigint> = {};
  const opened = await settlement.queryFilter(settlement.filters.EscrowOpened());
  while (opened.length > 0) {
    const escrows = opened.splice(0, AT_ONCE).map(async ({ args: { tradeId } }) => {
      const escrow = await settlement.escrow(tradeId);
      let amount = escrow.state === EscrowState.Funded ? escrow.amount - escrow.released : 0n;
      for (let milestone = 0; escrow.held >> BigInt(milestone) !== 0n; milestone++) {
        const isHeld = ((escrow.held >> BigInt(milestone)) & 1n) === 1n;
        if (isHeld) amount += await settlement.milestoneAmount(tradeId, milestone);
      }
      return { coin: escrow.coin.toLowerCase(), amount };
    });
    for (const { coin, amount } of await Promise.all(escrows)) owed[coin] = (owed[coin] ?? 0n) + amount;
  }
  return owed;
}

/**
 * Each chain took over exactly what the other one sent: the deliveries follow one another without gap or overlap from
 * the first head to the last, and nothing had an effect twice.
 */
export async function expectExactlyOnce(stage: Stage): Promise<void> {
  for (const sender of sendersOn(stage, "trade")) await expectChained(stage, "trade", "finance", sender);
  for (const sender of sendersOn(stage, "finance")) await expectChained(stage, "finance", "trade", sender);
  await expectEffectsOnce(stage);
}

async function expectChained(stage: Stage, from: Side, to: Side, sender: string): Promise<void> {
  const source = stage.as("stranger")[from].gateway;
  const destination = stage.as("stranger")[to].gateway;
  const [log] = await source.queryFilter(source.filters.LogOpened(sender));
  const ownSuffix = sender.slice(2).toLowerCase();
  const sent = (await source.queryFilter(source.filters.MessageSent())).filter(({ args }) =>
    args.sender.endsWith(ownSuffix),
  );
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
