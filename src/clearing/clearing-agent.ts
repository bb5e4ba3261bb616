import { setTimeout as sleep } from "node:timers/promises";
import type { BaseWallet } from "ethers/wallet";
import { asHuangpuError } from "../core/errors.ts";
import type { FeePolicy } from "../core/fees.ts";
import type { Hex } from "../core/hex.ts";
import { Outbox } from "../relayer/outbox.ts";
import { Backoff, Pace, type PaceOptions, type RetryOptions } from "../relayer/schedule.ts";
import type { CentralLedger } from "./central-ledger.ts";
import type { ClearingHouse } from "./clearing-house.ts";
import type { ClearingJournal } from "./clearing-journal.ts";
import { CycleCloser } from "./cycle-closer.ts";
import { CycleReader } from "./cycle-reader.ts";
import { DayEnd } from "./day-end.ts";
import { CLEARING, type ClearingObserver, isLoopEvent } from "./events.ts";
import { Inbox } from "./inbox.ts";
import type { LedgerAccount } from "./instruction.ts";
import type { Correspondents } from "./iso-messages.ts";
import { RedemptionWatch } from "./redemptions.ts";
import { Settler } from "./settler.ts";

export interface ClearingOptions extends PaceOptions, RetryOptions {
  /** Milliseconds after which the open cycle is closed. */
  cycleMs: number;
  redemptionsMs: number;
  /** Milliseconds for which an instruction may be without booking or rejection. */
  answerTimeoutMs: number;
  /** The account that stands between the members at the central ledger. */
  settlement: LedgerAccount;
  correspondents: Correspondents;
  /** The first block that can have obligations. */
  startBlock: number;
  blockRange: number;
  confirmations: number;
  receiptTimeoutMs: number;
  fees: FeePolicy;
}

export interface ClearingDependencies {
  house: ClearingHouse;
  ledger: CentralLedger;
  journal: ClearingJournal;
  wallet: BaseWallet;
  observer: ClearingObserver;
  /** Unix milliseconds. */
  now: () => number;
}

/**
 * Closes cycles, has their positions settled in central-bank money, and says on the chain what came of it. Every step leaves its
 * trace on the chain or in the journal before the next one acts, and can be repeated; so a round may end anywhere, and the next one
 * goes on from there.
 */
export class ClearingAgent {
  readonly #options: ClearingOptions;
  readonly #dependencies: ClearingDependencies;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #cycles: CycleReader;
  readonly #settler: Settler;
  readonly #closer: CycleCloser;
  readonly #redemptions: RedemptionWatch;
  readonly #dayEnd: DayEnd;
  readonly #abort = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: ClearingOptions, dependencies: ClearingDependencies) {
    const { house, journal, wallet, observer } = dependencies;
    this.#options = options;
    this.#dependencies = dependencies;
    this.#outbox = new Outbox(
      { ...options, direction: CLEARING },
      {
        chain: house.chain,
        transactions: journal.transactions,
        wallet,
        // An outbox tells of nothing but its transactions and its alarms.
        observer: (event) => {
          if (isLoopEvent(event)) observer(event);
        },
      },
    );
    const parts = { ...dependencies, outbox: this.#outbox };
    this.#inbox = new Inbox(options, dependencies);
    this.#cycles = new CycleReader(options, dependencies);
    this.#settler = new Settler(options, { ...parts, inbox: this.#inbox });
    this.#closer = new CycleCloser(options, parts);
    this.#redemptions = new RedemptionWatch(options, dependencies);
    this.#dayEnd = new DayEnd(options, dependencies);
  }

  /** Settles when the agent has ended: stopped, or halted by what no repetition mends. */
  async start(): Promise<void> {
    this.#running = this.run(this.#abort.signal);
    await this.#running;
  }

  /** Finishes or abandons the step in hand, whichever can be resumed from, and closes the journal. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
    this.#dependencies.journal.close();
  }

  /** Works until the signal aborts or an error comes that no repetition mends. */
  async run(signal: AbortSignal): Promise<void> {
    const { observer, house } = this.#dependencies;
    const backoff = new Backoff(this.#options);
    const pace = new Pace(this.#options);
    while (!signal.aborted) {
      try {
        const moved = await this.round(signal);
        backoff.succeed();
        const delay = pace.next(!moved);
        if (!moved) await sleep(delay, undefined, { signal });
      } catch (caught) {
        if (signal.aborted) return;
        const error = asHuangpuError(caught);
        if (!error.retryable) {
          observer({ type: "halted", direction: CLEARING, error });
          return;
        }
        observer({ type: "delayed", direction: CLEARING, error });
        house.chain.passOver();
        await sleep(backoff.fail(this.#dependencies.now()), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /**
   * One look at the chain and the central ledger, and all that follows from it. True when something was done. What keeps the chain
   * from being written does not keep the central ledger's answers from being read, and the reverse.
   * @throws HuangpuError the first thing that could not be done.
   */
  async round(signal: AbortSignal): Promise<boolean> {
    const { house, journal } = this.#dependencies;
    await house.chain.assertChainId();
    await this.#outbox.settle(signal);
    const view = house.pinned();
    const head = await view.chain.blockNumber();
    const block = head - this.#options.confirmations;
    await this.#cycles.read(view, block);
    const failures: unknown[] = [];
    const attempt = async (work: () => Promise<boolean>) => {
      try {
        return await work();
      } catch (error) {
        if (signal.aborted) throw error;
        failures.push(error);
        return false;
      }
    };

    try {
      const read = await attempt(async () => await this.#inbox.read());
      // What was answered already is not to be sent again; so nothing is sent before all answers are known.
      let moved = read && (await attempt(async () => await this.#settler.send(signal)));
      if (this.#settled()) {
        moved = (await attempt(async () => await this.#settler.say(signal))) || moved;
        if (!moved) moved = await attempt(async () => await this.#closer.close(view, block, signal));
      }
      this.#settler.remindOfUnanswered();
      await attempt(async () => {
        await this.#redemptions.look(view, block);
        return false;
      });
      // Only with all that was told: what is not read yet would be missing.
      if (read && this.#settled()) {
        await attempt(async () => {
          await this.#dayEnd.look(view, block);
          return false;
        });
      }
      const [failure] = failures;
      if (failure !== undefined) throw failure;
      return moved;
    } finally {
      this.#tell(head, block, journal);
    }
  }

  /** Whether every transaction is final, so that the chain as it is read shows all that was said. */
  #settled(): boolean {
    const { house, wallet, journal } = this.#dependencies;
    const account = { chainId: house.chain.chainId, address: wallet.address.toLowerCase() as Hex };
    return journal.transactions.nonces(account).length === 0;
  }

  #tell(sourceBlock: number, throughBlock: number, journal: ClearingJournal): void {
    const open = journal.open();
    const since = Math.min(...open.map(({ closedAt }) => closedAt));
    this.#dependencies.observer({
      type: "looked",
      direction: CLEARING,
      sourceBlock,
      throughBlock,
      pending: open.length,
      ...(open.length === 0 ? {} : { oldestPendingSince: since }),
    });
  }
}
