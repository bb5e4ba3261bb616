import { RLP } from "@ethereumjs/rlp";
import type { BaseWallet } from "ethers/wallet";
import type { HeaderKind } from "../deploy/parameters.ts";
import type { HeadProof } from "../src/chains/gateway.ts";
import { attestationDigest, quorumOf } from "../src/core/attestation.ts";
import { concat, type Hex, keccak256, toBytes, toHex } from "../src/core/hex.ts";
import { headSlot } from "../src/core/message-chain.ts";
import { encodeQbftExtraData } from "../src/core/qbft-extra-data.ts";
import { seededBytes } from "./seeded-bytes.ts";
import { type OtherKeys, triePath } from "./simulated-trie.ts";

export interface SimulatedSourceOptions {
  chainId: number;
  gateway: Hex;
  sender: Hex;
  /** How the chain seals its headers. */
  headers: HeaderKind;
  /** By ascending address. */
  validators: readonly BaseWallet[];
  /** RLP of a real header, of which state root and number are replaced. */
  template: Hex;
  /** Hashed slots besides that of the sender's head. */
  slots: OtherKeys;
}

const STATE_ROOT = 3;
const NUMBER = 8;
const EXTRA_DATA = 12;
const VANITY: Hex = `0x${"00".repeat(32)}`;

/** A source chain of which there is just what a proof shows: sealed headers and two paths. */
export class SimulatedSource {
  readonly #options: SimulatedSourceOptions;
  readonly #template: Uint8Array[];
  /** Hashed addresses besides the gateway's. */
  accounts: OtherKeys = [];
  #number: number;

  constructor(options: SimulatedSourceOptions) {
    this.#options = options;
    this.#template = RLP.decode(toBytes(options.template)) as Uint8Array[];
    this.#number = Number(toHex(this.#template[NUMBER] ?? new Uint8Array()));
  }

  /** Shows a head in the state of a new block, sealed by as many validators as are needed. */
  prove(head: Hex): HeadProof {
    const { gateway, sender, slots } = this.#options;
    const slot = triePath(keccak256(headSlot(sender)), RLP.encode(minimal(head)), slots);
    const account = RLP.encode([1, 0, toBytes(slot.root), toBytes(seededBytes("code", 32))]);
    const state = triePath(keccak256(gateway), account, this.accounts);
    const header = this.#header(state.root);
    return { header, seal: this.#seal(header), accountProof: state.proof, storageProof: slot.proof };
  }

  #header(stateRoot: Hex): Hex {
    const { headers, validators } = this.#options;
    const fields = [...this.#template];
    fields[STATE_ROOT] = toBytes(stateRoot);
    fields[NUMBER] = minimal(`0x${(++this.#number).toString(16).padStart(64, "0")}`);
    if (headers === "qbft") {
      const named = validators.map(addressOf);
      fields[EXTRA_DATA] = toBytes(encodeQbftExtraData({ vanity: VANITY, validators: named, round: 0, seals: [] }));
    }
    return toHex(RLP.encode(fields));
  }

  #seal(header: Hex): Hex {
    const { chainId, headers, validators } = this.#options;
    const blockHash = keccak256(header);
    const signers = validators.slice(0, quorumOf(validators.length));
    if (headers === "qbft") return concat(...signers.map((signer) => qbftSeal(signer, blockHash)));
    const digest = attestationDigest({ chainId, number: this.#number, blockHash });
    return concat(...signers.map(({ signingKey }) => signingKey.sign(digest).serialized as Hex));
  }
}

function addressOf({ address }: BaseWallet): Hex {
  return address.toLowerCase() as Hex;
}

function qbftSeal({ signingKey }: BaseWallet, digest: Hex): Hex {
  const { r, s, yParity } = signingKey.sign(digest);
  return concat(r as Hex, s as Hex, yParity === 0 ? "0x00" : "0x01");
}

/** An integer without leading zeros. */
function minimal(word: Hex): Uint8Array {
  const bytes = toBytes(word);
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? new Uint8Array() : bytes.subarray(first);
}
