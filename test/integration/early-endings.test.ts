import { expect } from "chai";
import { coinAt } from "../../deploy/deployment.ts";
import { mined } from "../support/world/actor.ts";
import { onEveryEngine } from "../support/world/engines.ts";
import { balanceOf, expectSound } from "../support/world/ledger.ts";
import { expectRefusal } from "../support/world/refusal.ts";
import {
  AMOUNT,
  agree,
  agreeAndFund,
  agreeAndOpen,
  clear,
  DAY,
  EscrowState,
  fund,
  look,
  MilestoneState,
  ship,
  type Trade,
  TradeState,
} from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const FIRST = 1_500_000_000n;

onEveryEngine("trades that end early", (engine) => {
  let world: World;

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld(engine);
    await world.startRelayer();
  });

  after(async () => await world?.stop());

  const cancelByBoth = async (trade: Trade) => {
    await mined(world.as("buyer").trade.tradeBook.cancel(trade.id));
    await mined(world.as("seller").trade.tradeBook.cancel(trade.id));
  };
  const expire = async (trade: Trade) => {
    await world.passTime(DAY + 1);
    await mined(world.as("buyer").trade.tradeBook.expire(trade.id));
  };

  for (const { how, end, state } of [
    { how: "cancelled by both", end: cancelByBoth, state: TradeState.Cancelled },
    { how: "expired", end: expire, state: TradeState.Expired },
  ]) {
    describe(how, () => {
      it("closes an escrow that holds nothing", async () => {
        const trade = await agreeAndOpen(world, { lifetime: DAY });
        await end(trade);
        await world.settled();
        expect(await look(world, trade)).to.include({ state, funded: false, refunded: 0n, escrow: EscrowState.Closed });
        await expectRefusal(fund(world, trade), "Settlement_WrongState", trade.id, EscrowState.Closed);
        await expectSound(world);
      });

      it("refunds everything after the funding", async () => {
        const buyer = world.as("buyer").address;
        const trade = await agreeAndOpen(world, { lifetime: DAY });
        const before = await balanceOf(world, buyer);
        await fund(world, trade);
        await end(trade);
        await world.settled();
        expect(await balanceOf(world, buyer)).to.equal(before);
        expect(await look(world, trade)).to.include({ state, paid: 0n, refunded: AMOUNT, escrow: EscrowState.Closed });
        await expectSound(world);
      });

      it("refunds what the first milestone left, and pays nothing on later documents", async () => {
        const buyer = world.as("buyer").address;
        const trade = await agreeAndOpen(world, { lifetime: DAY });
        const before = await balanceOf(world, buyer);
        await fund(world, trade);
        await ship(world, trade);
        await end(trade);
        await clear(world, trade);
        await world.settled();
        expect(await balanceOf(world, buyer)).to.equal(before - FIRST);
        expect(await look(world, trade)).to.include({
          state,
          paid: FIRST,
          refunded: AMOUNT - FIRST,
          escrow: EscrowState.Closed,
        });
        await expectSound(world);
      });

      it("leaves the buyer owing what was reached before the funding, and takes just that", async () => {
        const seller = world.as("seller").address;
        const trade = await agree(world, { lifetime: DAY });
        await ship(world, trade);
        await end(trade);
        await world.settled();
        expect(await look(world, trade)).to.include({
          state,
          funded: false,
          escrow: EscrowState.Owing,
          released: FIRST,
        });

        await expectRefusal(fund(world, trade), "Settlement_WrongFunding", trade.id, FIRST, AMOUNT);
        const before = await balanceOf(world, seller);
        await fund(world, trade, FIRST);
        await world.settled();
        expect(await balanceOf(world, seller)).to.equal(before + FIRST);
        const paid = await look(world, trade);
        expect(paid).to.include({ state, funded: true, paid: FIRST, refunded: 0n, escrow: EscrowState.Closed });
        expect(paid.milestones).to.deep.equal([MilestoneState.Paid, MilestoneState.Pending]);
        await expectSound(world);
      });
    });
  }

  it("pays a milestone that was reached before the money with the funding", async () => {
    const seller = world.as("seller").address;
    const trade = await agree(world);
    await ship(world, trade);
    await world.settled();
    expect(await look(world, trade)).to.include({ paid: 0n, escrow: EscrowState.Open, released: FIRST });

    const before = await balanceOf(world, seller);
    await fund(world, trade);
    expect(await balanceOf(world, seller)).to.equal(before + FIRST);
    await clear(world, trade);
    await world.settled();
    expect(await look(world, trade)).to.include({
      state: TradeState.Completed,
      paid: AMOUNT,
      escrow: EscrowState.Closed,
    });
    await expectSound(world);
  });

  it("pays both milestones with the funding when both were reached before it", async () => {
    const seller = world.as("seller").address;
    const trade = await agree(world);
    await ship(world, trade);
    await clear(world, trade);
    await world.settled();
    const before = await balanceOf(world, seller);
    await fund(world, trade);
    expect(await balanceOf(world, seller)).to.equal(before + AMOUNT);
    await world.settled();
    const shown = await look(world, trade);
    expect(shown).to.include({ state: TradeState.Completed, funded: true, paid: AMOUNT, escrow: EscrowState.Closed });
    expect(shown.milestones).to.deep.equal([MilestoneState.Paid, MilestoneState.Paid]);
    await expectSound(world);
  });

  it("ends neither before its time nor by one party alone", async () => {
    const trade = await agreeAndFund(world);
    const { expiry } = await world.as("buyer").trade.tradeBook.statusOf(trade.id);
    const buyer = world.as("buyer");
    await expectRefusal(buyer.trade.tradeBook.expire(trade.id), "TradeBook_NotExpired", trade.id, expiry);
    await mined(buyer.trade.tradeBook.cancel(trade.id));
    await expectRefusal(
      buyer.trade.tradeBook.cancel(trade.id),
      "TradeBook_CancellationAlreadyRequested",
      trade.id,
      buyer.address,
    );
    const broker = world.as("broker");
    await expectRefusal(broker.trade.tradeBook.cancel(trade.id), "TradeBook_NotParty", trade.id, broker.address);
    await world.settled();
    expect(await look(world, trade)).to.include({ state: TradeState.Agreed, escrow: EscrowState.Funded });
    await expectSound(world);
  });

  it("refunds into suspense while the buyer is frozen, and the buyer claims it afterwards", async () => {
    const buyer = world.as("buyer");
    const compliance = world.as("compliance").finance.coin("USD");
    const trade = await agreeAndOpen(world);
    const before = await balanceOf(world, buyer.address);
    await fund(world, trade);
    await mined(compliance.freeze(buyer.address));
    await cancelByBoth(trade);
    await world.settled();
    expect(await look(world, trade)).to.include({ refunded: AMOUNT, escrow: EscrowState.Closed });
    expect(await balanceOf(world, buyer.address)).to.equal(before - AMOUNT);
    await expectSound(world);

    await mined(compliance.unfreeze(buyer.address));
    await mined(buyer.finance.settlement.claim(coinAt(world.deployment, "USD")));
    expect(await balanceOf(world, buyer.address)).to.equal(before);
    await expectSound(world);
  });
});
