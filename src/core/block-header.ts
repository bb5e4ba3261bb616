import { RLP } from "@ethereumjs/rlp";
import { HuangpuError } from "./errors.ts";
import { type Hex, keccak256, toBytes, toHex } from "./hex.ts";

/** Header fields in their RLP order, by their JSON-RPC names. Later forks appended; a field that a block lacks is left out. */
const FIELDS = [
  "parentHash",
  "sha3Uncles",
  "miner",
  "stateRoot",
  "transactionsRoot",
  "receiptsRoot",
  "logsBloom",
  "difficulty",
  "number",
  "gasLimit",
  "gasUsed",
  "timestamp",
  "extraData",
  "mixHash",
  "nonce",
  "baseFeePerGas",
  "withdrawalsRoot",
  "blobGasUsed",
  "excessBlobGas",
  "parentBeaconBlockRoot",
  "requestsHash",
] as const;

const QUANTITIES: ReadonlySet<string> = new Set([
  "difficulty",
  "number",
  "gasLimit",
  "gasUsed",
  "timestamp",
  "baseFeePerGas",
  "blobGasUsed",
  "excessBlobGas",
]);

/** What `eth_getBlockByNumber` returns, as far as the header goes. */
export type RpcBlock = Partial<Record<(typeof FIELDS)[number] | "hash", string | null>>;

/**
 * The header of a block in RLP.
 * @throws HuangpuError RPC_INCONSISTENT when it does not hash to the block's hash: the RPC lied, or its client has
 * header fields that are not known here.
 */
export function encodeHeader(block: RpcBlock): Hex {
  const present = FIELDS.filter((field) => block[field] !== undefined && block[field] !== null);
  const header = toHex(RLP.encode(present.map((field) => encodeField(field, block[field] as Hex))));
  const computed = keccak256(header);
  if (computed !== block.hash) {
    throw new HuangpuError("RPC_INCONSISTENT", "The block's fields do not hash to its hash", {
      fields: { number: block.number, given: block.hash, computed, fieldCount: present.length },
    });
  }
  return header;
}

function encodeField(field: string, value: Hex): Uint8Array {
  if (!QUANTITIES.has(field)) return toBytes(value);
  const digits = BigInt(value) === 0n ? "" : BigInt(value).toString(16);
  return toBytes(`0x${digits.length % 2 === 0 ? digits : `0${digits}`}`);
}
