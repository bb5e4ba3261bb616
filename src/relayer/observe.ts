import type { Gateway } from "../chains/gateway.ts";
import { encodeHeader } from "../core/block-header.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { genesis } from "../core/message-chain.ts";
import type { Direction } from "./events.ts";
import type { Journal, ScannedBlock } from "./journal.ts";

export interface ObserveRequest {
  direction: Direction;
  source: Gateway;
  journal: Journal;
  /** Where to begin when the journal is new. */
  startBlock: number;
  /** Blocks that must lie on top of a block before its logs are read. */
  confirmations: number;
  /** Blocks to ask logs of at once. */
  blockRange: number;
}

export interface Observed {
  throughBlock: number;
  count: number;
}

/**
 * Writes down what the source gateway has logged since the last time, range by range, so that catching up after an
 * outage and following the chain are the same thing. When logs turn out to be missing, all is read again next time: an
 * endpoint that left out one may have left out others.
 * @throws HuangpuError SOURCE_REORGANISED when the chain no longer has the block up to which was read, BLOCK_UNKNOWN while
 * the node is behind it, RPC_INCONSISTENT when logs are missing.
 */
export async function observe(asked: ObserveRequest): Promise<Observed> {
  const request = { ...asked, source: asked.source.pinned() };
  const { direction, source, journal, startBlock, confirmations } = request;
  const target = (await source.chain.blockNumber()) - confirmations;
  const scanned = journal.scanned(direction);
  if (scanned !== undefined) await assertSameChain(source, direction, scanned);

  const genesisOf = (sender: Hex) => genesis(source.chain.chainId, source.address, sender);
  try {
    return await read(request, scanned?.number ?? startBlock - 1, target, genesisOf);
  } catch (error) {
    if (error instanceof HuangpuError && error.code === "RPC_INCONSISTENT") journal.forget(direction, genesisOf);
    throw error;
  }
}

async function read(
  request: ObserveRequest,
  after: number,
  target: number,
  genesisOf: (sender: Hex) => Hex,
): Promise<Observed> {
  const { direction, source, journal, blockRange } = request;
  let throughBlock = after;
  let count = 0;
  while (throughBlock < target) {
    const to = Math.min(throughBlock + blockRange, target);
    const through = await readBlock(source, to);
    const messages = await source.messagesSent(throughBlock + 1, to);
    journal.record(direction, messages, through, genesisOf);
    count += messages.length;
    throughBlock = to;
  }
  if (throughBlock > after) await assertComplete(request, throughBlock);
  return { throughBlock, count };
}

/** The last message has none after it by which its absence would show: the head does. */
async function assertComplete({ direction, source, journal }: ObserveRequest, block: number): Promise<void> {
  for (const { sender } of journal.lanes(direction)) {
    const known = journal.headOf(direction, sender);
    const head = await source.headOf(sender, block);
    if (known === head) continue;
    throw new HuangpuError("RPC_INCONSISTENT", "The source's head is not where its logs lead to: logs are missing", {
      fields: { direction, sender, block, known, head },
    });
  }
}

async function readBlock(source: Gateway, number: number): Promise<ScannedBlock> {
  const block = await source.chain.block(number);
  encodeHeader(block);
  return { number, hash: block.hash };
}

async function assertSameChain(source: Gateway, direction: Direction, scanned: ScannedBlock): Promise<void> {
  const { hash } = await readBlock(source, scanned.number);
  if (hash === scanned.hash) return;
  throw new HuangpuError(
    "SOURCE_REORGANISED",
    "The source chain no longer has a block that was read as final: it was reorganised or replaced. " +
      "Find out why; then delete the journal to start over from the chains",
    { fields: { direction, block: scanned.number, journalled: scanned.hash, given: hash } },
  );
}
