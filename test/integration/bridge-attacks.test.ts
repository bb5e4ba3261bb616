import { expect } from "chai";
import { ZeroHash } from "ethers";
import { headersAbi, lightClientAbi } from "../../src/chains/abis.ts";
import { attestationDigest } from "../../src/core/attestation.ts";
import { type Hex, keccak256, keccakText } from "../../src/core/hex.ts";
import { formatInteroperableAddress } from "../../src/core/interoperable-address.ts";
import { mined } from "../support/world/actor.ts";
import { contractAt, gatewayOf, headProof, messagesOf, QUORUM, sealHeader, senderOn } from "../support/world/bridge.ts";
import { onEveryEngine } from "../support/world/engines.ts";
import { eventuallyTrue } from "../support/world/eventually.ts";
import { expectSound } from "../support/world/ledger.ts";
import { expectRefusal, refusal } from "../support/world/refusal.ts";
import { agree, agreeAndOpen, EscrowState, fund, look, type Trade } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

onEveryEngine("the bridge against everyone who may call it", (engine) => {
  let world: World;
  let trade: Trade;

  beforeEach(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld(engine);
    trade = await agree(world);
  });

  afterEach(async () => await world?.stop());

  /** The stranger's delivery of what was sent, on the finance chain. */
  const prepared = async () => {
    const sender = senderOn(world, "trade");
    const { gateway, lightClient } = world.as("stranger").finance;
    const latest = await world.trade.provider.getBlockNumber();
    const from = await gateway.cursor(sender);
    return { sender, gateway, lightClient, latest, from, messages: await messagesOf(world, "trade") };
  };

  it("delivers for a stranger who brings the proof", async () => {
    const { gateway, sender, from, messages, latest } = await prepared();
    await mined(gateway.deliver(sender, from, messages, await headProof(world, "trade", latest)));
    expect(await look(world, trade)).to.include({ escrow: EscrowState.Open });
    await expectSound(world);
  });

  it("refuses the proof of another block than the header's", async () => {
    const { gateway, sender, from, messages, latest } = await prepared();
    const proof = await headProof(world, "trade", latest, { proofBlock: latest - 1 });
    expect((await refusal(gateway.deliver(sender, from, messages, proof))).name).to.equal("TrieWalk_HashMismatch");
    await expectUndelivered();
  });

  it("refuses an earlier head, which the messages do not lead to", async () => {
    const { gateway, sender, from, messages, latest } = await prepared();
    const earlier = await headProof(world, "trade", latest - 1);
    const head = messages.at(-1)?.id;
    await expectRefusal(gateway.deliver(sender, from, messages, earlier), "Gateway_HeadMismatch", head, from);
    await expectUndelivered();
  });

  it("refuses the other chain's own proof, although both gateways have one address and one set of validators", async () => {
    const { gateway, sender, from, messages } = await prepared();
    expect(world.deployment.trade.gateway).to.equal(world.deployment.finance.gateway);
    const number = await world.finance.provider.getBlockNumber();
    const proof = await headProof(world, "finance", number);
    const error = await refusal(gateway.deliver(sender, from, messages, proof));
    expect(error.name).to.equal("Seals_UnknownValidator");
    const own = await refusal(gateway.deliver(senderOn(world, "finance"), ZeroHash, messages, proof));
    expect(own.name).to.equal("Gateway_NotAtCursor");
    await expectUndelivered();
  });

  it("refuses a header with two signatures, with one twice, and with a stranger's", async () => {
    const { lightClient, latest } = await prepared();
    const two = await sealHeader(world, "trade", latest, { signers: ["attestor1", "attestor2"] });
    await expectRefusal(lightClient.update(two.header, two.seal), "Seals_NoQuorum", 2n, 3n);
    const twice = `${two.seal}${two.seal.slice(2, 132)}`;
    expect((await refusal(lightClient.update(two.header, twice))).name).to.equal("Seals_SignersNotAscending");
    const strange = await sealHeader(world, "trade", latest, { signers: ["attestor1", "attestor2", "stranger"] });
    const { address } = world.as("stranger");
    await expectRefusal(lightClient.update(strange.header, strange.seal), "Seals_UnknownValidator", address);
    await expectRefusal(lightClient.update(two.header, two.seal.slice(0, -2)), "Seals_MalformedLength", 129n);
    await expectUndelivered();
  });

  it("refuses altered, missing, added and swapped messages", async () => {
    await agree(world);
    const { gateway, sender, from, messages, latest } = await prepared();
    const proof = await headProof(world, "trade", latest);
    const [first, second] = messages;
    if (first === undefined || second === undefined) throw new Error("Two messages were sent");
    const altered = { ...first, payload: `${first.payload.slice(0, -2)}01` as Hex };
    const redirected = { ...first, recipient: world.as("stranger").address as Hex };
    for (const wrong of [[altered, second], [redirected, second], [first], [first, second, second], [second, first]]) {
      expect((await refusal(gateway.deliver(sender, from, wrong, proof))).name).to.equal("Gateway_HeadMismatch");
    }
    await expectRefusal(gateway.deliver(sender, from, [], proof), "Gateway_NoMessages");
    const head = messages.at(-1)?.id;
    await expectRefusal(gateway.deliverProven(sender, from, messages), "Gateway_HeadNotProven", head);
    const folded = keccak256(`0x${from.slice(2)}${keccakText("nothing").slice(2)}`);
    await expectRefusal(
      gateway.proveEarlierHead(sender, from, [keccakText("nothing")]),
      "Gateway_HeadNotProven",
      folded,
    );
    await expectUndelivered();
  });

  it("refuses the same delivery twice, with the same and with a later proof", async () => {
    const { gateway, sender, from, messages, latest } = await prepared();
    const proof = await headProof(world, "trade", latest);
    await mined(gateway.deliver(sender, from, messages, proof));
    const cursor = messages.at(-1)?.id;
    await expectRefusal(gateway.deliver(sender, from, messages, proof), "Gateway_NotAtCursor", cursor, from);
    await world.trade.provider.send("evm_mine", []);
    const later = await headProof(world, "trade", latest + 1);
    await expectRefusal(gateway.deliver(sender, from, messages, later), "Gateway_NotAtCursor", cursor, from);
    await mined(gateway.proveHead(sender, later));
    await expectRefusal(gateway.deliverProven(sender, from, messages), "Gateway_NotAtCursor", cursor, from);
    await expectSound(world);
  });

  it("shows the trade book a receipt only by the finance chain's own header and state", async () => {
    const there = await prepared();
    await mined(
      there.gateway.deliver(there.sender, there.from, there.messages, await headProof(world, "trade", there.latest)),
    );
    await fund(world, trade);
    const [sender, { gateway }] = [senderOn(world, "finance"), world.as("stranger").trade];
    const [from, receipts] = [await gateway.cursor(sender), await messagesOf(world, "finance")];
    const latest = await world.finance.provider.getBlockNumber();
    const proof = await headProof(world, "finance", latest);

    for (const field of ["accountProof", "storageProof"] as const) {
      for (const [index, node] of proof[field].entries()) {
        const altered = `${node.slice(0, -2)}${node.endsWith("00") ? "01" : "00"}` as Hex;
        const wrong = { ...proof, [field]: proof[field].with(index, altered) };
        const { name } = await refusal(gateway.deliver(sender, from, receipts, wrong));
        expect(name).to.equal("TrieWalk_HashMismatch");
      }
    }
    const header = { ...proof, header: `${proof.header.slice(0, -2)}ff` };
    expect((await refusal(gateway.deliver(sender, from, receipts, header))).name).to.match(/^Seals_/);
    const before = await headProof(world, "finance", latest - 1);
    expect((await refusal(gateway.deliver(sender, from, receipts, before))).name).to.equal("Gateway_HeadMismatch");
    expect(await look(world, trade)).to.include({ funded: false });

    await mined(gateway.deliver(sender, from, receipts, proof));
    expect(await look(world, trade)).to.include({ funded: true, escrow: EscrowState.Funded });
    await expectSound(world);
  });

  it("takes messages from no stranger, at the gateway, at the settlement or at the trade book", async () => {
    const { gateway, settlement } = world.as("stranger").finance;
    const stranger = world.as("stranger").address;
    const { chainId, tradeBook } = world.deployment.trade;
    const remote = formatInteroperableAddress({ chainId, account: tradeBook as Hex });
    await expectRefusal(gateway.sendMessage(remote, "0x", []), "Gateway_UnknownSender", stranger);
    const error = await refusal(settlement.receiveMessage(ZeroHash, remote, "0x"));
    expect(error.name).to.equal("ERC7786RecipientUnauthorizedGateway");
    await expectRefusal(
      world.as("stranger").trade.tradeBook.documentAnchored(ZeroHash, trade.id),
      "TradeBook_NotRegistry",
      stranger,
    );
  });

  it("freezes on two headers that a quorum signed, and the relayer then does nothing but say LANE_STOPPED", async () => {
    const { lightClient, latest } = await prepared();
    const held = await sealHeader(world, "trade", latest);
    const forged = await sealHeader(world, "trade", latest, {
      alter: (block) => ({ ...block, extraData: "0x666f72676564" }),
    });
    await mined(lightClient.update(held.header, held.seal));
    expect((await refusal(lightClient.update(forged.header, forged.seal))).name).to.equal(
      "LightClient_ConflictingHeader",
    );
    const again = await refusal(lightClient.reportEquivocation(held.header, held.seal));
    expect(again.name).to.equal("LightClient_NoConflict");
    await mined(lightClient.reportEquivocation(forged.header, forged.seal));
    expect(await lightClient.frozen()).to.equal(true);
    await expectRefusal(lightClient.update(held.header, held.seal), "LightClient_Frozen");

    const relayer = await world.startRelayer();
    const { error } = await relayer.complains("LANE_STOPPED", "trade-to-finance");
    expect(error.fields["paused"]).to.equal(false);
    await complainsAgain(relayer.told("delayed").length);
    expect(relayer.told("delivered")).to.deep.equal([]);
    await expectUndelivered();

    async function complainsAgain(count: number): Promise<void> {
      await eventuallyTrue("another complaint", () => relayer.told("delayed").length > count);
    }
  });

  it("keeps two light clients apart: a freeze on one chain stops one direction only", async () => {
    await world.startRelayer();
    await agreeAndOpen(world);
    const { lightClient } = world.as("stranger").trade;
    const number = await world.finance.provider.getBlockNumber();
    const held = await sealHeader(world, "finance", number);
    const forged = await sealHeader(world, "finance", number, { alter: (block) => ({ ...block, extraData: "0x01" }) });
    await mined(lightClient.update(held.header, held.seal));
    await mined(lightClient.reportEquivocation(forged.header, forged.seal));
    const after = await agreeAndOpen(world);
    expect(await look(world, after)).to.include({ escrow: EscrowState.Open });
    expect(
      await contractAt(world, "finance", world.deployment.finance.lightClient, lightClientAbi, "stranger")[
        "frozen"
      ]?.(),
    ).to.equal(false);
  });

  it("signs what the contract says is to be signed", async () => {
    const { latest } = await prepared();
    const { hash } = await gatewayOf(world, "trade").chain.block(latest);
    const headers = contractAt(world, "finance", world.deployment.finance.headers, headersAbi, "stranger");
    const digest = attestationDigest({ chainId: world.deployment.trade.chainId, number: latest, blockHash: hash });
    expect(await headers["attestationDigest"]?.(latest, hash)).to.equal(digest);
    expect(QUORUM).to.have.length(Number(await headers["quorum"]?.()));
  });

  async function expectUndelivered(): Promise<void> {
    expect(await look(world, trade)).to.include({ escrow: EscrowState.Unknown });
    const { gateway } = world.as("stranger").finance;
    expect(await gateway.queryFilter(gateway.filters.MessagesDelivered())).to.deep.equal([]);
  }
});
