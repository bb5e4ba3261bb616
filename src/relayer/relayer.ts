import type { DirectionRelay } from "./direction.ts";
import type { Journal } from "./journal.ts";

/** Both directions side by side. What stops one does not stop the other. */
export class Relayer {
  readonly #directions: readonly DirectionRelay[];
  readonly #journal: Journal;
  readonly #abort = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(directions: readonly DirectionRelay[], journal: Journal) {
    this.#directions = directions;
    this.#journal = journal;
  }

  /** Settles when both directions have ended: stopped, or halted by what no repetition mends. */
  async start(): Promise<void> {
    this.#running = Promise.all(this.#directions.map((direction) => direction.run(this.#abort.signal)));
    await this.#running;
  }

  /** Finishes or abandons the step in hand, whichever the journal can resume from, and closes the journal. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
    this.#journal.close();
  }
}
