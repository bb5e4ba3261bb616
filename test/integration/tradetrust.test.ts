import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type BaseContract, type Contract, encodeBytes32String, type Signer } from "ethers";
import { coinAt } from "../../deploy/deployment.ts";
import { currencyCode } from "../../deploy/modules/finance-chain.ts";
import { documentTypes, leiOf } from "../../scripts/local/entities.ts";
import { refusalOf } from "../../scripts/scenarios/refusals.ts";
import { deployTokenRegistry, titleEscrow } from "../../scripts/scenarios/token-registry.ts";
import { HuangpuError } from "../../src/core/errors.ts";
import { type Hex, keccakText } from "../../src/core/hex.ts";
import { AttestationClient } from "../../src/relayer/attestation-client.ts";
import { AttestedSeals } from "../../src/relayer/attested-seals.ts";
import { proveTitle, type TitleCondition, type TitleProof } from "../../src/titles/title-proof.ts";
import { mined } from "../support/world/actor.ts";
import { gatewayOf } from "../support/world/bridge.ts";
import { cloneRegistry } from "../support/world/clone-registry.ts";
import { runScript } from "../support/world/process.ts";
import { refusal } from "../support/world/refusal.ts";
import { AMOUNT, DAY, EscrowState, fund, look, opened, type Trade, TradeState } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const NO_REMARK = "0x";
const NO_TRADE: Hex = `0x${"00".repeat(32)}`;

/** By default a trade that is none, and the newest block. */
type ProveOptions = Partial<Pick<Parameters<typeof proveTitle>[0], "tradeId" | "block">>;

type Titles = Awaited<ReturnType<typeof deployTokenRegistry>>;

