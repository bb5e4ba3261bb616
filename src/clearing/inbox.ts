import { HuangpuError } from "../core/errors.ts";
import { keccakText } from "../core/hex.ts";
import type { Answer } from "./answers.ts";
import type { CentralLedger } from "./central-ledger.ts";
import type { ClearingJournal, Outcome } from "./clearing-journal.ts";
import { CLEARING, type ClearingObserver } from "./events.ts";
import { type ExceptionCode, isAlarm } from "./exceptions.ts";
import { type Correspondents, readAnswers } from "./iso-messages.ts";
import { match } from "./matching.ts";

export interface InboxOptions {
  correspondents: Correspondents;
}

export interface InboxDependencies {
  journal: ClearingJournal;
  ledger: CentralLedger;
  observer: ClearingObserver;
}

/** Pages that one look may read: a ledger that always has more must not keep the rest from being done. */
const MOST_PAGES = 100;
const LONGEST_CURSOR = 256;
const LONGEST_DETAIL = 300;
/** Characters of a message that are kept for whoever looks into it: ten times those of any honest one. */
const LONGEST_KEPT = 65_536;

/** Reads what the central ledger says, and writes down what it changes: each message once, in its order. */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #dependencies: InboxDependencies;

  constructor(options: InboxOptions, dependencies: InboxDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  /**
   * Reads everything since the last time. True when nothing is left to be read.
   * @throws HuangpuError LEDGER_UNAVAILABLE when it does not answer, or the cursor does not move behind what it says.
   */
  async read(): Promise<boolean> {
    const { journal } = this.#dependencies;
    for (let page = 0; page < MOST_PAGES; page++) {
      const after = journal.cursor;
      const { cursor, messages } = await this.#page(after);
      if (messages.length === 0) return true;
      if (cursor === after || cursor.length > LONGEST_CURSOR) {
        throw new HuangpuError("LEDGER_UNAVAILABLE", "The central ledger's cursor does not move behind its messages", {
          fields: { direction: CLEARING, after, cursor: cursor.slice(0, LONGEST_CURSOR), messages: messages.length },
        });
      }
      this.#take(messages, cursor);
    }
    return false;
  }

  /** Takes a message that came as the answer to one of ours. */
  take(message: string): void {
    this.#take([message], undefined);
  }

  /** Whatever is wrong with a page: the next one may be right, and until then nothing is known. */
  async #page(after: string): Promise<{ cursor: string; messages: string[] }> {
    try {
      return await this.#dependencies.ledger.fetch(after);
    } catch (cause) {
      if (!(cause instanceof HuangpuError && cause.code === "LEDGER_REFUSED")) throw cause;
      throw new HuangpuError("LEDGER_UNAVAILABLE", `What the central ledger says cannot be had: ${cause.message}`, {
        fields: { direction: CLEARING, after, ...cause.fields },
        cause,
      });
    }
  }

  #take(messages: readonly string[], cursor: string | undefined): void {
    const { journal, observer } = this.#dependencies;
    const outcomes = journal.reading(cursor, () => messages.flatMap((message) => this.#record(message)));
    for (const outcome of outcomes) {
      if (outcome.type !== "exception") continue;
      const { code, uetr, detail } = outcome;
      observer({ type: "exception", code, alarm: isAlarm(code), uetr, detail });
    }
  }

  #record(message: string): Outcome[] {
    const { journal } = this.#dependencies;
    const hash = keccakText(message);
    const kept = message.length > LONGEST_KEPT ? undefined : message;
    const { answers, failure } = read(message, this.#options.correspondents);
    if (failure !== undefined) {
      const outcome: Outcome = { type: "exception", uetr: undefined, ...failure };
      journal.record(hash, kept, [outcome]);
      return [outcome];
    }
    return answers.flatMap((answer) => {
      const outcome = this.#outcome(answer);
      // One after the other: the second of two entries for one account in a message may be the first one again.
      journal.record(hash, kept, outcome === undefined ? [] : [outcome]);
      return outcome === undefined ? [] : [outcome];
    });
  }

  /** Undefined for what changes nothing and is nothing to look at. */
  #outcome(answer: Answer): Outcome | undefined {
    const verdict = match(answer, this.#dependencies.journal);
    switch (verdict.type) {
      case "booked":
        if (answer.type !== "entry") return undefined;
        return { type: "booked", uetr: verdict.instruction.uetr, side: verdict.side, entry: answer };
      case "rejected":
        return { type: "rejected", uetr: verdict.instruction.uetr, reason: verdict.reason };
      case "exception":
        return {
          type: "exception",
          code: verdict.code,
          uetr: verdict.instruction?.uetr,
          detail: { ...answer },
        };
      case "accepted":
        return undefined;
      default:
        return verdict satisfies never;
    }
  }
}

interface Failure {
  code: ExceptionCode;
  detail: Record<string, unknown>;
}

/** Codes by which a message is no answer at all. */
const FAILURES: Readonly<Record<string, ExceptionCode>> = {
  ISO_TOO_LARGE: "OVERSIZED",
  ISO_UNSUPPORTED: "UNEXPECTED_MESSAGE",
};

function read(message: string, correspondents: Correspondents): { answers: Answer[]; failure?: Failure } {
  try {
    const answers = readAnswers(message, correspondents);
    return typeof answers === "string" ? { answers: [], failure: { code: answers, detail: {} } } : { answers };
  } catch (error) {
    if (!(error instanceof HuangpuError) || !error.code.startsWith("ISO_")) throw error;
    const detail = { reason: error.message.slice(0, LONGEST_DETAIL), code: error.code };
    return { answers: [], failure: { code: FAILURES[error.code] ?? "MALFORMED", detail } };
  }
}
