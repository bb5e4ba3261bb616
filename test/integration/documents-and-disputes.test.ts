import { expect } from "chai";
import { documentTypes } from "../../scripts/local/entities.ts";
import { mined } from "../support/world/actor.ts";
import { balanceOf, expectSound } from "../support/world/ledger.ts";
import { expectRefusal } from "../support/world/refusal.ts";
import {
  AMOUNT,
  agreeAndFund,
  amend,
  anchor,
  clear,
  DAY,
  EscrowState,
  look,
  MilestoneState,
  ship,
  TradeState,
  worth,
} from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const FIRST = 1_500_000_000n;

describe("documents that change and trades in dispute", () => {
  let world: World;

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
    await world.startRelayer();
  });

  after(async () => await world?.stop());

  it("pays nothing while a document of the milestone is revoked, and on the amended one only when the buyer releases", async () => {
    const [seller, carrier, buyer] = [world.as("seller"), world.as("carrier"), world.as("buyer")];
    const trade = await agreeAndFund(world);
    const invoice = await anchor(world, trade, "commercial-invoice");
    await mined(seller.trade.documentRegistry.revoke(invoice));
    await anchor(world, trade, "bill-of-lading");
    await expectRefusal(
      buyer.trade.tradeBook.release(trade.id, 0),
      "TradeBook_DocumentNotActive",
      trade.id,
      BigInt(documentTypes.commercialInvoice),
      seller.address,
    );

    const amended = amend(world, trade, "commercial-invoice");
    const { documentRegistry } = seller.trade;
    await mined(documentRegistry.anchorValued(amended, documentTypes.commercialInvoice, trade.id, worth(trade.amount)));
    await world.settled();
    expect(await look(world, trade)).to.include({ paid: 0n, escrow: EscrowState.Funded });
    const refused = [
      "TradeBook_DocumentAmended",
      trade.id,
      BigInt(documentTypes.commercialInvoice),
      seller.address,
    ] as const;
    await expectRefusal(seller.trade.tradeBook.release(trade.id, 0), ...refused);
    await expectRefusal(carrier.trade.tradeBook.release(trade.id, 0), "TradeBook_NotParty", trade.id, carrier.address);

    await mined(buyer.trade.tradeBook.release(trade.id, 0));
    await world.settled();
    expect(await look(world, trade)).to.include({ paid: FIRST });
    await expectSound(world);
  });

  it("pays nothing on a superseded document until the buyer releases on its replacement", async () => {
    const [carrier, buyer] = [world.as("carrier"), world.as("buyer")];
    const trade = await agreeAndFund(world);
    const bill = await anchor(world, trade, "bill-of-lading");
    const replacement = amend(world, trade, "bill-of-lading");
    await mined(carrier.trade.documentRegistry.supersede(bill, replacement));
    await anchor(world, trade, "commercial-invoice");
    await world.settled();
    expect(await look(world, trade)).to.include({ paid: 0n });
    expect(await carrier.trade.documentRegistry.replacementOf(bill)).to.equal(replacement);

    await mined(buyer.trade.tradeBook.release(trade.id, 0));
    await clear(world, trade);
    await world.settled();
    expect(await look(world, trade)).to.include({
      state: TradeState.Completed,
      paid: AMOUNT,
      escrow: EscrowState.Closed,
    });
    await expectSound(world);
  });

  it("does not take back a payment when its document is revoked afterwards", async () => {
    const trade = await agreeAndFund(world);
    const invoice = await anchor(world, trade, "commercial-invoice");
    await anchor(world, trade, "bill-of-lading");
    await world.settled();
    await mined(world.as("seller").trade.documentRegistry.revoke(invoice));
    await clear(world, trade);
    await world.settled();
    expect(await look(world, trade)).to.include({ state: TradeState.Completed, paid: AMOUNT });
    await expectSound(world);
  });

  it("refuses one document for two trades", async () => {
    const [first, second] = [await agreeAndFund(world), await agreeAndFund(world)];
    const hash = await anchor(world, first, "customs-declaration");
    const { documentRegistry } = world.as("broker").trade;
    await expectRefusal(
      documentRegistry.anchor(hash, documentTypes.customsDeclaration, second.id),
      "DocumentRegistry_AlreadyAnchored",
      hash,
    );
    await world.settled();
    expect(await look(world, second)).to.include({ paid: 0n });
    await expectSound(world);
  });

  it("holds a disputed trade, pays what came meanwhile when it goes on, and puts its expiry off", async () => {
    const trade = await agreeAndFund(world);
    const { tradeBook } = world.as("buyer").trade;
    const { expiry } = await tradeBook.statusOf(trade.id);
    await mined(tradeBook.dispute(trade.id));
    await ship(world, trade);
    await clear(world, trade);
    await world.settled();
    expect(await look(world, trade)).to.include({ state: TradeState.Disputed, paid: 0n, escrow: EscrowState.Funded });
    await expectRefusal(tradeBook.release(trade.id, 0), "TradeBook_WrongState", trade.id, TradeState.Disputed);
    await expectRefusal(tradeBook.cancel(trade.id), "TradeBook_WrongState", trade.id, TradeState.Disputed);

    await world.passTime(40 * DAY);
    await mined(world.as("arbiter").trade.tradeBook.resolve(trade.id, true));
    await world.settled();
    const resolved = await look(world, trade);
    expect(resolved).to.include({ state: TradeState.Completed, paid: AMOUNT, escrow: EscrowState.Closed });
    expect(Number((await tradeBook.statusOf(trade.id)).expiry - expiry)).to.be.at.least(40 * DAY);
    await expectSound(world);
  });

  it("refunds what was not paid when the arbiter ends a disputed trade", async () => {
    const buyer = world.as("buyer");
    const before = await balanceOf(world, buyer.address);
    const trade = await agreeAndFund(world);
    await ship(world, trade);
    await mined(world.as("seller").trade.tradeBook.dispute(trade.id));
    await clear(world, trade);
    await mined(world.as("arbiter").trade.tradeBook.resolve(trade.id, false));
    await world.settled();
    const ended = await look(world, trade);
    expect(ended).to.include({ state: TradeState.Cancelled, paid: FIRST, refunded: AMOUNT - FIRST });
    expect(ended.milestones).to.deep.equal([MilestoneState.Paid, MilestoneState.Pending]);
    expect(await balanceOf(world, buyer.address)).to.equal(before - FIRST);
    await expectSound(world);
  });
});
