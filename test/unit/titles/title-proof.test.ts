import { expect } from "chai";
import type { AccountProof } from "../../../src/chains/chain.ts";
import { type Hex, word } from "../../../src/core/hex.ts";
import { readTitleStorage } from "../../../src/titles/title-proof.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const registry: Hex = `0x${"11".repeat(20)}`;
const escrow: Hex = `0x${"22".repeat(20)}`;
const tradeBook: Hex = `0x${"33".repeat(20)}`;
/** keccak256(word(7) ‖ keccak256(word(registry) ‖ word(3))). */
const KEPT_SLOT = "0xb5f274d448959b2357c0e95159b6889fc6bc319c2773cef76ce4d5992516e2a1";
/** keccak256(word(7) ‖ word(3)). */
const OWNER_SLOT = "0xf2c49132ed1cee2a7e75bde50d332a2f81f1d01e5456d8a19d1df09bd561dbd2";

describe("the storage proofs of a title", () => {
  /** A node that answers as told, and keeps what it is asked. */
  function node(answer: (account: Hex, slots: Hex[]) => AccountProof) {
    const asked: { account: Hex; slots: Hex[]; block: unknown }[] = [];
    const request = async <T>(_: string, [account, slots, block]: unknown[]) => {
      asked.push({ account: account as Hex, slots: slots as Hex[], block });
      return answer(account as Hex, slots as Hex[]) as T;
    };
    return { name: "trade", request, asked };
  }
  const honest = (account: Hex, slots: Hex[]): AccountProof => ({
    accountProof: [account],
    storageProof: slots.map((slot, index) => ({
      value: account === registry ? escrow : "0x0",
      proof: [account === escrow ? word(BigInt(index)) : slot],
    })),
  });

  it("are asked for at one block: the owner in the registry, then seven slots of that owner and the trade that keeps it", async () => {
    const chain = node(honest);
    const proof = await readTitleStorage(chain, tradeBook, { registry, tokenId: 7n }, 300);
    expect(chain.asked.map(({ account, block }) => ({ account, block }))).to.deep.equal([
      { account: registry, block: "0x12c" },
      { account: escrow, block: "0x12c" },
      { account: tradeBook, block: "0x12c" },
    ]);
    expect(chain.asked[1]?.slots).to.deep.equal([0n, 1n, 2n, 3n, 4n, 5n, 6n].map((slot) => word(slot)));
    expect(proof).to.deep.equal({
      registryProof: [registry],
      ownerProof: [OWNER_SLOT],
      escrowProof: [escrow],
      slotProofs: [0n, 1n, 2n, 3n, 4n, 5n, 6n].map((slot) => [word(slot)]),
      tradeBookProof: [tradeBook],
      keptProof: [KEPT_SLOT],
    });
  });

  it("end where the registry has no such title", async () => {
    const chain = node((account, slots) => {
      const { accountProof, storageProof } = honest(account, slots);
      return { accountProof, storageProof: storageProof.map(({ proof }) => ({ value: "0x0", proof })) };
    });
    const error = await thrown("PROOF_REJECTED", readTitleStorage(chain, tradeBook, { registry, tokenId: 7n }, 1));
    expect(error.fields).to.include({ registry, tokenId: 7n, block: 1 });
    expect(chain.asked).to.have.length(1);
  });

  it("are not believed when some are left out, or a value is none", async () => {
    const fewer = node((account, slots) => honest(account, slots.slice(account === registry ? 0 : 1)));
    await thrown("RPC_INCONSISTENT", readTitleStorage(fewer, tradeBook, { registry, tokenId: 7n }, 1));
    for (const value of [`0x${"1".repeat(65)}`, "0x", "22"] as Hex[]) {
      const odd = node((account, slots) => {
        const { accountProof, storageProof } = honest(account, slots);
        return { accountProof, storageProof: storageProof.map(({ proof }) => ({ value, proof })) };
      });
      await thrown("RPC_INCONSISTENT", readTitleStorage(odd, tradeBook, { registry, tokenId: 7n }, 1));
    }
  });
});
