import { HuangpuError } from "../../../src/core/errors.ts";
import { AttestedSeals } from "../../../src/relayer/attested-seals.ts";
import { type DirectionOptions, DirectionRelay } from "../../../src/relayer/direction.ts";
import type { RelayerEvent } from "../../../src/relayer/events.ts";
import type { Journal } from "../../../src/relayer/journal.ts";
import type { SealSource } from "../../../src/relayer/seal-source.ts";
import type { TwoChains } from "./two-chains.ts";

const OPTIONS: DirectionOptions = {
  startBlock: 0,
  confirmations: 0,
  destinationConfirmations: 0,
  blockRange: 1_000,
  senders: [],
  proofWindowBlocks: 512,
  pollMs: 1,
  idlePollMs: 1,
  retryMs: 1,
  maxRetryMs: 4,
  receiptTimeoutMs: 1_000,
  maxGasPerTransaction: 16_000_000n,
  fees: { priorityFee: 1n, ceiling: 1_000_000n, bumpPercent: 12.5 },
  window: 16,
};

/** The direction from trade to finance, and what it tells. */
export function tradeToFinance(
  world: TwoChains,
  journal: Journal,
  options: Partial<DirectionOptions> = {},
  seals: SealSource = new AttestedSeals(world.attestations),
) {
  const events: RelayerEvent[] = [];
  const { source, destination, relayer: wallet } = world;
  const relay = new DirectionRelay(
    { ...OPTIONS, ...options },
    {
      source,
      destination,
      seals,
      journal,
      wallet,
      observer: (event) => void events.push(event),
    },
  );
  return { relay, events, round: async (signal: AbortSignal) => await strictly(relay, events, signal) };
}

/** One round, that fails with what keeps any of the senders too. */
async function strictly(relay: DirectionRelay, events: readonly RelayerEvent[], signal: AbortSignal): Promise<boolean> {
  const before = events.length;
  const moved = await relay.round(signal);
  const [delayed] = eventsOf(events.slice(before), "delayed");
  if (delayed !== undefined) throw delayed.error;
  return moved;
}

export function eventsOf<T extends RelayerEvent["type"]>(events: readonly RelayerEvent[], type: T) {
  return events.filter((event): event is Extract<RelayerEvent, { type: T }> => event.type === type);
}

export const unavailable = (): never => {
  throw new HuangpuError("RPC_UNAVAILABLE", "The node is down");
};

/** Waits until something holds; fails after ten seconds. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("It did not come to hold");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
