import { expect } from "chai";
import type { Contract } from "ethers";
import { type LocalChain, startLocalChain } from "../../scripts/local/chains.ts";
import { type Hex, word } from "../../src/core/hex.ts";
import { SeededRandom } from "../support/fakes/seeded-random.ts";
import { deployTrieBench } from "../support/trie/bench.ts";

interface AccountProof {
  readonly accountProof: readonly Hex[];
  readonly storageProof: readonly { readonly proof: readonly Hex[] }[];
}

const SLOTS = 200;
const ACCOUNTS = 200;

/** What stands in a slot; zeros at both ends make scalars of every length. */
const valueAt = (slot: number): Hex => word(BigInt(slot + 1) << BigInt((slot * 8) % 248));

describe("the state proofs of a node", function () {
  this.timeout(60_000);

  const random = new SeededRandom(5);
  const owner = random.hex(20);
  const rich = Array.from({ length: ACCOUNTS }, () => random.hex(20));
  let chain: LocalChain;
  let bench: Contract;
  let stateRoot: Hex;

  before(async () => {
    chain = await startLocalChain("trade", 0);
    bench = await deployTrieBench(chain.provider);
    for (const account of rich) await chain.provider.send("hardhat_setBalance", [account, "0x1"]);
    await chain.provider.send("hardhat_setNonce", [owner, "0x1"]);
    for (let slot = 0; slot < SLOTS; slot++) {
      await chain.provider.send("hardhat_setStorageAt", [owner, `0x${slot.toString(16)}`, valueAt(slot)]);
    }
    await chain.provider.send("hardhat_mine", []);
    stateRoot = (await chain.provider.send("eth_getBlockByNumber", ["latest", false])).stateRoot;
  });

  after(async () => await chain?.stop());

  async function prove(account: Hex, slot: Hex): Promise<readonly unknown[]> {
    const proof: AccountProof = await chain.provider.send("eth_getProof", [account, [slot], "latest"]);
    return [stateRoot, account, slot, proof.accountProof, proof.storageProof[0]?.proof ?? []];
  }

  const refusal = async (question: readonly unknown[]) =>
    await bench
      .getFunction("slotValue")
      .staticCall(...question)
      .then(
        () => "none",
        (error: { revert?: { name: string } }) => error.revert?.name ?? "unnamed",
      );

  it("shows every slot that is set", async () => {
    for (let slot = 0; slot < SLOTS; slot++) {
      const question = await prove(owner, word(BigInt(slot)));
      expect(await bench.getFunction("slotValue")(...question)).to.equal(valueAt(slot));
      expect(await bench.getFunction("slotValueOrZero")(...question)).to.equal(valueAt(slot));
    }
  });

  it("shows of every other slot that it is not set", async () => {
    for (let i = 0; i < 100; i++) {
      const question = await prove(owner, random.hex(32));
      expect(await refusal(question)).to.equal("StateProof_SlotAbsent");
      expect(await bench.getFunction("slotValueOrZero")(...question)).to.equal(word(0n));
    }
  });

  it("shows that an account has no storage", async () => {
    for (const account of rich.slice(0, 50)) {
      const question = await prove(account, word(0n));
      expect(await refusal(question)).to.equal("StateProof_SlotAbsent");
      expect(await bench.getFunction("slotValueOrZero")(...question)).to.equal(word(0n));
    }
  });

  it("shows that there is no such account", async () => {
    for (let i = 0; i < 50; i++) {
      const question = await prove(random.hex(20), word(0n));
      expect(await refusal(question)).to.equal("StateProof_AccountAbsent");
      expect(await bench.getFunction("slotValueOrZero")(...question)).to.equal(word(0n));
    }
  });

  it("costs less than a fifth of what TrieProof takes", async () => {
    const [walked, traversed] = await bench.getFunction("cost")(...(await prove(owner, word(7n))));
    expect(Number(walked)).to.be.lessThan(Number(traversed) / 5);
  });
});
