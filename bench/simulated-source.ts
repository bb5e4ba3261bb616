import { RLP } from "@ethereumjs/rlp";
import type { BaseWallet } from "ethers/wallet";
import type { HeadProof } from "../src/chains/gateway.ts";
import { assembleSeal, attestationDigest, quorumOf } from "../src/core/attestation.ts";
import { type Hex, keccak256, toBytes, toHex } from "../src/core/hex.ts";
import { headSlot } from "../src/core/message-chain.ts";
import { seededBytes } from "./seeded-bytes.ts";
import { type OtherKeys, triePath } from "./simulated-trie.ts";

export interface SimulatedSourceOptions {
  chainId: number;
  gateway: Hex;
  sender: Hex;
  validators: readonly BaseWallet[];
  /** RLP of a real header, of which state root and number are replaced. */
  template: Hex;
  /** Hashed slots besides that of the sender's head. */
  slots: OtherKeys;
}

const STATE_ROOT = 3;
const NUMBER = 8;

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
    const fields = [...this.#template];
    fields[STATE_ROOT] = toBytes(stateRoot);
    fields[NUMBER] = minimal(`0x${(++this.#number).toString(16).padStart(64, "0")}`);
    return toHex(RLP.encode(fields));
  }

  #seal(header: Hex): Hex {
    const { chainId, validators } = this.#options;
    const quorum = quorumOf(validators.length);
    const digest = attestationDigest({ chainId, number: this.#number, blockHash: keccak256(header) });
    const signed = validators.slice(0, quorum).map((wallet) => ({
      signer: wallet.address.toLowerCase() as Hex,
      signature: wallet.signingKey.sign(digest).serialized as Hex,
    }));
    const seal = assembleSeal(signed, quorum);
    if (seal === undefined) throw new Error("Two validators have one address");
    return seal;
  }
}

/** An integer without leading zeros. */
function minimal(word: Hex): Uint8Array {
  const bytes = toBytes(word);
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? new Uint8Array() : bytes.subarray(first);
}
