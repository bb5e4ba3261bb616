import type { Gateway } from "../chains/gateway.ts";
import { encodeHeader } from "../core/block-header.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { genesis } from "../core/message-chain.ts";
import type { ScannedBlock } from "./block-journal.ts";
import type { BlockRange } from "./block-range.ts";
import type { Direction } from "./events.ts";
import type { Journal } from "./journal.ts";

export interface ObserveRequest {
  direction: Direction;
  source: Gateway;
  journal: Journal;
  /** Where to begin when the journal is new. */
  startBlock: number;
  /** Blocks that must lie on top of a block before its logs are read. */
  confirmations: number;
  /** Blocks to ask logs of at once; kept from one time to the next. */
  blockRange: BlockRange;
  /** Senders that are known beforehand: not even all of their logs together can be left out unnoticed. */
  senders: readonly Hex[];
}

/** How often one catching-up asks how long the chain is. */
const MOST_LOOKS = 8;

export interface Observed {
  /** The source's newest block. */
  sourceBlock: number;
  throughBlock: number;
  count: number;
  /** Unix seconds of the end of the first range of blocks that had messages. */
  since: number | undefined;
}

/**
 * Writes down what the source gateway has logged since the last time, range by range, so that catching up after an
 * outage and following the chain are the same thing. When logs turn out to be missing, all since the last block at which
 * none were is read again next time, and more than that each time it happens again.
 * @throws HuangpuError SOURCE_REORGANISED when the chain no longer has the block up to which was read, now and until
 * somebody resumes, BLOCK_UNKNOWN while the node is behind it, RPC_INCONSISTENT when logs are missing.
 */
export async function observe(asked: ObserveRequest): Promise<Observed> {
  const request = { ...asked, source: asked.source.pinned() };
  const { direction, source, journal, senders } = request;
  assertNotHalted(journal, direction);
  const sourceBlock = await source.chain.blockNumber();
  const scanned = journal.blocks.scanned(direction);
  if (scanned !== undefined) await assertSameChain(request, scanned);

  const genesisOf = genesisAt(source);
  journal.know(direction, senders, genesisOf);
  try {
    return await read(request, scanned?.number ?? request.startBlock - 1, sourceBlock, genesisOf);
  } catch (error) {
    if (error instanceof HuangpuError && error.code === "RPC_INCONSISTENT") readAgain(journal, direction, genesisOf);
    throw error;
  }
}

/** The head before a sender's first message at a gateway. */
export function genesisAt({ chain, address }: Gateway): (sender: Hex) => Hex {
  return (sender) => genesis(chain.chainId, address, sender);
}

/** The newest block that was read and that the source still has. */
export async function commonAncestor(
  journal: Journal,
  source: Gateway,
  direction: Direction,
): Promise<ScannedBlock | undefined> {
  for (const checkpoint of journal.blocks.checkpoints(direction)) {
    if ((await readBlock(source, checkpoint.number)).hash === checkpoint.hash) return checkpoint;
  }
  return undefined;
}

async function read(
  request: ObserveRequest,
  after: number,
  newest: number,
  genesisOf: (sender: Hex) => Hex,
): Promise<Observed> {
  const { direction, source, journal, blockRange, confirmations } = request;
  let sourceBlock = newest;
  let throughBlock = after;
  let through: TimedBlock | undefined;
  let since: number | undefined;
  let count = 0;
  let looks = 1;
  let mayShorten = false;
  while (throughBlock < sourceBlock - confirmations) {
    const to = Math.min(throughBlock + blockRange.size, sourceBlock - confirmations);
    through = await readBlock(source, to);
    const logged = await source.logged(throughBlock + 1, to).catch((caught: unknown) => {
      if (blockRange.failed(to - throughBlock, caught) && mayShorten) return undefined;
      throw caught;
    });
    // Twice in a row, it may be the node and not the range: then it is the next round's, with another node perhaps.
    mayShorten = logged !== undefined;
    if (logged === undefined) continue;
    blockRange.answered(to - throughBlock);
    const { messages, opened } = logged;
    journal.know(direction, opened, genesisOf);
    journal.record(direction, messages, through, genesisOf);
    count += messages.length;
    if (messages.length > 0) since ??= through.timestamp;
    const several = to < sourceBlock - confirmations || throughBlock > after;
    throughBlock = to;
    // Reading much takes long, and what is to be proven must be so new that nodes still have its state.
    if (several && to === sourceBlock - confirmations && looks++ < MOST_LOOKS)
      sourceBlock = await source.chain.blockNumber();
  }
  if (through !== undefined) {
    await assertComplete(request, throughBlock);
    journal.blocks.checked(direction, through);
  }
  return { sourceBlock, throughBlock, count, since };
}

/** The last message has none after it by which its absence would show: the head does. */
async function assertComplete({ direction, source, journal }: ObserveRequest, block: number): Promise<void> {
  for (const { sender } of journal.lanes(direction)) {
    const known = journal.headOf(direction, sender);
    const head = await source.headOf(sender, block);
    const unopened = BigInt(head) === 0n && known === genesisAt(source)(sender);
    if (known === head || unopened) continue;
    throw new HuangpuError("RPC_INCONSISTENT", "The source's head is not where its logs lead to: logs are missing", {
      fields: { direction, sender, block, known, head },
    });
  }
}

/** From the last checkpoint; half of them are doubted with it, so that it is all of the source after a few failures. */
function readAgain(journal: Journal, direction: Direction, genesisOf: (sender: Hex) => Hex): void {
  const checkpoints = journal.blocks.checkpoints(direction);
  const [newest] = checkpoints;
  const doubtful = checkpoints[Math.floor(checkpoints.length / 2)];
  if (newest === undefined || doubtful === undefined) {
    journal.forget(direction, genesisOf);
    return;
  }
  journal.rewind(direction, newest);
  journal.blocks.doubt(direction, doubtful.number);
}

interface TimedBlock extends ScannedBlock {
  /** Unix seconds. */
  timestamp: number;
}

async function readBlock(source: Gateway, number: number): Promise<TimedBlock> {
  const block = await source.chain.block(number);
  encodeHeader(block);
  return { number, hash: block.hash, timestamp: Number(block.timestamp) };
}

async function assertSameChain({ direction, source, journal }: ObserveRequest, scanned: ScannedBlock): Promise<void> {
  const { hash } = await readBlock(source, scanned.number);
  if (hash === scanned.hash) return;
  const ancestor = await commonAncestor(journal, source, direction).catch(() => undefined);
  journal.blocks.halt(direction, {
    block: scanned.number,
    journalled: scanned.hash,
    given: hash,
    ancestor: ancestor?.number,
  });
  assertNotHalted(journal, direction);
}

/** Fails closed: a restart changes nothing about it. */
function assertNotHalted(journal: Journal, direction: Direction): void {
  const halt = journal.blocks.halted(direction);
  if (halt === undefined) return;
  throw new HuangpuError(
    "SOURCE_REORGANISED",
    "The source chain no longer has a block that was read as final: it was reorganised or replaced. " +
      "Find out why; then resume the direction",
    { fields: { direction, ...halt } },
  );
}
