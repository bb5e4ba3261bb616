export interface BreakerOptions {
  /** Failures in a row after which it opens. */
  threshold: number;
  /** Milliseconds until it lets a first trial through, doubled with each trial that fails, up to the maximum. */
  openMs: number;
  maxOpenMs: number;
}

export interface Clock {
  /** Milliseconds, from any origin. */
  now(): number;
  /** From 0 up to, but not including, 1. */
  random(): number;
}

export const systemClock: Clock = { now: () => performance.now(), random: Math.random };

export const BREAKER_DEFAULTS: BreakerOptions = { threshold: 3, openMs: 1_000, maxOpenMs: 60_000 };

/**
 * Keeps requests from who has failed several times in a row. When it has been open for a while, one request is let
 * through as a trial: a success closes it, a failure opens it for twice as long. The time is spread by half, so that those
 * who lost the same endpoint together do not come back together.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #clock: Clock;
  #failures = 0;
  #opened = 0;
  #openUntil = 0;
  #trial = false;

  constructor(options: BreakerOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  get open(): boolean {
    return this.#opened > 0;
  }

  /** Whether a request may be made: always while closed; one at a time, and only after the wait, while open. */
  get admits(): boolean {
    return !this.open || (!this.#trial && this.#clock.now() >= this.#openUntil);
  }

  /** Says that a request that was admitted is on its way. */
  begin(): void {
    this.#trial = this.open;
  }

  /** Says that a request came to an end which tells nothing. */
  release(): void {
    this.#trial = false;
  }

  succeed(): void {
    this.#failures = 0;
    this.#opened = 0;
    this.#trial = false;
  }

  /** What was asked before it opened and fails afterwards counts no more. */
  fail(): void {
    if (this.open && !this.#trial) return;
    this.#trial = false;
    this.#failures++;
    if (this.#failures < this.#options.threshold) return;
    const { openMs, maxOpenMs } = this.#options;
    const wait = Math.min(openMs * 2 ** this.#opened++, maxOpenMs);
    this.#openUntil = this.#clock.now() + wait * (0.5 + this.#clock.random());
  }
}
