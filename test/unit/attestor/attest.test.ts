import { expect } from "chai";
import { recoverAddress, type Wallet } from "ethers";
import { type AttestDependencies, attest } from "../../../src/attestor/attest.ts";
import { AttestationRecord } from "../../../src/attestor/record.ts";
import { attestationDigest, type HeaderAttestation } from "../../../src/core/attestation.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { FakeChain } from "../../support/fakes/fake-chain.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { wallets } from "../../support/fakes/two-chains.ts";

const OTHER: Hex = `0x${"ee".repeat(32)}`;

describe("attest", () => {
  const wallet = wallets("attestor", 1)[0] as Wallet;
  let chain: FakeChain;
  let record: AttestationRecord;
  let dependencies: AttestDependencies;

  beforeEach(() => {
    chain = new FakeChain("trade", 7101);
    chain.mine(10);
    record = new AttestationRecord(":memory:");
    dependencies = { chains: new Map([[7101, { chain, confirmations: 2 }]]), record, wallet };
  });

  afterEach(() => record.close());

  const asked = async (number: number): Promise<HeaderAttestation> => {
    const { hash } = await chain.block(number);
    return { chainId: 7101, number, blockHash: hash };
  };

  it("signs what its node has", async () => {
    const attestation = await asked(8);
    const signature = await attest(attestation, dependencies);
    expect(recoverAddress(attestationDigest(attestation), signature)).to.equal(wallet.address);
    expect(record.find(attestation)).to.equal(signature);
  });

  it("gives the same signature when it is asked again, without asking its node", async () => {
    const attestation = await asked(3);
    const first = await attest(attestation, dependencies);
    chain.requests.length = 0;
    chain.down = true;
    expect(await attest(attestation, dependencies)).to.equal(first);
    expect(chain.requests).to.deep.equal([]);
  });

  it("gives one signature when it is asked several times at once", async () => {
    const attestation = await asked(3);
    const signatures = await Promise.all(Array.from({ length: 10 }, () => attest(attestation, dependencies)));
    expect(new Set(signatures)).to.have.length(1);
  });

  it("fails with CHAIN_NOT_SERVED for a chain that it does not follow", async () => {
    const error = await thrown("CHAIN_NOT_SERVED", attest({ chainId: 1, number: 0, blockHash: OTHER }, dependencies));
    expect(error.fields).to.deep.equal({ chainId: 1 });
  });

  it("fails with BLOCK_NOT_FINAL until enough blocks lie on top", async () => {
    const attestation = await asked(9);
    const error = await thrown("BLOCK_NOT_FINAL", attest(attestation, dependencies));
    expect(error.fields).to.deep.equal({ chainId: 7101, number: 9, latest: 10, confirmations: 2 });
    chain.mine();
    await attest(attestation, dependencies);
  });

  it("fails with BLOCK_NOT_FINAL for a block that is not there yet", async () => {
    await thrown("BLOCK_NOT_FINAL", attest({ chainId: 7101, number: 99, blockHash: OTHER }, dependencies));
  });

  it("fails with BLOCK_UNKNOWN when its node has pruned the block", async () => {
    const attestation = await asked(1);
    chain.script("eth_getBlockByNumber", () => null);
    await thrown("BLOCK_UNKNOWN", attest(attestation, dependencies));
  });

  it("fails with BLOCK_CONFLICT when its node has another hash, and signs nothing", async () => {
    const error = await thrown("BLOCK_CONFLICT", attest({ ...(await asked(5)), blockHash: OTHER }, dependencies));
    expect(error.fields["own"]).to.equal((await chain.block(5)).hash);
    expect(record.find(await asked(5))).to.equal(undefined);
  });

  it("fails with BLOCK_CONFLICT when another hash was signed, whatever its node says now", async () => {
    const before = await asked(8);
    await attest(before, dependencies);
    chain.reorganise(5);
    const after = await asked(8);
    expect(after.blockHash).not.to.equal(before.blockHash);
    chain.mine(5);
    const error = await thrown("BLOCK_CONFLICT", attest(after, dependencies));
    expect(error.fields).to.include({ signed: before.blockHash, asked: after.blockHash });
  });

  it("signs at most one hash at a height when its node changes its mind between two requests at once", async () => {
    const before = await asked(8);
    const own = await chain.block(8);
    chain.reorganise(5);
    chain.mine(5);
    const after = await asked(8);
    let calls = 0;
    chain.script("eth_getBlockByNumber", (_, proceed) => (calls++ === 0 ? own : proceed()));
    const outcomes = await Promise.allSettled([attest(before, dependencies), attest(after, dependencies)]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).to.have.length(1);
  });

  it("fails with RPC_INCONSISTENT when its node answers with another height", async () => {
    const wrong = await chain.block(4);
    chain.script("eth_getBlockByNumber", () => wrong);
    await thrown("RPC_INCONSISTENT", attest({ chainId: 7101, number: 5, blockHash: wrong.hash }, dependencies));
  });

  it("fails with RPC_INCONSISTENT when the fields do not hash to the hash", async () => {
    const block = await chain.block(5);
    chain.script("eth_getBlockByNumber", () => ({ ...block, stateRoot: OTHER }));
    await thrown("RPC_INCONSISTENT", attest({ chainId: 7101, number: 5, blockHash: block.hash }, dependencies));
    chain.script("eth_getBlockByNumber", () => ({ ...block, hash: OTHER }));
    await thrown("RPC_INCONSISTENT", attest({ chainId: 7101, number: 5, blockHash: OTHER }, dependencies));
    expect(record.find({ chainId: 7101, number: 5, blockHash: OTHER })).to.equal(undefined);
  });

  it("fails with RPC_UNAVAILABLE when its node is down", async () => {
    const attestation = await asked(5);
    chain.down = true;
    await thrown("RPC_UNAVAILABLE", attest(attestation, dependencies));
  });

  it("fails with RPC_WRONG_CHAIN when its node serves another chain", async () => {
    const attestation = await asked(5);
    chain.script("eth_chainId", () => "0x1");
    await thrown("RPC_WRONG_CHAIN", attest(attestation, dependencies));
  });

  it("does not take a height that is no number for a late one", async () => {
    const attestation = await asked(9);
    chain.script("eth_blockNumber", () => "latest");
    await thrown("RPC_UNAVAILABLE", attest(attestation, dependencies));
  });
});
