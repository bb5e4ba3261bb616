import { z } from "zod";
import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import type { RpcClient } from "./rpc-client.ts";

const lower = (text: string): Hex => text.toLowerCase() as Hex;
const quantity = z.string().regex(/^0x[0-9a-fA-F]{1,64}$/, "is no quantity");
const bytes = z
  .string()
  .regex(/^0x(?:[0-9a-fA-F]{2})*$/, "are no bytes")
  .transform(lower);
const fixed = (length: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * length}}$`), `are not ${length} bytes`)
    .transform(lower);
const height = quantity.transform(Number).pipe(z.int());
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null);

/** A block as far as its header goes, every field of the length that it must have. */
export const blockSchema = z.object({
  hash: fixed(32),
  parentHash: fixed(32),
  sha3Uncles: fixed(32),
  miner: fixed(20),
  stateRoot: fixed(32),
  transactionsRoot: fixed(32),
  receiptsRoot: fixed(32),
  logsBloom: fixed(256),
  difficulty: quantity,
  number: quantity.refine((value) => Number.isSafeInteger(Number(value)), "is no height"),
  gasLimit: quantity,
  gasUsed: quantity,
  timestamp: quantity.refine((value) => Number.isSafeInteger(Number(value)), "is no time"),
  extraData: bytes,
  mixHash: fixed(32),
  nonce: fixed(8),
  baseFeePerGas: optional(quantity),
  withdrawalsRoot: optional(fixed(32)),
  blobGasUsed: optional(quantity),
  excessBlobGas: optional(quantity),
  parentBeaconBlockRoot: optional(fixed(32)),
  requestsHash: optional(fixed(32)),
});

export type Block = z.infer<typeof blockSchema>;

export const proofSchema = z.object({
  address: fixed(20),
  accountProof: z.array(bytes).max(64),
  nonce: quantity,
  balance: quantity,
  storageHash: fixed(32),
  codeHash: fixed(32),
  storageProof: z.array(z.object({ key: quantity, value: quantity, proof: z.array(bytes).max(64) })).max(16),
});

export type AccountProof = z.infer<typeof proofSchema>;

export const forms = {
  height,
  amount: quantity.transform(BigInt),
  text: z.string().max(1_000),
  bytes,
  block: blockSchema,
  addresses: z.array(fixed(20)).max(1_000),
  texts: z.array(z.string().max(1_000)).max(10_000),
  proof: proofSchema,
};

/**
 * Asks, and takes only an answer of the right form.
 * @throws HuangpuError RPC_UNAVAILABLE or RPC_REJECTED, and RPC_INCONSISTENT for an answer of another form.
 */
export async function ask<T>(
  client: RpcClient,
  form: z.ZodType<T>,
  method: string,
  params: readonly unknown[] = [],
): Promise<T> {
  const answer = await client.request(method, params);
  const parsed = form.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw new HuangpuError("RPC_INCONSISTENT", `${method} was answered with something else${place}: ${issue?.message}`);
}

export const blockTag = (number: number): Hex => `0x${number.toString(16)}`;
