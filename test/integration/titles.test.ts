import { expect } from "chai";
import { type ContractTransactionResponse, id, ZeroAddress, ZeroHash } from "ethers";
import { Chain } from "../../src/chains/chain.ts";
import { LOCAL_CHAIN_IDS } from "../../src/config/development.ts";
import type { Hex } from "../../src/core/hex.ts";
import { readEndorsementChain } from "../../src/titles/endorsement-chain.ts";
import { startTitleStage, type TitleParty, type TitleStage } from "../support/world/title-registry.ts";

const FAR = 4_000_000_000;
const TO_ORDER = 1;
const BLANK = 2;
const BOTH = 2;
const DELIVERY = 0;
const AMENDMENT = 1;

describe("titles on a chain", function () {
  this.timeout(120_000);
  let stage: TitleStage;
  let chain: Chain;
  let bills = 0;

  before(async () => {
    stage = await startTitleStage();
    chain = new Chain({
      name: "trade",
      chainId: LOCAL_CHAIN_IDS.trade,
      rpcUrls: [stage.chain.rpcUrl],
      timeoutMs: 10_000,
    });
  });

  after(async () => {
    chain?.close();
    await stage?.chain.stop();
  });

  const issue = async (holder: TitleParty, owner: TitleParty): Promise<{ titleId: Hex; gas: bigint }> => {
    const titleId = id(`bill of lading ${++bills}`) as Hex;
    const [issuer, holds, owns] = [stage.account("carrier"), stage.account(holder), stage.account(owner)];
    const issuance = { titleId, issuer, holder: holds, owner: owns, form: TO_ORDER, paper: ZeroHash };
    return { titleId, gas: await gasOf(stage.as("carrier").issue(issuance)) };
  };
  const read = async (titleId: Hex) => await readEndorsementChain(chain, stage.address, titleId);

  it("reads all that became of a title, over many blocks and with several entries in one", async () => {
    const { titleId } = await issue("seller", "seller");
    const seller = stage.as("seller");
    const terms = { recipient: stage.account("bank"), gives: BOTH, form: BLANK, until: FAR, enforceableFrom: 0 };
    await gasOf(seller.offer(titleId, terms));
    await gasOf(stage.as("bank").accept(titleId, terms));
    await stage.chain.provider.send("hardhat_mine", ["0x100"]);
    await gasOf(stage.officer.lock(titleId, stage.account("bank")));
    await gasOf(stage.officer.deliverLocked(titleId, stage.account("buyer")));
    await gasOf(stage.as("buyer").endorse(titleId, stage.account("seller"), TO_ORDER));
    await gasOf(stage.officer.freeze(titleId, id("order")));
    await gasOf(stage.officer.unfreeze(titleId, id("order")));
    await gasOf(stage.as("buyer").transferControl(titleId, stage.account("seller")));
    await gasOf(seller.pledge(titleId, stage.account("bank"), 1));
    await gasOf(stage.as("bank").enforcePledge(titleId));
    await gasOf(stage.as("bank").surrender(titleId, DELIVERY, ZeroHash));
    await gasOf(stage.as("carrier").acceptForDelivery(titleId));

    const found = await read(titleId);
    expect(found?.complete).to.equal(true);
    expect(found?.entries.map(({ action }) => action).join(" ")).to.equal(
      "Issue Offer BlankEndorse Transfer Lock Transfer EndorseToOrder Freeze Unfreeze Transfer Pledge EnforcePledge " +
        "EndorseToOrder Transfer SurrenderForDelivery AcceptDelivery",
    );
    expect(found?.title).to.deep.equal(found?.entries.at(-1)?.after);
    expect(found?.title).to.include({
      status: "Delivered",
      holder: stage.account("bank"),
      frozen: false,
      pledged: false,
    });
    expect(found?.entries[3]?.after).to.include({ holder: stage.account("bank"), owner: undefined });
  });

  it("reads several acts of one block as one block's entries", async () => {
    const { titleId } = await issue("seller", "seller");
    await stage.chain.provider.send("evm_setAutomine", [false]);
    const seller = stage.as("seller");
    const sent = [];
    for (let act = 0; act < 3; act++) sent.push(await seller.sign(titleId, { gasLimit: 200_000 }));
    await stage.chain.provider.send("evm_mine", []);
    await stage.chain.provider.send("evm_setAutomine", [true]);
    const blocks = await Promise.all(sent.map(async (transaction) => (await transaction.wait())?.blockNumber));
    expect(new Set(blocks).size).to.equal(1);
    expect((await read(titleId))?.entries.map(({ entry }) => entry)).to.deep.equal([1, 2, 3, 4]);
  });

  it("reads a title as it was at the end of an earlier block", async () => {
    const { titleId } = await issue("seller", "seller");
    const atBlock = await chain.blockNumber();
    await gasOf(stage.as("seller").transferControl(titleId, stage.account("buyer")));
    const found = await readEndorsementChain(chain, stage.address, titleId, { atBlock });
    expect(found?.entries).to.have.length(1);
    expect(found?.title.holder).to.equal(stage.account("seller"));
  });

  it("follows an amended title to the one in whose place it is", async () => {
    const { titleId } = await issue("seller", "seller");
    await gasOf(stage.as("seller").endorse(titleId, ZeroAddress, BLANK));
    await gasOf(stage.as("seller").surrender(titleId, AMENDMENT, id("request")));
    const replacement = id("amended bill of lading") as Hex;
    await gasOf(stage.as("carrier").acceptForAmendment(titleId, replacement));
    expect((await read(titleId))?.entries.at(-1)).to.include({ action: "AcceptAmendment", detail: replacement });
    const next = await read(replacement);
    expect(next?.entries.map(({ action, detail }) => [action, detail])[1]).to.deep.equal(["IssuedForAmended", titleId]);
    expect(next?.title).to.include({ status: "Active", holder: stage.account("seller"), owner: undefined });
  });

  it("finds no chain where there is no title", async () => {
    expect(await read(id("nothing") as Hex)).to.equal(undefined);
  });

  it("issues, transfers, endorses and takes back for no more than it should cost", async () => {
    const { titleId, gas } = await issue("seller", "buyer");
    expect(Number(gas), "issue").to.be.at.most(150_000);
    await gasOf(stage.as("seller").transferControl(titleId, stage.account("buyer")));
    const buyer = stage.as("buyer");
    expect(Number(await gasOf(buyer.endorseAndTransfer(titleId, stage.account("bank"), TO_ORDER)))).to.be.at.most(
      60_000,
    );
    await gasOf(stage.as("bank").transferControl(titleId, stage.account("seller")));
    expect(Number(await gasOf(stage.as("seller").transferControl(titleId, stage.account("bank"))))).to.be.at.most(
      45_000,
    );
    expect(Number(await gasOf(stage.as("bank").surrender(titleId, DELIVERY, ZeroHash)))).to.be.at.most(60_000);
  });
});

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<bigint> {
  const receipt = await (await sending).wait();
  if (receipt === null) throw new Error("The transaction has no receipt");
  return receipt.gasUsed;
}
