import { expect } from "chai";
import { coinAt } from "../../deploy/deployment.ts";
import { documentTypes } from "../../scripts/local/entities.ts";
import { mined } from "../support/world/actor.ts";
import { balanceOf, expectSound } from "../support/world/ledger.ts";
import { expectRefusal, refusal } from "../support/world/refusal.ts";
import {
  AMOUNT,
  agree,
  agreeAndFund,
  agreeAndOpen,
  amend,
  anchor,
  clear,
  fund,
  look,
  MilestoneState,
  propose,
  ship,
  TradeState,
} from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const FIRST = 1_500_000_000n;

describe("money that cannot move", () => {
  let world: World;

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
    await world.startRelayer();
  });

  after(async () => await world?.stop());

  const suspense = async (address: string) =>
    await world.as("stranger").finance.settlement.suspense(coinAt(world.deployment, "USD"), address);

  it("keeps a frozen seller's money in suspense, lets others go on, and pays it out on claim", async () => {
    const seller = world.as("seller");
    const compliance = world.as("compliance").finance.coin("USD");
    const coin = coinAt(world.deployment, "USD");
    const [frozen, refunded] = [await agreeAndFund(world), await agreeAndFund(world)];
    const before = await balanceOf(world, seller.address);
    const buyerBefore = await balanceOf(world, world.as("buyer").address);

    await mined(compliance.freeze(seller.address));
    await ship(world, frozen);
    for (const party of ["seller", "buyer"] as const) await mined(world.as(party).trade.tradeBook.cancel(refunded.id));
    await world.settled();

    expect(await balanceOf(world, seller.address)).to.equal(before);
    expect(await suspense(seller.address)).to.equal(FIRST);
    const held = await look(world, frozen);
    expect(held.milestones).to.deep.equal([MilestoneState.InSuspense, MilestoneState.Pending]);
    expect(await balanceOf(world, world.as("buyer").address)).to.equal(buyerBefore + AMOUNT);
    await expectRefusal(seller.finance.settlement.claim(coin), "Stablecoin_Frozen", seller.address);
    await expectSound(world);

    await mined(compliance.unfreeze(seller.address));
    await mined(seller.finance.settlement.claim(coin));
    await clear(world, frozen);
    await world.settled();
    expect(await balanceOf(world, seller.address)).to.equal(before + AMOUNT);
    await expectRefusal(seller.finance.settlement.claim(coin), "Suspense_NothingWaits", coin, seller.address);
    await expectSound(world);
  });

  it("keeps payments in suspense while the coin is paused, refuses funding, and goes on afterwards", async () => {
    const seller = world.as("seller");
    const coin = coinAt(world.deployment, "USD");
    const [paid, unfunded] = [await agreeAndFund(world), await agreeAndOpen(world)];
    const before = await balanceOf(world, seller.address);
    await mined(world.as("guardian").finance.coin("USD").pause());
    await ship(world, paid);
    await world.settled();
    expect(await suspense(seller.address)).to.equal(FIRST);
    await expectRefusal(fund(world, unfunded), "EnforcedPause");
    await expectRefusal(seller.finance.settlement.claim(coin), "EnforcedPause");
    await expectSound(world);

    await mined(world.as("operator").finance.coin("USD").unpause());
    await mined(seller.finance.settlement.claim(coin));
    expect(await balanceOf(world, seller.address)).to.equal(before + FIRST);
    await fund(world, unfunded);
    await clear(world, paid);
    await world.settled();
    expect(await look(world, paid)).to.include({ state: TradeState.Completed, paid: AMOUNT });
    await expectSound(world);
  });

  it("stops a suspended participant from acting, and keeps its payment until it is reinstated", async () => {
    const seller = world.as("seller");
    const registrar = world.as("registrar");
    const lei = await seller.trade.participants.leiOf(seller.address);
    const [running, proposed] = [await agreeAndFund(world), await propose(world)];
    const invoice = await anchor(world, running, "commercial-invoice");
    const before = await balanceOf(world, seller.address);
    await mined(registrar.trade.participants.suspend(lei));
    await mined(registrar.finance.participants.suspend(lei));

    const { documentRegistry, tradeBook } = seller.trade;
    const refused = ["Participants_NotActive", seller.address] as const;
    const amended = amend(world, running, "commercial-invoice");
    await expectRefusal(propose(world), ...refused);
    await expectRefusal(tradeBook.withdraw(proposed.id), ...refused);
    await expectRefusal(tradeBook.cancel(running.id), ...refused);
    await expectRefusal(tradeBook.dispute(running.id), ...refused);
    await expectRefusal(tradeBook.release(running.id, 0), ...refused);
    await expectRefusal(documentRegistry.anchor(amended, documentTypes.commercialInvoice, proposed.id), ...refused);
    await expectRefusal(documentRegistry.revoke(invoice), ...refused);
    await expectRefusal(documentRegistry.supersede(invoice, amended), ...refused);

    // The seller issued the invoice, which counts only while they may issue it.
    await anchor(world, running, "bill-of-lading");
    await world.settled();
    expect(await suspense(seller.address)).to.equal(0n);
    await mined(registrar.trade.participants.reinstate(lei));
    await mined(world.as("buyer").trade.tradeBook.release(running.id, 0));
    await world.settled();
    expect(await balanceOf(world, seller.address)).to.equal(before);
    const { settlement } = world.as("stranger").finance;
    expect((await settlement.escrow(running.id)).held).to.equal(1n);
    expect((await refusal(settlement.settleHeld(running.id, 0, []))).name).to.equal("EvidenceLedger_Refused");
    await expectSound(world);

    await mined(registrar.finance.participants.reinstate(lei));
    await mined(settlement.settleHeld(running.id, 0, []));
    expect(await balanceOf(world, seller.address)).to.equal(before + FIRST);
    await world.settled();
    expect((await look(world, running)).milestones).to.deep.equal([MilestoneState.Paid, MilestoneState.Pending]);
    await expectSound(world);
  });

  it("opens no escrow for a suspended buyer's proposal, and lets a suspended buyer neither accept nor fund", async () => {
    const buyer = world.as("buyer");
    const registrar = world.as("registrar");
    const lei = await buyer.trade.participants.leiOf(buyer.address);
    const [proposed, unfunded] = [await propose(world), await agreeAndOpen(world)];
    await mined(registrar.trade.participants.suspend(lei));
    await mined(registrar.finance.participants.suspend(lei));
    await expectRefusal(buyer.trade.tradeBook.accept(proposed.id), "Participants_NotActive", buyer.address);
    await expectRefusal(agree(world), "Participants_NotActive", buyer.address);
    await expectRefusal(fund(world, unfunded), "Participants_NotActive", buyer.address);
    await mined(registrar.trade.participants.reinstate(lei));
    await mined(registrar.finance.participants.reinstate(lei));
    await fund(world, unfunded);
    await expectSound(world);
  });
});
