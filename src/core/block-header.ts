import { RLP } from "@ethereumjs/rlp";
import { HuangpuError } from "./errors.ts";
import { type Hex, keccak256, toBytes, toHex } from "./hex.ts";
import { decodeQbftExtraData, encodeQbftExtraData, type QbftExtraData } from "./qbft-extra-data.ts";

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

/** A block as the validators of a QBFT chain signed it. */
export interface QbftHeader {
  /** RLP of the header with its round and without seals: what is signed, and what `QbftHeaders` takes. */
  header: Hex;
  extraData: QbftExtraData;
}

/**
 * The header of a block in RLP, which hashes to the block's hash. Of a QBFT chain, that is the header with round 0 and
 * without seals.
 * @throws HuangpuError RPC_INCONSISTENT when nothing of it hashes to the block's hash: the RPC lied, or its client has
 * header fields that are not known here.
 */
export function encodeHeader(block: RpcBlock): Hex {
  const header = encodeFields(block);
  if (keccak256(header) === block.hash) return header;
  const canonical = canonicalHeader(block);
  if (canonical !== undefined && keccak256(canonical.header) === block.hash) return canonical.header;
  throw inconsistent(block, keccak256(canonical?.header ?? header));
}

/**
 * The header of a QBFT block as it is signed.
 * @throws HuangpuError RPC_INCONSISTENT when the block does not hash to its hash as QBFT has it: also a genesis block, and
 * one whose validators a contract keeps, because its extra data name nobody.
 */
export function encodeQbftHeader(block: RpcBlock): QbftHeader {
  const canonical = canonicalHeader(block);
  const computed = keccak256(canonical?.header ?? encodeFields(block));
  if (canonical === undefined || computed !== block.hash || canonical.extraData.validators.length === 0) {
    throw inconsistent(block, computed);
  }
  const { extraData } = canonical;
  return { header: encodeFields({ ...block, extraData: encodeQbftExtraData({ ...extraData, seals: [] }) }), extraData };
}

function canonicalHeader(block: RpcBlock): QbftHeader | undefined {
  const extraData = decodeQbftExtraData((block.extraData ?? "0x") as Hex);
  if (extraData === undefined) return undefined;
  const canonical = encodeQbftExtraData({ ...extraData, round: 0, seals: [] });
  return { header: encodeFields({ ...block, extraData: canonical }), extraData };
}

function encodeFields(block: RpcBlock): Hex {
  return toHex(RLP.encode(presentFields(block).map((field) => encodeField(field, block[field] as Hex))));
}

function presentFields(block: RpcBlock) {
  return FIELDS.filter((field) => block[field] !== undefined && block[field] !== null);
}

function inconsistent(block: RpcBlock, computed: Hex): HuangpuError {
  return new HuangpuError("RPC_INCONSISTENT", "The block's fields do not hash to its hash", {
    fields: { number: block.number, given: block.hash, computed, fieldCount: presentFields(block).length },
  });
}

function encodeField(field: string, value: Hex): Uint8Array {
  if (!QUANTITIES.has(field)) return toBytes(value);
  const digits = BigInt(value) === 0n ? "" : BigInt(value).toString(16);
  return toBytes(`0x${digits.length % 2 === 0 ? digits : `0${digits}`}`);
}
