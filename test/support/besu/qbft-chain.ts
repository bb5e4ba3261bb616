import { createMerkleProof, MerklePatriciaTrie } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { encodeRlp, SigningKey, toBeArray } from "ethers";
import type { Block } from "../../../deploy/besu/doctor/answers.ts";
import { nodeAddress } from "../../../deploy/besu/nodes.ts";
import { quorumOf } from "../../../src/core/attestation.ts";
import { concat, type Hex, keccak256, keccakText, toBytes, toHex, word } from "../../../src/core/hex.ts";
import { encodeQbftExtraData, type QbftVote } from "../../../src/core/qbft-extra-data.ts";

const ZERO: Hex = `0x${"00".repeat(32)}`;
const EMPTY_TRIE: Hex = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
const MIX_HASH: Hex = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";
const NO_OMMERS: Hex = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";
const quantity = (value: number | bigint): Hex => `0x${value.toString(16)}`;

export interface QbftChainOptions {
  chainId: number;
  gasLimit: number;
  /** Whose nodes seal. */
  validators: readonly SigningKey[];
  /** Height of the head. */
  height: number;
  /** Seconds: when the head was made. */
  headTime: number;
  /** Seconds between blocks. */
  period: number;
}

/** How one block differs from the usual. */
export interface BlockTwist {
  round?: number;
  vote?: QbftVote;
  validators?: readonly SigningKey[];
  /** In place of a quorum, taking turns. */
  signers?: readonly SigningKey[];
  timestamp?: number;
}

/** A contract that exists from block 0 on. */
export const CONTRACT: Hex = `0x${"c0".repeat(20)}`;

/** Key of a node, of its name: for tests, so that everybody may have it. */
export function nodeKey(chain: string, host: string): SigningKey {
  return new SigningKey(keccakText(`huangpu test ${chain} ${host}`));
}

export const publicKeyOf = (key: SigningKey): Hex => `0x${key.publicKey.slice(4)}`;
export const addressOf = (key: SigningKey): Hex => nodeAddress(publicKeyOf(key));

/**
 * A synthetic QBFT chain of Cancun headers (19 fields; 20 in block 0) with one unchanging state: sealed as Besu does, by
 * an encoder of its own.
 */
export class QbftChain {
  readonly blocks: Block[] = [];
  readonly #options: QbftChainOptions;
  readonly #state: MerklePatriciaTrie;
  readonly #storage: MerklePatriciaTrie;

  private constructor(options: QbftChainOptions, state: MerklePatriciaTrie, storage: MerklePatriciaTrie) {
    this.#options = options;
    this.#state = state;
    this.#storage = storage;
  }

