export interface ProgressBarOptions {
  write: (text: string) => void;
  /** Whether a line may be redrawn: a terminal, not a file. */
  interactive: boolean;
  /** Columns of the terminal. */
  width: number;
  now: () => number;
}

const BETWEEN_FRAMES_MS = 100;
const CLEAR_LINE = "\r\x1b[2K";

/** One line that says how far something is: `reading ████████░░░░ 1,024 of 2,000`. Draws nothing where it could not redraw it. */
export class ProgressBar {
  readonly #options: ProgressBarOptions;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(options: ProgressBarOptions) {
    this.#options = options;
  }

  /** Draws at most ten times a second, and takes the line away when all is done. */
  show(what: string, done: number, of: number): void {
    const { interactive, write, now } = this.#options;
    if (!interactive) return;
    if (done === of) {
      this.clear();
    } else if (now() - this.#drawnAt >= BETWEEN_FRAMES_MS) {
      this.#drawnAt = now();
      write(`${CLEAR_LINE}${this.#line(what, done, of)}`);
    }
  }

  clear(): void {
    if (this.#drawnAt === Number.NEGATIVE_INFINITY) return;
    this.#drawnAt = Number.NEGATIVE_INFINITY;
    this.#options.write(CLEAR_LINE);
  }

  #line(what: string, done: number, of: number): string {
    const count = `${done.toLocaleString("en-US")} of ${of.toLocaleString("en-US")}`;
    const room = Math.min(40, this.#options.width - what.length - count.length - 3);
    if (room < 4) return count;
    const full = Math.floor((room * done) / of);
    return `${what} ${"█".repeat(full)}${"░".repeat(room - full)} ${count}`;
  }
}
