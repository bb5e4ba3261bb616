import { expect } from "chai";
import { mined } from "../support/world/actor.ts";
import { onEveryEngine } from "../support/world/engines.ts";
import { balanceOf, expectSound } from "../support/world/ledger.ts";
import { expectRefusal } from "../support/world/refusal.ts";
import {
  AMOUNT,
  agreeAndFund,
  agreeAndOpen,
  clear,
  DAY,
  EscrowState,
  fund,
  look,
  MilestoneState,
  opened,
  propose,
  ship,
  TradeState,
} from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

onEveryEngine("a trade from contract to cash", (engine) => {
  let world: World;

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld(engine);
    await world.startRelayer();
  });

  after(async () => await world?.stop());

  it("pays 30 % on the shipping documents and 70 % on the customs declaration, and shows both on the trade book", async () => {
    const seller = world.as("seller").address;
    const buyer = world.as("buyer").address;
    const [sellerBefore, buyerBefore] = [await balanceOf(world, seller), await balanceOf(world, buyer)];

    const trade = await agreeAndFund(world);
    await world.settled();
    expect(await look(world, trade)).to.include({
      state: TradeState.Agreed,
      funded: true,
      paid: 0n,
      escrow: EscrowState.Funded,
    });
    expect(await balanceOf(world, buyer)).to.equal(buyerBefore - AMOUNT);
    await expectSound(world);

    await ship(world, trade);
    await world.settled();
    expect(await balanceOf(world, seller)).to.equal(sellerBefore + 1_500_000_000n);
    const shipped = await look(world, trade);
    expect(shipped).to.include({ state: TradeState.Agreed, paid: 1_500_000_000n, escrow: EscrowState.Funded });
    expect(shipped.milestones).to.deep.equal([MilestoneState.Paid, MilestoneState.Pending]);
    await expectSound(world);

    await clear(world, trade);
    await world.settled();
    expect(await balanceOf(world, seller)).to.equal(sellerBefore + AMOUNT);
    const cleared = await look(world, trade);
    expect(cleared).to.include({ state: TradeState.Completed, paid: AMOUNT, refunded: 0n, escrow: EscrowState.Closed });
    expect(cleared.milestones).to.deep.equal([MilestoneState.Paid, MilestoneState.Paid]);
    await expectSound(world);
  });

  it("pays nothing for half of a milestone's documents", async () => {
    const trade = await agreeAndFund(world);
    await clear(world, trade);
    await world.settled();
    const only = await look(world, trade);
    expect(only.milestones).to.deep.equal([MilestoneState.Pending, MilestoneState.Paid]);
    expect(only.paid).to.equal(3_500_000_000n);
    await expectSound(world);
  });

  it("opens the escrow on an acceptance that the buyer signed and a third party handed in", async () => {
    const buyer = world.as("buyer");
    const broker = world.as("broker");
    const { tradeBook: verifyingContract, chainId } = world.deployment.trade;
    const trade = await propose(world);
    const deadline = BigInt(Math.floor(Date.now() / 1_000) + DAY);
    const domain = { name: "Huangpu TradeBook", version: "1", chainId, verifyingContract };
    const types = {
      TradeAcceptance: [
        { name: "tradeId", type: "bytes32" },
        { name: "deadline", type: "uint256" },
      ],
    };
    const signature = await buyer.wallet.signTypedData(domain, types, { tradeId: trade.id, deadline });
    const forged = await broker.wallet.signTypedData(domain, types, { tradeId: trade.id, deadline });

    const accept = broker.trade.tradeBook.acceptWithSignature;
    await expectRefusal(accept(trade.id, deadline, forged), "TradeBook_InvalidSignature", trade.id, buyer.address);
    await expectRefusal(
      world.as("stranger").trade.tradeBook.acceptWithSignature(trade.id, deadline, signature),
      "Participants_NotActive",
      world.as("stranger").address,
    );
    await mined(accept(trade.id, deadline, signature));
    await expectRefusal(accept(trade.id, deadline, signature), "TradeBook_WrongState", trade.id, TradeState.Agreed);

    await opened(world, trade);
    await fund(world, trade);
    await ship(world, trade);
    await clear(world, trade);
    await world.settled();
    expect(await look(world, trade)).to.include({ state: TradeState.Completed, paid: AMOUNT });
    await expectSound(world);
  });

  for (const { amount, firstShare, first } of [
    { amount: 1n, firstShare: 3_000, first: 0n },
    { amount: 10_001n, firstShare: 3_333, first: 3_333n },
    { amount: 9_999_999_999n, firstShare: 1, first: 999_999n },
  ]) {
    it(`pays ${amount} units in parts of ${firstShare} bps and the rest, without losing one`, async () => {
      const seller = world.as("seller").address;
      const before = await balanceOf(world, seller);
      const trade = await agreeAndFund(world, { amount, firstShare });
      await ship(world, trade);
      await world.settled();
      expect(await balanceOf(world, seller)).to.equal(before + first);
      await clear(world, trade);
      await world.settled();
      expect(await balanceOf(world, seller)).to.equal(before + amount);
      expect(await look(world, trade)).to.include({ paid: amount, escrow: EscrowState.Closed });
      await expectSound(world);
    });
  }

  it("takes exactly the agreed amount, and only from the buyer", async () => {
    const trade = await agreeAndOpen(world);
    await expectRefusal(fund(world, trade, AMOUNT - 1n), "Settlement_WrongFunding", trade.id, AMOUNT, AMOUNT - 1n);
    await expectRefusal(fund(world, trade, AMOUNT + 1n), "Settlement_WrongFunding", trade.id, AMOUNT, AMOUNT + 1n);
    const seller = world.as("seller");
    await expectRefusal(
      seller.finance.settlement.fund(trade.id, AMOUNT),
      "Settlement_NotBuyer",
      trade.id,
      seller.address,
    );
    await fund(world, trade);
    await expectRefusal(fund(world, trade), "Settlement_WrongState", trade.id, EscrowState.Funded);
    await expectSound(world);
  });
});
