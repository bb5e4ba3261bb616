import { styleText } from "node:util";

export type Side = "trade" | "finance";

export interface TimelineOptions {
  /** Columns of the terminal. */
  width: number;
  /** Where lines go. */
  write: (text: string) => void;
  /** Whether the last line may be redrawn: a terminal, not a file. */
  interactive: boolean;
}

const TIME_WIDTH = 7;
const SEPARATOR = " │ ";
const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const CLEAR_LINE = "\r\x1b[2K";

/** What happens on two chains, one column each, with the seconds since the beginning. */
export class Timeline {
  readonly #options: TimelineOptions;
  readonly #width: number;
  readonly #columnWidth: number;
  readonly #start = performance.now();

  constructor(options: TimelineOptions) {
    this.#options = options;
    this.#width = Math.max(60, Math.min(options.width, 132)) - 1;
    this.#columnWidth = Math.floor((this.#width - TIME_WIDTH - 2 * SEPARATOR.length) / 2);
  }

  get seconds(): number {
    return (performance.now() - this.#start) / 1_000;
  }

  heading(): void {
    this.#line(
      ["", "TRADE CHAIN", "FINANCE CHAIN"].map((text) => text),
      "bold",
    );
    const rule = "─".repeat(this.#columnWidth);
    this.#options.write(`${"─".repeat(TIME_WIDTH)}─┼─${rule}─┼─${rule}\n`);
  }

  /** Something happened on one chain. Details follow below it, in grey, a line each. */
  add(side: Side, text: string, ...details: string[]): void {
    this.#row(side, this.#time(), text);
    this.note(side, ...details);
  }

  /** Further details of what was added last. */
  note(side: Side, ...details: string[]): void {
    for (const detail of details) this.#row(side, "", detail, "dim");
  }

  /** Shows that something is waited for, until `work` is done. */
  async waiting<T>(text: string, work: Promise<T>): Promise<T> {
    if (!this.#options.interactive) return await work;
    let frame = 0;
    const draw = () => {
      const line = `${this.#time().padStart(TIME_WIDTH)} ${SPINNER[frame++ % SPINNER.length]} ${text}`;
      this.#options.write(`${CLEAR_LINE}${styleText("dim", line.slice(0, this.#width))}`);
    };
    const timer = setInterval(draw, 100);
    draw();
    try {
      return await work;
    } finally {
      clearInterval(timer);
      this.#options.write(CLEAR_LINE);
    }
  }

  #time(): string {
    return `${this.seconds.toFixed(1)} s`;
  }

  #row(side: Side, time: string, text: string, style?: "dim"): void {
    for (const [index, line] of wrap(text, this.#columnWidth).entries()) {
      const cells = side === "trade" ? [line, ""] : ["", line];
      this.#line([index === 0 ? time : "", ...cells], style);
    }
  }

  #line([time = "", trade = "", finance = ""]: string[], style?: "bold" | "dim"): void {
    const paint = (text: string) => (style === undefined ? text : styleText(style, text));
    const cells = [time.padStart(TIME_WIDTH), paint(trade.padEnd(this.#columnWidth)), paint(finance)];
    this.#options.write(`${cells.join(SEPARATOR).trimEnd()}\n`);
  }
}

/** Lines of at most `width` columns, broken between words, or within one that is longer. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  lines.push(line);
  return lines;
}
