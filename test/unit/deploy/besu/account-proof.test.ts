import { createMerkleProof, MerklePatriciaTrie } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";
import { verifyAccountProof, verifyProofAt } from "../../../../deploy/besu/doctor/account-proof.ts";
import type { AccountProof, Block } from "../../../../deploy/besu/doctor/answers.ts";
import { type Hex, keccak256, toBytes, toHex } from "../../../../src/core/hex.ts";
import { type BlockTwist, CONTRACT, nodeKey, QbftChain } from "../../../support/besu/qbft-chain.ts";
import { thrown } from "../../../support/fakes/thrown.ts";

const STRANGER: Hex = `0x${"0d".repeat(20)}`;
const EMPTY_ROOT: Hex = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

async function shown(account: Hex, twist: BlockTwist = {}): Promise<{ block: Block; answer: AccountProof }> {
  const validators = [1, 2, 3, 4].map((index) => nodeKey("trade", `${index}`));
  const options = { chainId: 1, gasLimit: 30_000_000, validators, height: 1, headTime: 1_000, period: 2 };
  const chain = await QbftChain.create(options, { 1: twist });
  return { block: chain.head, answer: (await chain.answer("eth_getProof", [account, ["0x0"]])) as AccountProof };
}

describe("verifyProofAt", () => {
  it("takes an account and its slot, and an account that does not exist", async () => {
    for (const account of [CONTRACT, STRANGER]) {
      const { block, answer } = await shown(account);
      await verifyProofAt(block, account, answer);
    }
  });

  it("refuses a block that no quorum sealed", async () => {
    const { block, answer } = await shown(CONTRACT, { signers: [] });
    expect((await thrown("RPC_INCONSISTENT", verifyProofAt(block, CONTRACT, answer))).message).to.contain("0 seals");
  });

  it("refuses another account's proof, and any other value than is shown", async () => {
    const { block, answer } = await shown(CONTRACT);
    await thrown("PROOF_REJECTED", verifyProofAt(block, STRANGER, answer));
    await thrown("PROOF_REJECTED", verifyProofAt(block, STRANGER, { ...answer, address: STRANGER }));
    const [slot] = answer.storageProof as [AccountProof["storageProof"][number]];
    const changes: Partial<AccountProof>[] = [
      { nonce: "0x2" },
      { balance: "0x1" },
      { codeHash: EMPTY_ROOT },
      { storageHash: EMPTY_ROOT },
      { accountProof: answer.accountProof.slice(1) },
      { storageProof: [{ ...slot, value: "0x8" }] },
      { storageProof: [{ ...slot, key: "0x1" }] },
      { storageProof: [{ ...slot, proof: [] }] },
    ];
    for (const change of changes)
      await thrown("PROOF_REJECTED", verifyProofAt(block, CONTRACT, { ...answer, ...change }));
  });

  it("refuses a value for an account that does not exist", async () => {
    const { block, answer } = await shown(STRANGER);
    for (const change of [{ balance: "0x1" }, { nonce: "0x1" }, { codeHash: keccak256("0x01") }]) {
      await thrown("PROOF_REJECTED", verifyProofAt(block, STRANGER, { ...answer, ...change }));
    }
  });
});

describe("verifyAccountProof", () => {
  const proofOf = async (fields: Parameters<typeof RLP.encode>[0]) => {
    const trie = new MerklePatriciaTrie({ useKeyHashing: true, useKeyHashingFunction: keccak_256 });
    await trie.put(toBytes(CONTRACT), RLP.encode(fields));
    const accountProof = (await createMerkleProof(trie, toBytes(CONTRACT))).map(toHex);
    const empty = { nonce: "0x1", balance: "0x0", storageHash: EMPTY_ROOT, codeHash: EMPTY_ROOT };
    return { root: toHex(trie.root()), answer: { address: CONTRACT, accountProof, ...empty, storageProof: [] } };
  };

  it("takes four fields, and refuses accounts of other chains, which have more", async () => {
    const four = [1, 0, toBytes(EMPTY_ROOT), toBytes(EMPTY_ROOT)];
    const { root, answer } = await proofOf(four);
    await verifyAccountProof(root, CONTRACT, answer);
    for (const fields of [[...four, 1], four.slice(0, 3), [1, 0, [], []]]) {
      const other = await proofOf(fields);
      await thrown("PROOF_REJECTED", verifyAccountProof(other.root, CONTRACT, other.answer));
    }
  });

  it("knows that nothing is in an empty state", async () => {
    const nothing = {
      nonce: "0x0",
      balance: "0x0",
      storageHash: EMPTY_ROOT,
      codeHash: keccak256("0x"),
      storageProof: [],
    };
    await verifyAccountProof(EMPTY_ROOT, STRANGER, { address: STRANGER, accountProof: [], ...nothing });
    const some = { address: STRANGER, accountProof: [], ...nothing, nonce: "0x1" };
    await thrown("PROOF_REJECTED", verifyAccountProof(EMPTY_ROOT, STRANGER, some));
  });
});