  static async create(
    options: QbftChainOptions,
    twists: Readonly<Record<number, BlockTwist>> = {},
  ): Promise<QbftChain> {
    const [state, storage] = [secureTrie(), secureTrie()];
    await storage.put(toBytes(word(0n)), RLP.encode(7));
    for (let index = 0; index < 40; index++) {
      const account = keccakText(`account ${index}`).slice(0, 42) as Hex;
      await state.put(toBytes(account), RLP.encode([index, 0, toBytes(EMPTY_TRIE), toBytes(keccak256("0x"))]));
    }
    await state.put(toBytes(CONTRACT), RLP.encode([1, 0, storage.root(), toBytes(keccak256("0x6000"))]));
    const chain = new QbftChain(options, state, storage);
    for (let number = 0; number <= options.height; number++)
      chain.blocks.push(chain.#make(number, twists[number] ?? {}));
    return chain;
  }

  get head(): Block {
    return this.#block(this.#options.height);
  }

  /** What a node of this chain answers. Throws what it does not know. */
  async answer(method: string, params: readonly unknown[]): Promise<unknown> {
    switch (method) {
      case "eth_chainId":
        return quantity(this.#options.chainId);
      case "eth_gasPrice":
        return "0x0";
      case "eth_getBlockByNumber":
        return params[0] === "latest" ? this.head : (this.blocks[Number(params[0])] ?? null);
      case "eth_getProof":
        return await this.#prove(params[0] as Hex, (params[1] as Hex[])[0] ?? "0x0");
      case "eth_getCode":
        return params[0] === CONTRACT ? "0x6000" : "0x";
      case "qbft_getValidatorsByBlockNumber":
        return ascending(this.#options.validators);
      default:
        throw new Error(`The chain does not know ${method}`);
    }
  }

  #block(number: number): Block {
    const block = this.blocks[number];
    if (block === undefined) throw new Error(`No block ${number}`);
    return block;
  }

  #make(number: number, { round = 0, vote, validators, signers, timestamp }: BlockTwist): Block {
    const set = validators ?? this.#options.validators;
    const sealedBy = number === 0 ? [] : (signers ?? turns(set, number));
    const extra = { vanity: ZERO, validators: ascending(set), ...(vote === undefined ? {} : { vote }) };
    const { height, headTime, period, gasLimit } = this.#options;
    const fields = {
      parentHash: number === 0 ? ZERO : this.#block(number - 1).hash,
      sha3Uncles: NO_OMMERS,
      miner: (number === 0 ? undefined : ascending(set)[number % set.length]) ?? `0x${"00".repeat(20)}`,
      stateRoot: toHex(this.#state.root()),
      transactionsRoot: EMPTY_TRIE,
      receiptsRoot: EMPTY_TRIE,
      logsBloom: `0x${"00".repeat(256)}`,
      difficulty: "0x1",
      number: quantity(number),
      gasLimit: quantity(gasLimit),
      gasUsed: "0x0",
      timestamp: quantity(number === 0 ? 0 : (timestamp ?? headTime - (height - number) * period)),
      mixHash: MIX_HASH,
      nonce: `0x${"00".repeat(8)}`,
      baseFeePerGas: "0x0",
      withdrawalsRoot: EMPTY_TRIE,
      blobGasUsed: "0x0",
      excessBlobGas: "0x0",
      parentBeaconBlockRoot: number === 0 ? ZERO : null,
      requestsHash: null,
    } satisfies Partial<Block>;
    const hashWith = (extraData: Hex) => headerHash({ ...fields, extraData });
    const digest = hashWith(encodeQbftExtraData({ ...extra, round, seals: [] }));
    const seals = sealedBy.map((key) => seal(key, digest));
    return {
      ...fields,
      extraData: encodeQbftExtraData({ ...extra, round, seals }),
      hash: hashWith(encodeQbftExtraData({ ...extra, round: 0, seals: [] })),
    };
  }

  async #prove(account: Hex, key: Hex) {
    const exists = account === CONTRACT;
    const slot = word(BigInt(key));
    return {
      address: account,
      accountProof: (await createMerkleProof(this.#state, toBytes(account))).map(toHex),
      nonce: exists ? "0x1" : "0x0",
      balance: "0x0",
      storageHash: exists ? toHex(this.#storage.root()) : EMPTY_TRIE,
      codeHash: keccak256(exists ? "0x6000" : "0x"),
      storageProof: [
        {
          key,
          value: exists && BigInt(key) === 0n ? "0x7" : "0x0",
          proof: exists ? (await createMerkleProof(this.#storage, toBytes(slot))).map(toHex) : [],
        },
      ],
    };
  }
}

export function ascending(keys: readonly SigningKey[]): Hex[] {
  return keys.map(addressOf).sort();
}

/** A quorum of a set, another one for every block. */
function turns(set: readonly SigningKey[], number: number): SigningKey[] {
  return set.map((_, index) => set[(index + number) % set.length] as SigningKey).slice(0, quorumOf(set.length));
}

function seal(key: SigningKey, digest: Hex): Hex {
  const { r, s, yParity } = key.sign(digest);
  return concat(r as Hex, s as Hex, yParity === 0 ? "0x00" : "0x01");
}

function headerHash(fields: Omit<Block, "hash">): Hex {
  const number = (value: string) => toBeArray(value);
  const list = [
    fields.parentHash,
    fields.sha3Uncles,
    fields.miner,
    fields.stateRoot,
    fields.transactionsRoot,
    fields.receiptsRoot,
    fields.logsBloom,
    number(fields.difficulty),
    number(fields.number),
    number(fields.gasLimit),
    number(fields.gasUsed),
    number(fields.timestamp),
    fields.extraData,
    fields.mixHash,
    fields.nonce,
    ...[fields.baseFeePerGas].flatMap((value) => (value === null ? [] : [number(value)])),
    ...[fields.withdrawalsRoot].flatMap((value) => value ?? []),
    ...[fields.blobGasUsed, fields.excessBlobGas].flatMap((value) => (value === null ? [] : [number(value)])),
    ...[fields.parentBeaconBlockRoot, fields.requestsHash].flatMap((value) => value ?? []),
  ];
  return keccak256(encodeRlp(list) as Hex);
}

function secureTrie(): MerklePatriciaTrie {
  return new MerklePatriciaTrie({ useKeyHashing: true, useKeyHashingFunction: keccak_256 });
}
