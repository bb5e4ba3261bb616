import { verifyMerkleProof } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { HuangpuError } from "../../../src/core/errors.ts";
import { type Hex, toBytes, toHex, word } from "../../../src/core/hex.ts";
import type { AccountProof, Block } from "./answers.ts";
import { readSealedHeader, sealProblem } from "./sealed-header.ts";

/** Root of a trie without anything in it. */
const EMPTY_ROOT: Hex = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
const EMPTY_CODE: Hex = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";

/**
 * Checks that a block is sealed by a quorum of the validators that it names, unless it is block 0, and that a proof follows
 * from its state root.
 * @throws HuangpuError RPC_INCONSISTENT or PROOF_REJECTED
 */
export async function verifyProofAt(block: Block, account: Hex, proof: AccountProof): Promise<void> {
  const header = readSealedHeader(block);
  const problem = header.number === 0 ? undefined : sealProblem(header);
  if (problem !== undefined) throw new HuangpuError("RPC_INCONSISTENT", `Block ${header.number} ${problem}`);
  await verifyAccountProof(header.stateRoot, account, proof);
}

/**
 * Checks that an `eth_getProof` answer follows from a state root: the account, present or absent, and its slots.
 * @throws HuangpuError PROOF_REJECTED
 */
export async function verifyAccountProof(stateRoot: Hex, account: Hex, proof: AccountProof): Promise<void> {
  if (proof.address !== account) throw rejected(`is of ${proof.address}`);
  const leaf = await valueAt(stateRoot, account, proof.accountProof);
  const shown = leaf === null ? absent() : accountFields(leaf);
  const given = [BigInt(proof.nonce), BigInt(proof.balance), proof.storageHash, proof.codeHash];
  const names = ["nonce", "balance", "storage root", "code hash"];
  for (const [index, name] of names.entries()) {
    // Some clients say that an absent account has no code hash at all, in zeros.
    const zeros = leaf === null && /^0x0+$/.test(String(given[index]));
    if (given[index] !== shown[index] && !zeros) throw rejected(`shows another ${name} than the answer says`);
  }
  for (const { key, value, proof: nodes } of proof.storageProof) {
    const stored = await valueAt(shown[2], word(BigInt(key)), nodes);
    if ((stored === null ? 0n : quantity(RLP.decode(stored))) !== BigInt(value)) {
      throw rejected(`shows another value in slot ${key} than the answer says`);
    }
  }
}

type AccountFields = [nonce: bigint, balance: bigint, storageRoot: Hex, codeHash: Hex];

function absent(): AccountFields {
  return [0n, 0n, EMPTY_ROOT, EMPTY_CODE];
}

function accountFields(leaf: Uint8Array): AccountFields {
  const fields = RLP.decode(leaf);
  if (!Array.isArray(fields) || fields.length !== 4) throw rejected("shows an account that has not four fields");
  const [nonce, balance, storageRoot, codeHash] = fields;
  if (!(storageRoot instanceof Uint8Array) || !(codeHash instanceof Uint8Array)) throw rejected("shows no account");
  return [quantity(nonce), quantity(balance), toHex(storageRoot), toHex(codeHash)];
}

function quantity(bytes: unknown): bigint {
  if (!(bytes instanceof Uint8Array)) throw rejected("shows a list instead of a number");
  return bytes.length === 0 ? 0n : BigInt(toHex(bytes));
}

async function valueAt(root: Hex, key: Hex, nodes: readonly Hex[]): Promise<Uint8Array | null> {
  if (root === EMPTY_ROOT) return null;
  try {
    return await verifyMerkleProof(toBytes(key), nodes.map(toBytes), {
      root: toBytes(root),
      useKeyHashing: true,
      useKeyHashingFunction: keccak_256,
    });
  } catch (cause) {
    throw rejected(`does not follow from its root: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function rejected(what: string, cause?: unknown): HuangpuError {
  return new HuangpuError("PROOF_REJECTED", `The proof ${what}`, { cause });
}
