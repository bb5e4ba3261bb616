import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "chai";
import type { Hex } from "../../src/core/hex.ts";
import { keccakText } from "../../src/core/hex.ts";
import { ask, startLyingAttestor } from "../support/world/attestors.ts";
import { expectSound } from "../support/world/ledger.ts";
import { AMOUNT, agree, agreeAndFund, clear, look, ship } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

describe("attestors, of whom three of four must sign", () => {
  let world: World;

  beforeEach(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
  });

  afterEach(async () => await world?.stop());

  const attestor = (index: number) => {
    const found = world.attestors[index];
    if (found === undefined) throw new Error(`There is no attestor ${index}`);
    return found;
  };
  const latest = async () => {
    const block = await world.trade.provider.getBlock("latest");
    if (block?.hash == null) throw new Error("The chain has no block");
    return { chainId: world.deployment.trade.chainId, number: block.number, blockHash: block.hash as Hex };
  };

  it("carry a whole trade while one is down", async () => {
    await attestor(0).stop();
    await world.startRelayer();
    const trade = await agreeAndFund(world);
    await ship(world, trade);
    await clear(world, trade);
    await world.settled();
    expect(await look(world, trade)).to.include({ paid: AMOUNT });
    await expectSound(world);
  });

  it("carry nothing while two are down, and everything when one is back at its place", async () => {
    const { port } = new URL(attestor(1).url);
    await attestor(0).stop();
    await attestor(1).stop();
    const relayer = await world.startRelayer();
    const trade = await agree(world);
    const complaint = await relayer.complains("NO_QUORUM", "trade-to-finance");
    expect(complaint.type).to.equal("delayed");
    expect(complaint.error.fields["quorum"]).to.equal(3);
    expect(Object.keys(complaint.error.fields["refusals"] as object)).to.have.members([
      new URL(attestor(0).url).host,
      new URL(attestor(1).url).host,
    ]);
    expect(relayer.told("delivered")).to.deep.equal([]);

    await world.startAttestor({ key: { development: "attestor2" }, port: Number(port), record: "attestor2.sqlite" });
    await expectSound(world);
    expect(await look(world, trade)).to.include({ escrow: 1n });
  });

  it("carry a trade although one signs something else", async () => {
    const liar = await startLyingAttestor(world.as("attestor1").wallet);
    try {
      await attestor(0).stop();
      world.attestors[0] = liar;
      const relayer = await world.startRelayer();
      await agreeAndFund(world);
      await expectSound(world);
      expect(relayer.told("proven").map(({ signers }) => signers)).to.satisfy((counts: number[]) =>
        counts.every((n) => n === 3),
      );
    } finally {
      await liar.stop();
    }
  });

  it("carry nothing when one is down and one signs something else", async () => {
    const liar = await startLyingAttestor(world.as("attestor1").wallet);
    try {
      await attestor(0).stop();
      await attestor(1).stop();
      world.attestors[0] = liar;
      const relayer = await world.startRelayer();
      await agree(world);
      const { error } = await relayer.complains("NO_QUORUM");
      expect((error.fields["refusals"] as Record<string, string>)[new URL(liar.url).host]).to.include(
        "who is no validator",
      );
      expect(relayer.told("delivered")).to.deep.equal([]);
    } finally {
      await liar.stop();
    }
  });

  it("refuse a hash that their own node does not have, and a block that is not there yet", async () => {
    const block = await latest();
    const forged = await ask(attestor(0).url, { ...block, blockHash: keccakText("forged") });
    expect(forged).to.deep.include({ status: 409 });
    expect(forged.body.code).to.equal("BLOCK_CONFLICT");
    const future = await ask(attestor(0).url, { ...block, number: block.number + 5 });
    expect(future.status).to.equal(425);
    expect(future.body.code).to.equal("BLOCK_NOT_FINAL");
    const unknown = await ask(attestor(0).url, { ...block, chainId: 1 });
    expect(unknown.body.code).to.equal("CHAIN_NOT_SERVED");
    expect((await ask(attestor(0).url, block)).status).to.equal(200);
  });

  it("never sign a second hash at one height, even after their node was replaced and they were restarted", async () => {
    const { provider } = world.trade;
    const before = await provider.send("evm_snapshot", []);
    await provider.send("evm_mine", []);
    const first = await latest();
    const signed = await ask(attestor(0).url, first);
    expect(signed.status).to.equal(200);

    await provider.send("evm_revert", [before]);
    await provider.send("evm_increaseTime", [60]);
    await provider.send("evm_mine", []);
    const second = await latest();
    expect(second.number).to.equal(first.number);
    expect(second.blockHash).to.not.equal(first.blockHash);
    expect((await ask(attestor(0).url, second)).body.code).to.equal("BLOCK_CONFLICT");

    await attestor(0).stop();
    const restarted = await world.startAttestor({ key: { development: "attestor1" }, record: "attestor1.sqlite" });
    expect((await ask(restarted.url, second)).body.code).to.equal("BLOCK_CONFLICT");
    expect((await ask(restarted.url, first)).body).to.deep.equal(signed.body);
    expect((await ask(attestor(1).url, second)).status).to.equal(200);
  });

  it("stop at once although somebody holds a connection open", async () => {
    const { hostname, port } = new URL(attestor(0).url);
    const idle = connect(Number(port), hostname);
    await once(idle, "connect");
    const closed = once(idle, "close");
    await attestor(0).stop();
    await closed;
  }).timeout(5_000);
});
