import { expect } from "chai";
import { encodeHeader } from "../../../src/core/block-header.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { headSlot } from "../../../src/core/message-chain.ts";
import { AttestedSeals } from "../../../src/relayer/attested-seals.ts";
import { proveHead } from "../../../src/relayer/prove.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { sendMany, TRADE_GATEWAY, type TwoChains, twoChains, wallets } from "../../support/fakes/two-chains.ts";

const SENDER: Hex = `0x${"55".repeat(20)}`;
const OTHER: Hex = `0x${"ee".repeat(32)}`;

describe("proveHead", () => {
  let world: TwoChains;
  let heads: Hex[];
  let reported: Hex[][];
  beforeEach(() => {
    reported = [];
    world = twoChains();
    heads = sendMany(world, SENDER, 3).map(({ id }) => id);
  });

  const prove = async (changes: { block?: number; head?: Hex; sender?: Hex } = {}) => {
    const { source, destination, attestations } = world;
    const signal = new AbortController().signal;
    return await proveHead({
      source,
      destination,
      seals: new AttestedSeals(attestations),
      signal,
      sender: SENDER,
      block: 3,
      head: heads[2] as Hex,
      reportEquivocation: async (...evidence) => {
        reported.push(evidence);
      },
      ...changes,
    });
  };

  it("makes a proof that the destination accepts, and sends nothing", async () => {
    const { proof } = await prove();
    expect(proof.header).to.equal(encodeHeader(await world.trade.block(3)));
    expect(await world.destination.previewHead(SENDER, proof)).to.equal(heads[2]);
    expect(world.finance.countOf("eth_sendRawTransaction")).to.equal(0);
  });

  it("says how many attestors signed and how long the proof is", async () => {
    const { proof, signers, proofBytes } = await prove();
    const nodes = [proof.header, ...proof.accountProof, ...proof.storageProof];
    expect(signers).to.equal(3);
    expect(proofBytes).to.equal(nodes.reduce((sum, node) => sum + node.length / 2 - 1, 0));
  });

  it("asks nobody to sign a block that the light client holds", async () => {
    const { hash } = await world.trade.block(3);
    world.financeGateway.held = hash;
    const { proof, signers } = await prove();
    expect(proof.seal).to.equal("0x");
    expect(signers).to.equal(0);
    expect(world.attestations.asked).to.deep.equal([]);
  });

  it("has the hash of that block attested, and the sender's slot proven at it", async () => {
    await prove({ block: 2, head: heads[1] as Hex });
    const { hash } = await world.trade.block(2);
    expect(world.attestations.asked).to.deep.equal([{ chainId: 7101, number: 2, blockHash: hash }]);
    const asked = world.trade.requests.find(({ method }) => method === "eth_getProof");
    expect(asked?.params).to.deep.equal([TRADE_GATEWAY, [headSlot(SENDER)], "0x2"]);
  });

  it("fails with NO_QUORUM when too few attestors sign, and previews nothing", async () => {
    world.attestations.signers = world.attestors.slice(0, 2);
    const before = world.finance.countOf("eth_call");
    await thrown("NO_QUORUM", prove());
    expect(world.finance.countOf("eth_call") - before).to.equal(5);
  });

  describe("fails with PROOF_REJECTED", () => {
    it("when the block has another head than the logs lead to", async () => {
      const error = await thrown("PROOF_REJECTED", prove({ block: 2 }));
      expect(error.fields).to.deep.equal({ sender: SENDER, block: 2, expected: heads[2], shown: heads[1] });
    });

    it("when the node gives the proof of another block", async () => {
      const stale = await world.trade.proof(TRADE_GATEWAY, headSlot(SENDER), 2);
      world.trade.script("eth_getProof", () => stale);
      const error = await thrown("PROOF_REJECTED", prove());
      expect(error.fields).to.include({ sender: SENDER, data: "0x0badc0de" });
      expect(error.cause).to.have.property("code", "RPC_REJECTED");
    });

    it("when the node gives a proof without storage", async () => {
      world.trade.script("eth_getProof", () => ({ accountProof: [], storageProof: [] }));
      await thrown("PROOF_REJECTED", prove());
    });

    it("when strangers signed", async () => {
      world.attestations.signers = wallets("stranger", 4);
      await thrown("PROOF_REJECTED", prove());
    });

    it("when the light client is frozen", async () => {
      world.financeGateway.frozen = true;
      await thrown("PROOF_REJECTED", prove());
    });

    it("when the sender has sent nothing", async () => {
      await thrown("PROOF_REJECTED", prove({ sender: TRADE_GATEWAY }));
    });
  });

  it("reports a header that conflicts with one held, and fails with EQUIVOCATION", async () => {
    world.financeGateway.equivocated = true;
    await thrown("EQUIVOCATION", prove());
    const header = encodeHeader(await world.trade.block(3));
    expect(reported.map(([, given]) => given)).to.deep.equal([header]);
  });

  it("fails with RPC_INCONSISTENT when the header is wrong, before anybody is asked to sign it", async () => {
    const block = await world.trade.block(3);
    world.trade.script("eth_getBlockByNumber", () => ({ ...block, stateRoot: OTHER }));
    await thrown("RPC_INCONSISTENT", prove());
    expect(world.attestations.asked).to.deep.equal([]);
  });

  it("passes on that the destination is down", async () => {
    let calls = 0;
    world.finance.script("eth_call", (_, proceed) => {
      if (++calls === 6) world.finance.down = true;
      return calls === 6 ? Promise.reject(new TypeError("fetch failed")) : proceed();
    });
    const failure = await prove().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(TypeError);
  });
});
