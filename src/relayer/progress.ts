import type { Gateway } from "../chains/gateway.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import type { Direction, Observer } from "./events.ts";
import type { Journal, LaneProgress } from "./journal.ts";
import { genesisAt } from "./observe.ts";

export interface ProgressOptions {
  direction: Direction;
  /** Blocks that must lie on top of a destination block before a delivery in it is final. */
  confirmations: number;
}

export interface ProgressDependencies {
  source: Gateway;
  destination: Gateway;
  journal: Journal;
  observer: Observer;
}

/** So many source blocks later, no node lags and no relayer is ahead any more. */
const DOUBTFUL_BLOCKS = 20;

/**
 * How far the destination is, and since when for good. A delivery is forgotten when its block is final; until then a destination
 * that goes back is delivered to again.
 */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #dependencies: ProgressDependencies;
  /** Cursors that the source does not show, and up to where it was read when each was seen first. */
  readonly #unknown = new Map<Hex, { cursor: Hex; scanned: number; again: boolean }>();
  /** The highest destination block that was seen. */
  #highest = 0;

  constructor(options: ProgressOptions, dependencies: ProgressDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  /** Whether something of a lane is delivered and not yet final. */
  unsettled({ final, delivered }: LaneProgress): boolean {
    return delivered > final;
  }

  /**
   * Asks the destination how far a lane is, and forgets what is final, whoever delivered it.
   * @throws HuangpuError BLOCK_UNKNOWN when the node is behind what was seen before, RPC_INCONSISTENT when the cursor is at what
   * the source does not show.
   */
  async confirm(known: LaneProgress): Promise<LaneProgress> {
    const { destination, journal, observer } = this.#dependencies;
    const { direction, confirmations } = this.#options;
    const head = await destination.cursor(known.sender);
    const delivered = head === known.head ? known.delivered : this.#positionOf(known.sender, head);
    if (delivered < known.delivered) {
      await this.#assertNotBehind();
      const fields = { sender: known.sender, delivered: known.delivered, cursor: delivered };
      observer({ type: "alarm", direction, reason: "destinationReorganised", fields });
    }
    if (delivered !== known.delivered) journal.advance(direction, known.sender, delivered, head);
    const lane = { ...known, delivered, head, pending: known.pending + known.delivered - delivered };
    if (!this.unsettled(lane)) return lane;

    // What is forgotten here nobody delivers any more, so no single one of several endpoints is believed.
    const compared = destination.pinned();
    const alone = compared === destination;
    const newest = await compared.chain.blockNumber();
    this.#highest = Math.max(this.#highest, newest);
    const at = newest - confirmations;
    if (at < 0) return lane;
    const finalHead = alone && confirmations === 0 ? head : await compared.cursor(lane.sender, at);
    const final = journal.positionOf(direction, lane.sender, finalHead);
    if (final === undefined || final <= lane.final) return lane;
    journal.finalise(direction, lane.sender, final, finalHead);
    journal.blocks.anchorAt(direction, { number: at, hash: (await compared.chain.block(at)).hash });
    observer({ type: "confirmed", direction, sender: lane.sender, count: final - lane.final });
    return { ...lane, final };
  }

  /**
   * Sees to it that the destination still has the block by which something was final. When it has not, what was forgotten must
   * be found again: all of the source is read anew.
   */
  async assertAnchored(): Promise<void> {
    const { source, destination, journal, observer } = this.#dependencies;
    const { direction } = this.#options;
    const anchor = journal.blocks.anchor(direction);
    if (anchor === undefined) return;
    const hash = await hashOf(destination, anchor.number);
    if (hash === undefined || hash === anchor.hash) return;
    const fields = { block: anchor.number, journalled: anchor.hash, given: hash };
    observer({ type: "alarm", direction, reason: "destinationReorganised", fields });
    journal.forget(direction, genesisAt(source));
  }

  async #assertNotBehind(): Promise<void> {
    const newest = await this.#dependencies.destination.chain.blockNumber();
    if (newest >= this.#highest) return;
    throw new HuangpuError("BLOCK_UNKNOWN", "The destination node is behind what was seen before", {
      fields: { direction: this.#options.direction, newest, seen: this.#highest },
    });
  }

  #positionOf(sender: Hex, cursor: Hex): number {
    const { journal } = this.#dependencies;
    const { direction } = this.#options;
    const position = journal.positionOf(direction, sender, cursor);
    if (position !== undefined) return position;
    this.#doubt(sender, cursor);
    throw new HuangpuError(
      "RPC_INCONSISTENT",
      "The destination has delivered a message that the source does not show",
      { fields: { direction, sender, cursor } },
    );
  }

  /**
   * The source may only be read up to before that message. But when a cursor stays unknown while the source is read on, the
   * journal may be wrong, say because an endpoint made it forget too much: then all is read again, once for each cursor.
   */
  #doubt(sender: Hex, cursor: Hex): void {
    const { source, journal } = this.#dependencies;
    const { direction } = this.#options;
    const scanned = journal.blocks.scanned(direction)?.number ?? -1;
    const known = this.#unknown.get(sender);
    if (known?.cursor !== cursor) {
      this.#unknown.set(sender, { cursor, scanned, again: false });
    } else if (!known.again && scanned > known.scanned + DOUBTFUL_BLOCKS) {
      known.again = true;
      journal.forget(direction, genesisAt(source));
    }
  }
}

/** Undefined while the node is behind that block. */
async function hashOf(gateway: Gateway, block: number): Promise<Hex | undefined> {
  try {
    return (await gateway.pinned().chain.block(block)).hash;
  } catch (error) {
    if (error instanceof HuangpuError && error.code === "BLOCK_UNKNOWN") return undefined;
    throw error;
  }
}
