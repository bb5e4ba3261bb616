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

function serialize(fields: Parameters<typeof RLP.encode>[0]): Uint8Array {
  const list = RLP.encode(fields);
  const bytes = new Uint8Array(1 + list.length);
  bytes[0] = TYPE;
  bytes.set(list, 1);
  return bytes;
}
