import { expect } from "chai";
import { id, sha256, ZeroHash } from "ethers";
import { documentTypes } from "../../scripts/local/entities.ts";
import { batchOf } from "../../src/documents/batch.ts";
import { type Actor, mined } from "../support/world/actor.ts";
import { expectRefusal } from "../support/world/refusal.ts";
import { worth } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";
import golden from "../vectors/golden/documents/batches.json" with { type: "json" };

const TYPE = documentTypes.commercialInvoice;
const [ACTIVE, REVOKED, UNKNOWN] = [1n, 3n, 0n];
const BUDGET = { anchor: 60_000n, anchorBatch: 75_000n };

/** On the registry that the operator's own modules deploy, with all that watches it. */
describe("documents and batches on the trade chain", () => {
  let world: World;
  let seller: Actor;

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
    seller = world.as("seller");
  });

  after(async () => await world?.stop());

  it("registers a document for at most 60,000 gas, and a batch of 1,024 for at most 75,000", async () => {
    const { documentRegistry } = seller.trade;
    const documents = Array.from({ length: 1_024 }, (_, index) => sha256(id(`document ${index}`)) as `0x${string}`);
    const batch = await batchOf(documents);
    const trade = id("a trade that nobody knows");
    const gas = {
      anchor: (await mined(documentRegistry.anchor(id("by itself"), TYPE, ZeroHash))).gasUsed,
      anchorBatch: (await mined(documentRegistry.anchorBatch(batch.root, 1_024, TYPE))).gasUsed,
      forTrade: (await mined(documentRegistry.anchor(id("for a trade"), TYPE, trade))).gasUsed,
      valued: (await mined(documentRegistry.anchorValued(id("valued"), TYPE, id("another trade"), worth(1n)))).gasUsed,
      revokeInBatch: 0n,
    };
    const { index, path } = batch.proof(700);
    const document = documents[index] ?? "";
    gas.revokeInBatch = (await mined(documentRegistry.revokeInBatch(batch.root, document, index, [...path]))).gasUsed;
    if (process.env["SHOW_GAS"] !== undefined) console.log(gas);

    expect(gas.anchor).to.be.at.most(BUDGET.anchor);
    expect(gas.anchorBatch).to.be.at.most(BUDGET.anchorBatch);
    expect(await documentRegistry.statusInBatch(batch.root, document, index, [...path])).to.equal(REVOKED);
  });

  it("finds every document of the committed vectors in its batch, and in no other place", async () => {
    const { documentRegistry } = seller.trade;
    for (const { root, size, proofs } of golden.batches) {
      await mined(documentRegistry.anchorBatch(root, size, TYPE));
      for (const { index, documentHash, path } of proofs) {
        const status = async (hash: string, at: number, along: string[]) =>
          await documentRegistry.statusInBatch(root, hash, at, along);
        expect(await status(documentHash, index, path), `${index} of ${size}`).to.equal(ACTIVE);
        expect(await status(documentHash, index + 1, path)).to.equal(UNKNOWN);
        expect(await status(documentHash, index, [...path, ZeroHash])).to.equal(UNKNOWN);
        expect(await status(root, index, path)).to.equal(UNKNOWN);
      }
    }
  });

  it("lets nobody but the issuer end a document of a batch, and only under the root where it is", async () => {
    const [first, second] = golden.batches.filter(({ size }) => size === 5 || size === 7);
    const proof = first?.proofs[4];
    if (first === undefined || second === undefined || proof === undefined) throw new Error("No such vectors");
    const { documentHash, index, path } = proof;
    const { documentRegistry } = seller.trade;
    const broker = world.as("broker");
    await expectRefusal(
      broker.trade.documentRegistry.revokeInBatch(first.root, documentHash, index, path),
      "DocumentBatches_NotIssuer",
      first.root,
      broker.address,
    );
    await expectRefusal(
      documentRegistry.revokeInBatch(second.root, documentHash, index, path),
      "DocumentBatches_NotInBatch",
      second.root,
      documentHash,
    );
    await mined(documentRegistry.revokeInBatch(first.root, documentHash, index, path));
    expect(await documentRegistry.statusInBatch(first.root, documentHash, index, path)).to.equal(REVOKED);
    const other = second.proofs[4];
    expect(await documentRegistry.statusInBatch(second.root, documentHash, index, other?.path ?? [])).to.equal(ACTIVE);
  });
});
