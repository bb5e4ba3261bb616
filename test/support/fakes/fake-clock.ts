import type { Clock } from "../../../src/chains/breaker.ts";

/** A clock that stands still until it is moved, and dice that always fall alike. */
export class FakeClock implements Clock {
  time = 1_000_000;
  dice = 0.5;

  now(): number {
    return this.time;
  }

  random(): number {
    return this.dice;
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
  }
}
