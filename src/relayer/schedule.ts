export interface RetryOptions {
  /** Milliseconds to wait after a failure, doubled up to the maximum. */
  retryMs: number;
  maxRetryMs: number;
}

/** When something that failed may be tried again. */
export class Backoff {
  readonly #options: RetryOptions;
  #failures = 0;
  #until = 0;

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /** Whether it may be tried at a time (milliseconds). */
  due(now: number): boolean {
    return now >= this.#until;
  }

  /** Counts a failure; returns the milliseconds to wait. */
  fail(now: number): number {
    const { retryMs, maxRetryMs } = this.#options;
    const delay = Math.min(retryMs * 2 ** this.#failures++, maxRetryMs);
    this.#until = now + delay;
    return delay;
  }

  succeed(): void {
    this.#failures = 0;
    this.#until = 0;
  }
}

export interface PaceOptions {
  /** Milliseconds between looks while there is something to do, and for a while after. */
  pollMs: number;
  /** Milliseconds between looks when nothing has happened for long. */
  idlePollMs: number;
}

const PATIENCE = 20;

/** How long to wait between two looks: longer and longer while nothing happens. */
export class Pace {
  readonly #options: PaceOptions;
  #idle = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Milliseconds to wait after a look. */
  next(idle: boolean): number {
    this.#idle = idle ? this.#idle + 1 : 0;
    const { pollMs, idlePollMs } = this.#options;
    const doublings = Math.max(this.#idle - PATIENCE, 0);
    return Math.max(pollMs, Math.min(pollMs * 2 ** Math.min(doublings, 20), idlePollMs));
  }
}

export interface StandbyOptions {
  /** Which of the relayers this one is, from 0. */
  index: number;
  /** How many there are. */
  of: number;
  /** Milliseconds that each leaves to the one before it. */
  delayMs: number;
}

/**
 * Whose turn it is among several relayers: each sender has one that delivers at once, and the others, one after the other, wait for
 * the cursor to move. In time and not in blocks, because some chains make none while nothing happens.
 */
export class Turns {
  readonly #options: StandbyOptions | undefined;
  readonly #waiting = new Map<string, { head: string; since: number }>();

  constructor(options: StandbyOptions | undefined) {
    this.#options = options;
  }

  /** Whether to deliver what is pending of a sender after a head. Asked again and again, from when it is first seen. */
  mine(sender: string, head: string, now: number): boolean {
    if (this.#options === undefined) return true;
    const { index, of, delayMs } = this.#options;
    const former = this.#waiting.get(sender);
    const since = former?.head === head ? former.since : now;
    this.#waiting.set(sender, { head, since });
    const rank = (index + Number.parseInt(sender.slice(-4), 16)) % of;
    return now - since >= rank * delayMs;
  }

  /** Nothing is pending of a sender. */
  forget(sender: string): void {
    this.#waiting.delete(sender);
  }
}
