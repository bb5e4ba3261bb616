import { RLP } from "@ethereumjs/rlp";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Hex, toBytes, toHex } from "./hex.ts";

/** A call as an EIP-1559 transaction without value and access list. */
export interface CallTransaction {
  chainId: number;
  nonce: number;
  to: Hex;
  data: Hex;
  gasLimit: bigint;
  /** Wei per gas. */
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
}

export interface TransactionSignature {
  r: string;
  s: string;
  yParity: 0 | 1;
}

const TYPE = 2;
const NO_VALUE = 0;

/** Serializes and signs a transaction. The data of a long delivery is turned into bytes once, and hashed twice. */
export function signTransaction(
  transaction: CallTransaction,
  sign: (digest: Hex) => TransactionSignature,
): { raw: Hex; hash: Hex } {
  const { chainId, nonce, to, data, gasLimit, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  const fees = [maxPriorityFeePerGas, maxFeePerGas, gasLimit];
  const unsigned = [chainId, nonce, ...fees, toBytes(to), NO_VALUE, toBytes(data), []];
  const { r, s, yParity } = sign(toHex(keccak_256(serialize(unsigned))));
  const signed = serialize([...unsigned, yParity, BigInt(r), BigInt(s)]);
  return { raw: toHex(signed), hash: toHex(keccak_256(signed)) };
}

/**
 * The call in a transaction that {@link signTransaction} made.
 * @throws Error when it is none.
 */
export function parseTransaction(raw: Hex): CallTransaction {
  const fields = RLP.decode(toBytes(raw).subarray(1));
  const [chainId, nonce, tip, fee, gasLimit, to, , data] = (fields as Uint8Array[])
    .slice(0, 8)
    .map((field) => toHex(field));
  if (to === undefined || data === undefined) throw new RangeError("Too few fields for a transaction");
  return {
    chainId: Number(integer(chainId)),
    nonce: Number(integer(nonce)),
    to,
    data,
    gasLimit: integer(gasLimit),
    maxFeePerGas: integer(fee),
    maxPriorityFeePerGas: integer(tip),
  };
}

function integer(hex: Hex | undefined): bigint {
  return hex === undefined || hex === "0x" ? 0n : BigInt(hex);
}

function serialize(fields: Parameters<typeof RLP.encode>[0]): Uint8Array {
  const list = RLP.encode(fields);
  const bytes = new Uint8Array(1 + list.length);
  bytes[0] = TYPE;
  bytes.set(list, 1);
  return bytes;
}