describe("a TradeTrust title as the condition of a trade", function () {
  this.timeout(START_TIMEOUT);
  let world: World;
  let titles: Titles;
  let seals: AttestedSeals;
  let tokens = 0;

  before(async () => {
    world = await startWorld();
    await world.startRelayer();
    titles = await deployTokenRegistry(signer("carrier"));
    seals = new AttestedSeals(new AttestationClient({ urls: world.attestors.map(({ url }) => url), timeoutMs: 5_000 }));
    await recognise(await addressOf(titles.registry));
  });

  after(async () => await world?.stop());

  // ------------------------------------------------------------------------------------------------------ who acts

  const signer = (name: "carrier" | "seller" | "buyer" | "bank1") => {
    const { wallet } = world.as(name);
    return wallet.connect(world.trade.provider);
  };
  const addressOf = async (contract: BaseContract) => (await contract.getAddress()).toLowerCase() as Hex;
  const hex = (name: "seller" | "buyer" | "bank1") => world.as(name).address.toLowerCase() as Hex;
  const call = async (contract: Contract, name: string, ...args: unknown[]) =>
    await mined(contract.getFunction(name)(...args));
  const recognise = async (registry: string) =>
    await mined(world.as("accreditor").trade.tradeBook.recogniseTitleRegistry(registry, true));

  /** Minted to the seller, by the carrier. */
  async function mint(registry = titles.registry): Promise<{ tokenId: bigint; escrow: (by: Signer) => Contract }> {
    const tokenId = BigInt(keccakText(`bill of lading ${++tokens}`));
    await call(registry, "mint", hex("seller"), hex("seller"), tokenId, NO_REMARK);
    const address: string = await registry.getFunction("ownerOf")(tokenId);
    return { tokenId, escrow: (by) => titleEscrow(address, by) };
  }

  async function conditionOn(tokenId: bigint, registry = titles.registry): Promise<TitleCondition> {
    return { registry: await addressOf(registry), tokenId, holder: hex("buyer"), beneficiary: hex("buyer") };
  }

  const idOf = ({ id }: Trade) => id as Hex;
  async function prove(condition: TitleCondition, { tradeId = NO_TRADE, block }: ProveOptions = {}) {
    return await proveTitle({
      source: gatewayOf(world, "trade"),
      destination: gatewayOf(world, "finance"),
      seals,
      titleFacts: world.deployment.finance.titleFacts as Hex,
      condition,
      tradeId,
      block: block ?? (await world.trade.provider.getBlockNumber()),
      signal: AbortSignal.timeout(10_000),
    });
  }

  async function reasonAgainst(condition: TitleCondition, options?: ProveOptions): Promise<unknown> {
    try {
      await prove(condition, options);
    } catch (error) {
      if (error instanceof HuangpuError) return error.fields["reason"] ?? error.message;
      throw error;
    }
    return "none";
  }

  async function agreeOnTitle(condition: TitleCondition): Promise<Trade> {
    const now = (await world.trade.provider.getBlock("latest"))?.timestamp ?? 0;
    const reference = `TT-${condition.tokenId.toString(16).slice(0, 8)}`;
    const terms = {
      buyer: hex("buyer"),
      currency: currencyCode("USD"),
      coin: coinAt(world.deployment, "USD"),
      amount: AMOUNT,
      expiry: now + 30 * DAY,
      purchaseReference: encodeBytes32String(reference),
      milestones: [{ share: 10_000, requirements: [] }],
      titles: [condition],
    };
    const { tradeBook } = world.as("seller").trade;
    const id = await tradeBook.propose.staticCall(terms);
    await mined(tradeBook.propose(terms));
    await mined(world.as("buyer").trade.tradeBook.accept(id));
    const trade = { id, reference, amount: AMOUNT };
    await opened(world, trade);
    // What is shown in the second of the agreement counts as before.
    await world.passTime(1);
    return trade;
  }

  /** What the payment is drawn on. */
  async function invoice(trade: Trade): Promise<Hex> {
    const hash = keccakText(`invoice ${trade.reference}`);
    const worth = { currency: currencyCode("USD"), creditor: leiOf("seller"), debtor: leiOf("buyer"), amount: AMOUNT };
    const { documentRegistry } = world.as("seller").trade;
    await mined(documentRegistry.anchorValued(hash, documentTypes.commercialInvoice, NO_TRADE, worth));
    await world.settled();
    return hash;
  }

  // ------------------------------------------------------------------------------------------------ state by state

  it("is refused in every state but one, and proven in that", async () => {
    const { tokenId, escrow } = await mint();
    const condition = await conditionOn(tokenId);
    expect(await reasonAgainst({ ...condition, tokenId: tokenId + 1n })).to.equal("The registry has no such title");
    expect(await reasonAgainst(condition), "with the seller").to.equal("TitleFacts_WrongBeneficiary");

    await call(escrow(signer("seller")), "transferBeneficiary", hex("buyer"), NO_REMARK);
    expect(await reasonAgainst(condition), "owned, not held").to.equal("TitleFacts_WrongHolder");
    await call(escrow(signer("seller")), "transferHolder", hex("buyer"), NO_REMARK);
    expect(await reasonAgainst(condition), "delivered, and rejectable").to.equal("TitleFacts_StillRejectable");
    const rejectable = await world.trade.provider.getBlockNumber();

    await call(escrow(signer("buyer")), "rejectTransferOwners", NO_REMARK);
    expect(await reasonAgainst(condition), "rejected").to.equal("TitleFacts_WrongBeneficiary");
    await call(escrow(signer("seller")), "transferOwners", hex("buyer"), hex("buyer"), NO_REMARK);
    await call(escrow(signer("buyer")), "nominate", hex("bank1"), NO_REMARK);
    const final = await world.trade.provider.getBlockNumber();
    const proof = await prove(condition);
    const { titleFacts } = world.as("stranger").finance;
    const shownAt = (await world.trade.provider.getBlock(final))?.timestamp;
    expect(await titleFacts.requireDelivered.staticCall(condition, NO_TRADE, proof)).to.equal(shownAt);

    await call(escrow(signer("buyer")), "returnToIssuer", NO_REMARK);
    expect(await reasonAgainst(condition), "surrendered").to.equal("TitleFacts_NotInEscrow");
    await call(titles.registry, "burn", tokenId, NO_REMARK);
    expect(await reasonAgainst(condition), "accepted").to.equal("TitleFacts_NotInEscrow");
    expect(await reasonAgainst(condition, { block: rejectable }), "as it was before").to.equal(
      "TitleFacts_StillRejectable",
    );
    expect(await reasonAgainst(condition, { block: final }), "as it was then").to.equal("none");
  });

  it("is proven again when a surrender was refused", async () => {
    const { tokenId, escrow } = await mint();
    await call(escrow(signer("seller")), "transferOwners", hex("buyer"), hex("buyer"), NO_REMARK);
    await call(escrow(signer("buyer")), "returnToIssuer", NO_REMARK);
    await call(titles.registry, "restore", tokenId, NO_REMARK);
    expect(await reasonAgainst(await conditionOn(tokenId))).to.equal("none");
  });

  it("takes no proof of another token, another registry or another block", async () => {
    const [one, other] = [await mint(), await mint()];
    for (const { escrow } of [one, other]) {
      await call(escrow(signer("seller")), "transferOwners", hex("buyer"), hex("buyer"), NO_REMARK);
    }
    await call(one.escrow(signer("buyer")), "nominate", hex("bank1"), NO_REMARK);
    const [condition, otherCondition] = [await conditionOn(one.tokenId), await conditionOn(other.tokenId)];
    const proof = await prove(condition);
    const { titleFacts } = world.as("stranger").finance;
    const rejected = async (of: TitleCondition, shown: TitleProof) =>
      await titleFacts.requireDelivered.staticCall(of, NO_TRADE, shown).then(
        () => false,
        () => true,
      );
    expect(await rejected(condition, proof)).to.equal(false);
    expect(await rejected(otherCondition, proof)).to.equal(true);
    expect(await rejected({ ...condition, registry: hex("seller") }, proof)).to.equal(true);
    // Slot 4 is absent as well, and the proof of that may show both.
    for (const slot of [0, 1, 2, 3, 6]) {
      const slotProofs = proof.slotProofs.with(5, proof.slotProofs[slot] ?? []);
      expect(await rejected(condition, { ...proof, slotProofs }), `slot ${slot}`).to.equal(true);
    }
    await mint();
    const { header, seal } = await prove(condition);
    expect(await rejected(condition, { ...proof, header, seal })).to.equal(true);
  });

  it("reads a registry that was deployed as a clone just as well", async () => {
    const clone = await cloneRegistry(signer("carrier"));
    const { tokenId, escrow } = await mint(clone);
    await call(escrow(signer("seller")), "transferOwners", hex("buyer"), hex("buyer"), NO_REMARK);
    const condition = await conditionOn(tokenId, clone);
    expect(await reasonAgainst(condition)).to.equal("TitleFacts_StillRejectable");
    await call(escrow(signer("buyer")), "nominate", hex("bank1"), NO_REMARK);
    expect(await reasonAgainst(condition)).to.equal("none");
  });

  // ---------------------------------------------------------------------------------------------------- the payment

  it("pays the seller, whoever brings the proof, and completes the trade", async () => {
    const { tokenId, escrow } = await mint();
    const condition = await conditionOn(tokenId);
    const trade = await agreeOnTitle(condition);
    expect(await world.as("stranger").trade.tradeBook.tradeOfTitle(condition.registry, tokenId)).to.equal(trade.id);
    await fund(world, trade);
    const document = await invoice(trade);
    const { coin } = world.as("seller").finance;
    const before = await coin("USD").balanceOf(hex("seller"));

    await call(escrow(signer("seller")), "transferOwners", hex("buyer"), hex("buyer"), NO_REMARK);
    await call(escrow(signer("buyer")), "nominate", hex("bank1"), NO_REMARK);
    expect(await reasonAgainst(condition), "kept").to.equal("TitleFacts_NotKept");
    const proof = await prove(condition, { tradeId: idOf(trade) });
    await mined(world.as("stranger").finance.settlement.reachByTitle(trade.id, 0, proof, []));
    expect((await look(world, trade)).escrow).to.equal(EscrowState.Closed);
    await mined(world.as("seller").finance.settlement.settleHeld(trade.id, 0, [document]));
    expect((await coin("USD").balanceOf(hex("seller"))) - before).to.equal(AMOUNT);
    await world.settled();
    const { state, paid } = await look(world, trade);
    expect({ state, paid }).to.deep.equal({ state: TradeState.Completed, paid: AMOUNT });
    const tradeOf = await world.as("stranger").trade.tradeBook.tradeOfTitle(condition.registry, tokenId);
    expect(BigInt(tradeOf)).to.equal(0n);
  });

  it("is proven from the command line, and refused there with the contract's reason", async () => {
    const { tokenId, escrow } = await mint();
    await call(escrow(signer("seller")), "transferOwners", hex("buyer"), hex("buyer"), NO_REMARK);
    const condition = await conditionOn(tokenId);
    const file = join(world.directory, "huangpu.json");
    const attestors = world.attestors.map(({ url }) => url);
    const relayer = { key: { development: "relayer" }, attestors, journal: ":memory:" };
    writeFileSync(file, JSON.stringify({ chains: world.chains, relayer }));
    const proveTitleOf = async (token: string, tradeId: string = NO_TRADE) => {
      const { registry, holder, beneficiary } = condition;
      const named = [
        "--registry",
        registry,
        "--token",
        token,
        "--holder",
        holder,
        "--beneficiary",
        beneficiary,
        "--trade",
        tradeId,
      ];
      const facts = world.deployment.finance.titleFacts;
      const child = runScript("src/main.ts", ["prove-title", "--config", file, "--facts", facts, ...named]);
      return { ...(await child.ended), output: child.output };
    };
    const refused = await proveTitleOf(tokenId.toString());
    expect(refused.code).to.equal(1);
    expect(refused.output).to.include("PROOF_REJECTED").and.include("TitleFacts_StillRejectable");
    expect((await proveTitleOf("title")).output).to.include("CONFIG_INVALID");
    expect((await proveTitleOf(tokenId.toString(), "trade")).output).to.include('--trade "trade" is no trade');

    await call(escrow(signer("buyer")), "nominate", hex("bank1"), NO_REMARK);
    const { code, output } = await proveTitleOf(`0x${tokenId.toString(16)}`);
    expect(code, output).to.equal(0);
    const { titleFacts } = world.as("stranger").finance;
    await titleFacts.requireDelivered.staticCall(condition, NO_TRADE, JSON.parse(output.slice(output.indexOf("{"))));
  });

  it("pays nothing for a title that the buyer had before the trade", async () => {
    const { tokenId, escrow } = await mint();
    const condition = await conditionOn(tokenId);
    await call(escrow(signer("seller")), "transferOwners", hex("buyer"), hex("buyer"), NO_REMARK);
    await call(escrow(signer("buyer")), "nominate", hex("bank1"), NO_REMARK);
    const trade = await agreeOnTitle(condition);
    const keeping = world.as("seller").trade.tradeBook.keepTitle(trade.id, 0);
    expect((await refusal(keeping)).name).to.equal("ForeignTitles_NotTheSellers");
    expect(await reasonAgainst(condition, { tradeId: idOf(trade) })).to.equal("TitleFacts_NotKept");
    const [proof, { settlement }] = [await prove(condition), world.as("stranger").finance];
    const refused = await refusalOf(settlement.reachByTitle.staticCall(trade.id, 0, proof, []));
    expect(refused.name).to.equal("TitleFacts_NotKept");
  });

  it("pays for a title that was issued after the agreement once it is kept, and then delivered", async () => {
    const tokenId = BigInt(keccakText(`bill of lading ${++tokens}`));
    const condition = await conditionOn(tokenId);
    const trade = await agreeOnTitle(condition);
    await call(titles.registry, "mint", hex("seller"), hex("seller"), tokenId, NO_REMARK);
    await mined(world.as("stranger").trade.tradeBook.keepTitle(trade.id, 0));
    const escrow = (by: Signer) =>
      titles.registry
        .getFunction("ownerOf")(tokenId)
        .then((at) => titleEscrow(at, by));
    await call(await escrow(signer("seller")), "transferOwners", hex("buyer"), hex("buyer"), NO_REMARK);
    await call(await escrow(signer("buyer")), "nominate", hex("bank1"), NO_REMARK);
    const proof = await prove(condition, { tradeId: idOf(trade) });
    const { settlement } = world.as("stranger").finance;
    await mined(settlement.reachByTitle(trade.id, 0, proof, []));
    expect((await settlement.escrow(trade.id)).reached).to.equal(1n);
  });

  it("takes no proof while the trade is disputed", async () => {
    const { tokenId, escrow } = await mint();
    const condition = await conditionOn(tokenId);
    const trade = await agreeOnTitle(condition);
    await call(escrow(signer("seller")), "transferOwners", hex("buyer"), hex("buyer"), NO_REMARK);
    await call(escrow(signer("buyer")), "nominate", hex("bank1"), NO_REMARK);
    await mined(world.as("buyer").trade.tradeBook.dispute(trade.id));
    await world.settled();
    const proof = await prove(condition, { tradeId: idOf(trade) });
    const { settlement } = world.as("stranger").finance;
    expect((await refusal(settlement.reachByTitle(trade.id, 0, proof, []))).name).to.equal("Settlement_Disputed");
    await mined(world.as("arbiter").trade.tradeBook.resolve(trade.id, true));
    await world.settled();
    await mined(settlement.reachByTitle(trade.id, 0, proof, []));
    expect((await settlement.escrow(trade.id)).reached).to.equal(1n);
  });
});
