import type { Chain, RpcLog } from "../chains/chain.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { decodeTitleEntry, TITLE_RECORDED, type TitleEntry, titleRegistryAbi } from "./title-entry.ts";
import { isInPlace, replay, type TitleState, titleStatuses } from "./title-state.ts";

export interface EndorsementChainOptions {
  /** The block at whose end the title is read; without it, the newest. Pass a final one where it matters. */
  atBlock?: number;
  /** At most so many entries are read, the newest; 1,000 without it. Each takes one request at most. */
  limit?: number;
}

export interface EndorsementChain {
  atBlock: number;
  /** What the registry says of the title now. */
  title: TitleState;
  /** Oldest first. `after` is where the title stood then; undefined while the beginning is not read. */
  entries: (TitleEntry & { after: TitleState | undefined })[];
  /** Whether the entries begin with the title's issue. */
  complete: boolean;
}

/** What is asked of a chain; a `Chain`, pinned where several nodes are to agree. */
export type TitleChain = Pick<Chain, "name" | "blockNumber" | "call" | "logs">;

const DEFAULT_LIMIT = 1_000;

/**
 * All that became of a title, read backwards: the registry names the block of the newest entry, and each entry that of the one
 * before. No block is searched that has none. A node that withholds or adds entries contradicts the registry's count; one that alters
 * them has to alter all that follow from them, up to where the registry says that the title stands. One that forges the registry's
 * answer as well is not found out here: read through a pinned chain, or by storage proof.
 * @returns undefined when there is no such title.
 * @throws HuangpuError RPC_INCONSISTENT when the logs do not make up the chain.
 */
export async function readEndorsementChain(
  chain: TitleChain,
  registry: Hex,
  titleId: Hex,
  { atBlock, limit = DEFAULT_LIMIT }: EndorsementChainOptions = {},
): Promise<EndorsementChain | undefined> {
  const block = atBlock ?? (await chain.blockNumber());
  const { title, lastBlock, count } = await readTitle(chain, registry, titleId, block);
  if (count === 0) return undefined;

  const found: TitleEntry[] = [];
  let expected = { block: lastBlock, last: count };
  while (expected.last > 0 && found.length < limit) {
    const ofBlock = await entriesOf(chain, registry, titleId, expected.block, expected.last);
    found.unshift(...ofBlock);
    const [{ entry, previousBlock }] = ofBlock;
    expected = { block: previousBlock, last: entry - 1 };
  }

  const complete = expected.last === 0;
  if (!complete)
    return { atBlock: block, title, entries: found.map((entry) => ({ ...entry, after: undefined })), complete };
  const states = replay(found);
  assertLeadsTo(chain, titleId, title, found, states);
  return { atBlock: block, title, entries: found.map((entry, at) => ({ ...entry, after: states[at] })), complete };
}

async function readTitle(chain: TitleChain, registry: Hex, titleId: Hex, block: number) {
  const data = titleRegistryAbi.encodeFunctionData("title", [titleId]) as Hex;
  const [found] = titleRegistryAbi.decodeFunctionResult("title", await chain.call(registry, data, block));
  const title: TitleState = {
    status: titleStatuses[Number(found.status)] ?? "Unknown",
    holder: party(found.holder),
    owner: party(found.owner),
    issuer: party(found.issuer),
    frozen: found.frozen,
    pledged: found.pledged,
  };
  return { title, lastBlock: Number(found.lastBlock), count: Number(found.getValue("entries")) }; // `entries` is a method of every array
}

/** The title's entries in a block, which must be those up to `last`, each linked to the one before; at least one. */
async function entriesOf(
  chain: TitleChain,
  registry: Hex,
  titleId: Hex,
  block: number,
  last: number,
): Promise<[TitleEntry, ...TitleEntry[]]> {
  const logs = await chain.logs(registry, [TITLE_RECORDED], block, block);
  const own = logs
    .filter((log) => isOf(log, registry, titleId))
    .sort((a, b) => Number(a.logIndex) - Number(b.logIndex));
  const [first, ...rest] = own.map(decodeTitleEntry);
  const linked =
    first !== undefined &&
    first.entry + rest.length === last &&
    first.previousBlock < block &&
    (first.entry === 1) === (first.previousBlock === 0) &&
    [first, ...rest].every((entry) => entry.block === block) &&
    rest.every(({ entry, previousBlock }, at) => entry === first.entry + at + 1 && previousBlock === block);
  if (linked) return [first, ...rest];
  throw new HuangpuError("RPC_INCONSISTENT", `The ${chain.name} node's logs are not the chain of the title`, {
    fields: { chain: chain.name, titleId, block, expectedEntry: last, given: own.length },
  });
}

function isOf({ address, topics }: RpcLog, registry: Hex, titleId: Hex): boolean {
  return address.toLowerCase() === registry.toLowerCase() && topics[1]?.toLowerCase() === titleId.toLowerCase();
}

function assertLeadsTo(
  chain: TitleChain,
  titleId: Hex,
  title: TitleState,
  entries: readonly TitleEntry[],
  states: readonly TitleState[],
): void {
  const outOfPlace = entries.find((entry, at) => !isInPlace(entry, states[at - 1]));
  const keys = Object.keys(title) as (keyof TitleState)[];
  const differing = keys.filter((key) => title[key] !== states.at(-1)?.[key]);
  if (outOfPlace === undefined && differing.length === 0) return;
  throw new HuangpuError("RPC_INCONSISTENT", `The ${chain.name} node's logs do not lead to where the title stands`, {
    fields: { chain: chain.name, titleId, outOfPlace: outOfPlace?.entry, differing },
  });
}

function party(address: string): Hex | undefined {
  return BigInt(address) === 0n ? undefined : (address.toLowerCase() as Hex);
}
