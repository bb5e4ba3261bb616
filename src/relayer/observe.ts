import type { Gateway } from "../chains/gateway.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { genesis } from "../core/message-chain.ts";
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
  /** Blocks to ask logs of at once. */
  blockRange: number;
}

export interface Observed {
  throughBlock: number;
  count: number;
}

/**
 * Writes down what the source gateway has logged since the last time, range by range, so that catching up after an
 * outage and following the chain are the same thing.
 * @throws HuangpuError SOURCE_REORGANISED when the chain no longer has the block up to which was read, BLOCK_UNKNOWN while
 * the node is behind it.
 */
export async function observe(request: ObserveRequest): Promise<Observed> {
  const { direction, source, journal, startBlock, confirmations, blockRange } = request;
  const target = (await source.chain.blockNumber()) - confirmations;
  const scanned = journal.scanned(direction);
  if (scanned !== undefined) await assertSameChain(source, direction, scanned);

  const genesisOf = (sender: Hex) => genesis(source.chain.chainId, source.address, sender);
  let throughBlock = scanned?.number ?? startBlock - 1;
  let count = 0;
  while (throughBlock < target) {
    const to = Math.min(throughBlock + blockRange, target);
    const { hash } = await source.chain.block(to);
    const messages = await source.messagesSent(throughBlock + 1, to);
    journal.record(direction, messages, { number: to, hash }, genesisOf);
    count += messages.length;
    throughBlock = to;
  }
  return { throughBlock, count };
}

async function assertSameChain(
  source: Gateway,
  direction: Direction,
  scanned: { number: number; hash: Hex },
): Promise<void> {
  const { hash } = await source.chain.block(scanned.number);
  if (hash === scanned.hash) return;
  throw new HuangpuError(
    "SOURCE_REORGANISED",
    "The source chain no longer has a block that was read as final: it was reorganised or replaced. " +
      "Find out why; then delete the journal to start over from the chains",
    { fields: { direction, block: scanned.number, journalled: scanned.hash, given: hash } },
  );
}
