import { expect } from "chai";
import { id } from "ethers";
import { currencyCode } from "../../deploy/modules/finance-chain.ts";
import { documentTypes } from "../../scripts/local/entities.ts";
import type { Hex } from "../../src/core/hex.ts";
import { mined } from "../support/world/actor.ts";
import { gatewayOf, headProof, messagesOf } from "../support/world/bridge.ts";
import { balanceOf, expectSound } from "../support/world/ledger.ts";
import { expectRefusal } from "../support/world/refusal.ts";
import { agreeAndFund, anchor, look, MilestoneState, worth } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const Status = { Unknown: 0n, Valid: 1n, Withdrawn: 2n } as const;
const EVIDENCE_UNKNOWN = 1n << 8n;
const EVIDENCE_WITHDRAWN = 1n << 9n;
const NO_TRADE = `0x${"00".repeat(32)}`;
const MILESTONE = 1_500_000_000n;

describe("evidence between the chains", () => {
  let world: World;

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
  });

  after(async () => await world?.stop());

  const known = async (hash: string) => {
    const { amount, drawn, status } = await world.as("stranger").finance.evidenceLedger.evidence(hash);
    return { amount, drawn, status };
  };

  /** What would stand against the importer's paying the exporter on these documents. */
  const assess = async (documents: readonly string[], amount: bigint) =>
    await world.as("stranger").finance.evidenceLedger.assess({
      claimId: id("a payment"),
      payer: world.as("buyer").address,
      payee: world.as("seller").address,
      currency: currencyCode("USD"),
      amount,
      documents: [...documents],
    });

  it("keeps a document withdrawn whose withdrawal overtakes it, holds its milestone, and pays it on another", async () => {
    const relayer = await world.startRelayer();
    const trade = await agreeAndFund(world);
    await world.settled();
    await relayer.stop();
    const seller = world.as("seller");
    const before = await balanceOf(world, seller.address);

    const invoice = await anchor(world, trade, "commercial-invoice");
    await anchor(world, trade, "bill-of-lading");
    await mined(seller.trade.documentRegistry.revoke(invoice));
    await carryNotaryAlone();
    expect(await known(invoice)).to.deep.equal({ amount: 0n, drawn: 0n, status: Status.Withdrawn });

    await world.startRelayer();
    await world.settled();
    expect(await known(invoice)).to.deep.equal({ amount: trade.amount, drawn: 0n, status: Status.Withdrawn });
    const { settlement } = seller.finance;
    const [held] = await settlement.queryFilter(settlement.filters.MilestoneHeld(trade.id));
    expect(held?.args.reasons).to.equal(EVIDENCE_WITHDRAWN);
    expect(await balanceOf(world, seller.address)).to.equal(before);

    const renewed = id(`renewed invoice of ${trade.reference}`);
    const { documentRegistry } = seller.trade;
    await mined(documentRegistry.anchorValued(renewed, documentTypes.commercialInvoice, trade.id, worth(trade.amount)));
    await mined(world.as("buyer").trade.evidenceNotary.present([renewed]));
    await world.settled();
    await mined(settlement.settleHeld(trade.id, 0, [renewed]));
    await world.settled();
    expect(await known(renewed)).to.deep.equal({ amount: trade.amount, drawn: MILESTONE, status: Status.Valid });
    expect(await balanceOf(world, seller.address)).to.equal(before + MILESTONE);
    expect((await look(world, trade)).milestones[0]).to.equal(MilestoneState.Paid);
    await expectSound(world);
  });

  it("knows a document of no trade with its value, until it is revoked", async () => {
    const broker = world.as("broker").trade;
    const declaration = id("a declaration of no trade");
    expect(await assess([declaration], 1n)).to.equal(EVIDENCE_UNKNOWN);
    await mined(
      broker.documentRegistry.anchorValued(declaration, documentTypes.customsDeclaration, NO_TRADE, worth(1_000n)),
    );
    await world.settled();
    expect(await known(declaration)).to.deep.equal({ amount: 1_000n, drawn: 0n, status: Status.Valid });
    expect(await assess([declaration], 1_000n)).to.equal(0n);

    await mined(broker.documentRegistry.revoke(declaration));
    await world.settled();
    expect(await assess([declaration], 1n)).to.equal(EVIDENCE_WITHDRAWN);
  });

  it("takes six declarations in one message, and none of an issuer who is not accredited", async () => {
    const broker = world.as("broker").trade;
    const hashes = Array.from({ length: 6 }, (_, index) => id(`declaration ${index}`));
    for (const hash of hashes) {
      const type = documentTypes.customsDeclaration;
      await mined(broker.documentRegistry.anchorValued(hash, type, id(`sale of ${hash}`), worth(1_000n)));
    }
    const sent = (await messagesOf(world, "trade")).length;
    await mined(world.as("buyer").trade.evidenceNotary.present(hashes));
    await world.settled();
    expect((await messagesOf(world, "trade")).length).to.equal(sent + 1);
    expect(await assess(hashes, 1_000n)).to.equal(0n);

    const forged = id("a declaration by the carrier");
    const carrier = world.as("carrier");
    await expectRefusal(
      carrier.trade.documentRegistry.anchorValued(forged, documentTypes.customsDeclaration, NO_TRADE, worth(1_000n)),
      "DocumentRegistry_NotAccredited",
      carrier.address,
      BigInt(documentTypes.customsDeclaration),
    );
    expect(await assess([forged], 1n)).to.equal(EVIDENCE_UNKNOWN);
  });

  it("draws on what a milestone is reached on", async () => {
    const trade = await agreeAndFund(world);
    const invoice = await anchor(world, trade, "commercial-invoice");
    await anchor(world, trade, "bill-of-lading");
    await world.settled();
    expect(await known(invoice)).to.deep.equal({ amount: trade.amount, drawn: MILESTONE, status: Status.Valid });
    expect((await look(world, trade)).milestones[0]).to.equal(MilestoneState.Paid);
    await expectSound(world);
  });

  /** A relayer that leaves the trade book's lane for later. */
  async function carryNotaryAlone(): Promise<void> {
    const sender = world.deployment.trade.evidenceNotary.toLowerCase() as Hex;
    const latest = await world.trade.provider.getBlockNumber();
    const from = await gatewayOf(world, "finance").cursor(sender);
    const messages = (await messagesOf(world, "trade")).filter((message) => message.sender === sender);
    const { gateway } = world.as("stranger").finance;
    await mined(gateway.deliver(sender, from, messages, await headProof(world, "trade", latest, { sender })));
  }
});
