import { loadAbi } from "../chains/abis.ts";
import { type AccountProof, type Chain, quantity } from "../chains/chain.ts";
import type { Gateway } from "../chains/gateway.ts";
import { heldHash } from "../chains/light-client.ts";
import { PROOF } from "../chains/rpc-forms.ts";
import { HuangpuError } from "../core/errors.ts";
import { concat, type Hex, keccak256, word } from "../core/hex.ts";
import type { SealSource } from "../relayer/seal-source.ts";

/** A title of a TradeTrust v5 registry and where it must have gone; the struct of `TitleCondition.sol`. */
export interface TitleCondition {
  registry: Hex;
  tokenId: bigint;
  holder: Hex;
  beneficiary: Hex;
}

/** Who has a title, by the storage of its registry and of its escrow, and which trade keeps it, by that of the trade book. */
export interface TitleStorageProof {
  registryProof: Hex[];
  ownerProof: Hex[];
  escrowProof: Hex[];
  /** Of the escrow's slots 0 to 6. */
  slotProofs: Hex[][];
  tradeBookProof: Hex[];
  keptProof: Hex[];
}

/** The struct of `ITitleFacts.sol`. */
export interface TitleProof extends TitleStorageProof {
  header: Hex;
  seal: Hex;
}

export interface ProveTitleRequest {
  /** On the trade chain. */
  source: Gateway;
  /** On the finance chain. */
  destination: Gateway;
  seals: SealSource;
  /** Address of `TitleFacts`. */
  titleFacts: Hex;
  condition: TitleCondition;
  /** The trade that must keep the title, 32 bytes; zero when none does. */
  tradeId: Hex;
  /** Block of the trade chain to prove at. */
  block: number;
  signal: AbortSignal;
}

const titleFactsAbi = loadAbi("finance/titles/TitleFacts");
const OWNERS_SLOT = 3n;
/** Of `tradeOfTitle` in the trade book. */
const TRADE_OF_TITLE_SLOT = 3n;
const ESCROW_SLOTS = 7;
const ADDRESS_BYTES = 20;

/**
 * Makes the proof that a title was delivered while a trade kept it, and lets the finance chain's own contract check it, by a call. A block that the
 * light client holds needs no seal; of any other one, validators must consent to the header.
 * @throws HuangpuError NO_QUORUM, or PROOF_REJECTED when the title is not where it must be; `fields.reason` is the contract's error.
 */
export async function proveTitle(request: ProveTitleRequest): Promise<TitleProof> {
  const { destination, seals, titleFacts, condition, block: number, signal } = request;
  const source = request.source.pinned();
  const [{ lightClient }, tradeBook] = await Promise.all([
    destination.lane(),
    linkedTradeBook(destination.chain, titleFacts),
  ]);
  const [block, storage] = await Promise.all([
    source.chain.block(number),
    readTitleStorage(source.chain, tradeBook, condition, number),
  ]);
  const held = (await heldHash(destination.chain, lightClient, number)) === block.hash;
  const { header, seal } = await seals.seal({ source, destination, lightClient, block, held, signal });
  const proof = { header, seal, ...storage };
  await check(request, proof);
  return proof;
}

/**
 * Asks a node for the storage proofs of a title at the end of a block, whatever state it is in.
 * @throws HuangpuError PROOF_REJECTED when the registry knows no such title, RPC_INCONSISTENT when the node leaves a proof out.
 */
export async function readTitleStorage(
  chain: Pick<Chain, "name" | "request">,
  tradeBook: Hex,
  { registry, tokenId }: Pick<TitleCondition, "registry" | "tokenId">,
  block: number,
): Promise<TitleStorageProof> {
  const ownerSlot = keccak256(concat(word(tokenId), word(OWNERS_SLOT)));
  const ofRegistry = await proofOf(chain, registry, [ownerSlot], block);
  const owner = BigInt(ofRegistry.storageProof[0]?.value ?? "0x0");
  if (owner === 0n) {
    throw new HuangpuError("PROOF_REJECTED", "The registry has no such title", {
      fields: { registry, tokenId, block },
    });
  }
  const escrow: Hex = `0x${word(owner).slice(-2 * ADDRESS_BYTES)}`;
  const slots = Array.from({ length: ESCROW_SLOTS }, (_, slot) => word(BigInt(slot)));
  const keptSlot = keccak256(
    concat(word(tokenId), keccak256(concat(word(BigInt(registry)), word(TRADE_OF_TITLE_SLOT)))),
  );
  const [ofEscrow, ofTradeBook] = await Promise.all([
    proofOf(chain, escrow, slots, block),
    proofOf(chain, tradeBook, [keptSlot], block),
  ]);
  return {
    registryProof: ofRegistry.accountProof,
    ownerProof: ofRegistry.storageProof[0]?.proof ?? [],
    escrowProof: ofEscrow.accountProof,
    slotProofs: ofEscrow.storageProof.map(({ proof }) => proof),
    tradeBookProof: ofTradeBook.accountProof,
    keptProof: ofTradeBook.storageProof[0]?.proof ?? [],
  };
}

async function proofOf(
  chain: Pick<Chain, "name" | "request">,
  account: Hex,
  slots: Hex[],
  block: number,
): Promise<AccountProof> {
  const proof = await chain.request<AccountProof>("eth_getProof", [account, slots, quantity(block)], PROOF);
  const asked = proof.storageProof.length === slots.length;
  if (asked && proof.storageProof.every(({ value }) => /^0x[0-9a-f]{1,64}$/i.test(value))) return proof;
  throw new HuangpuError("RPC_INCONSISTENT", `The ${chain.name} node gave other proofs than were asked for`, {
    fields: { chain: chain.name, account, block },
  });
}

async function linkedTradeBook(chain: Chain, titleFacts: Hex): Promise<Hex> {
  const answer = await chain.call(titleFacts, titleFactsAbi.encodeFunctionData("tradeBook") as Hex);
  return titleFactsAbi.decodeFunctionResult("tradeBook", answer)[0].toLowerCase();
}

async function check(
  { destination, titleFacts, condition, tradeId }: ProveTitleRequest,
  proof: TitleProof,
): Promise<void> {
  const asked = titleFactsAbi.encodeFunctionData("requireDelivered", [condition, tradeId, proof]) as Hex;
  try {
    await destination.chain.call(titleFacts, asked);
  } catch (cause) {
    if (!(cause instanceof HuangpuError && cause.code === "RPC_REJECTED")) throw cause;
    const { data } = cause.fields;
    const reason = typeof data === "string" ? titleFactsAbi.parseError(data)?.name : undefined;
    const why = reason === undefined ? "" : `: ${reason}`;
    throw new HuangpuError("PROOF_REJECTED", `The title is not where it must be${why}`, {
      fields: { ...cause.fields, reason },
      cause,
    });
  }
}
