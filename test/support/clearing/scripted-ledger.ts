import type { CentralLedger } from "../../../src/clearing/central-ledger.ts";

/** A central ledger that tells what a test has it tell, a page a question. */
export class ScriptedLedger implements CentralLedger {
  readonly pages: { cursor: string; messages: string[] }[] = [];
  readonly asked: string[] = [];
  #told = 0;

  say(...messages: string[]): void {
    this.pages.push({ cursor: String(this.pages.length + 1), messages });
  }

  async fetch(after: string): Promise<{ cursor: string; messages: string[] }> {
    this.asked.push(after);
    const page = this.pages[this.#told];
    if (page === undefined) return { cursor: after, messages: [] };
    this.#told++;
    return page;
  }

  async submit(): Promise<string> {
    throw new Error("Nothing is to be sent");
  }

  async statement(): Promise<string> {
    throw new Error("No statement is to be asked for");
  }
}
