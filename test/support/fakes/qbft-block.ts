import { encodeRlp, toBeArray, type Wallet } from "ethers";
import type { RpcBlock } from "../../../src/core/block-header.ts";
import { concat, type Hex, keccak256 } from "../../../src/core/hex.ts";
import { HEADER_FIELDS, HEADER_QUANTITIES, LATER_HEADER_FIELDS } from "./header-fields.ts";

export interface QbftBlockOptions {
  /** Whom the header names. */
  validators: readonly Wallet[];
  /** Who seals it; all of the validators when left out. */
  signers?: readonly Wallet[];
  round?: number;
  vote?: { recipient: Hex; add: boolean };
}

const MIX_HASH: Hex = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";
const VANITY: Hex = `0x${"00".repeat(32)}`;

/**
 * The block as a QBFT chain would have it: synthetic, by the rules of Hyperledger Besu, spelled out here a second time
 * with another RLP encoder. Everything but extra data, mix hash, difficulty, nonce and hash stays as it is.
 */
export function sealAsQbft(
  block: RpcBlock,
  { validators, signers = validators, round = 0, vote }: QbftBlockOptions,
): RpcBlock & { hash: Hex } {
  const named = validators.map(({ address }) => address.toLowerCase()).sort();
  const ballot = vote === undefined ? [] : [vote.recipient, vote.add ? "0xff" : "0x"];
  const extraData = (inRound: number, seals: readonly string[]) =>
    encodeRlp([VANITY, named, ballot, inRound === 0 ? "0x" : toBeArray(inRound), [...seals]]) as Hex;
  const qbft = { ...block, difficulty: "0x1", mixHash: MIX_HASH, nonce: "0x0000000000000000" };
  const hashWith = (data: Hex) => keccak256(encodeFields({ ...qbft, extraData: data }));

  const digest = hashWith(extraData(round, []));
  const seals = signers.map(({ signingKey }) => {
    const { r, s, yParity } = signingKey.sign(digest);
    return concat(r as Hex, s as Hex, yParity === 0 ? "0x00" : "0x01");
  });
  return { ...qbft, extraData: extraData(round, seals), hash: hashWith(extraData(0, [])) };
}

function encodeFields(block: RpcBlock): Hex {
  const all = [...HEADER_FIELDS, ...LATER_HEADER_FIELDS];
  const present = all.filter((name) => block[name] !== undefined && block[name] !== null);
  return encodeRlp(
    present.map((name) => (HEADER_QUANTITIES.has(name) ? toBeArray(block[name] ?? 0) : (block[name] ?? "0x"))),
  ) as Hex;
}
