import type { BaseWallet } from "ethers/wallet";
import { HuangpuError } from "../core/errors.ts";
import { type Hex, word } from "../core/hex.ts";
import type { Outbox } from "../relayer/outbox.ts";
import { assertSucceeded } from "./assert-succeeded.ts";
import type { CentralLedger } from "./central-ledger.ts";
import { type ClearingHouse, encodeConfirm, encodeInstruct, encodeReject } from "./clearing-house.ts";
import type { ClearingJournal } from "./clearing-journal.ts";
import type { ClearingObserver } from "./events.ts";
import { type ExceptionCode, isAlarm } from "./exceptions.ts";
import type { Inbox } from "./inbox.ts";
import { type Correspondents, writeInstruction } from "./iso-messages.ts";
import { isBooked, nextSteps, type Step } from "./next-steps.ts";

export interface SettlerOptions {
  correspondents: Correspondents;
  answerTimeoutMs: number;
}

export interface SettlerDependencies {
  house: ClearingHouse;
  ledger: CentralLedger;
  journal: ClearingJournal;
  inbox: Inbox;
  outbox: Outbox;
  wallet: BaseWallet;
  observer: ClearingObserver;
  now: () => number;
}

/** Transactions that are in flight at once: within what a node keeps of one account. */
const MOST_CALLS = 16;
const LONGEST_REASON = 300;
/** In the place of a camt.054 for what stays within one account. */
const NOTHING_BOOKED = word(0n);

/** Takes instructions from the chain to the central ledger, and their answers back to the chain. */
export class Settler {
  readonly #options: SettlerOptions;
  readonly #dependencies: SettlerDependencies;

  constructor(options: SettlerOptions, dependencies: SettlerDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  /** Sends what the chain says is instructed and the central ledger has not taken yet; the very same message each time. */
  async send(signal: AbortSignal): Promise<boolean> {
    const { ledger, journal, inbox, observer, now } = this.#dependencies;
    let moved = false;
    for (const step of this.#steps()) {
      if (step.type !== "send") continue;
      signal.throwIfAborted();
      const { instruction, closedAt } = step.of;
      const { cycle, member, currency, uetr } = instruction;
      const message = writeInstruction(instruction, this.#options.correspondents, closedAt);
      const answer = await ledger.submit(message).catch((error: unknown) => {
        this.#notTaken(uetr, error);
        return undefined;
      });
      if (answer === undefined) continue;
      if (answer !== "") inbox.take(answer);
      journal.handed(uetr, now());
      observer({ type: "handed", cycle, member, currency, uetr });
      moved = true;
    }
    return moved;
  }

  /** Says on the chain what is to be sent, what is booked and what is refused. What the chain refuses does not keep back the rest. */
  async say(signal: AbortSignal): Promise<boolean> {
    const { house, outbox, wallet } = this.#dependencies;
    const refusals: unknown[] = [];
    const planned: { step: Step; call: Awaited<ReturnType<ClearingHouse["plan"]>> }[] = [];
    for (const step of this.#steps()) {
      const data = encode(step);
      if (data === undefined || planned.length === MOST_CALLS) continue;
      try {
        planned.push({ step, call: await house.plan(wallet.address as Hex, data) });
      } catch (error) {
        if (!(error instanceof HuangpuError && error.code === "RPC_REJECTED")) throw error;
        refusals.push(error);
      }
    }
    if (planned.length > 0) {
      const receipts = await outbox.send(
        planned.map(({ call }) => call),
        signal,
      );
      for (const [index, { step }] of planned.entries()) {
        const receipt = receipts[index];
        const { cycle, member, currency } = step.of.instruction;
        assertSucceeded(receipt?.status, { step: step.type, cycle, member, currency, hash: receipt?.transactionHash });
        if (receipt !== undefined) this.#tell(step);
      }
    }
    const [refusal] = refusals;
    if (refusal !== undefined) throw refusal;
    return planned.length > 0;
  }

  /** Puts what is without an answer for too long among the exceptions, once. */
  remindOfUnanswered(): void {
    const { journal, now } = this.#dependencies;
    for (const of of journal.open()) {
      const { instruction, handedAt, rejected } = of;
      if (handedAt === undefined || rejected !== undefined || isBooked(of)) continue;
      if (now() - handedAt <= this.#options.answerTimeoutMs) continue;
      const { uetr, cycle, member, currency } = instruction;
      this.#except("NO_ANSWER", uetr, { cycle, member, currency, booked: of.booked });
    }
  }

  /** @throws the error, unless the central ledger says that it does not take this message. */
  #notTaken(uetr: string, error: unknown): void {
    if (!(error instanceof HuangpuError && error.code === "LEDGER_REFUSED")) throw error;
    this.#except("NOT_TAKEN", uetr, { reason: error.message.slice(0, LONGEST_REASON) });
  }

  /** Once for each instruction. */
  #except(code: ExceptionCode, uetr: string, detail: Record<string, unknown>): void {
    const { journal, observer } = this.#dependencies;
    if (journal.hasException(code, uetr)) return;
    journal.except(code, uetr, detail);
    observer({ type: "exception", code, alarm: isAlarm(code), uetr, detail });
  }

  #steps(): Step[] {
    const { journal } = this.#dependencies;
    // Pay-outs wait for the pay-ins of their cycle, so cycles are seen whole.
    const cycles = new Set(journal.open().map(({ instruction }) => instruction.cycle));
    return [...cycles].flatMap((cycle) => nextSteps(journal.instructions(cycle)));
  }

  #tell(step: Step): void {
    const { cycle, member, currency, flow, amount, uetr } = step.of.instruction;
    const what = { cycle, member, currency, flow, amount, uetr };
    const { observer } = this.#dependencies;
    if (step.type === "instruct") observer({ type: "instructed", ...what });
    if (step.type === "confirm") observer({ type: "cleared", ...what });
    if (step.type === "reject") observer({ type: "rejected", ...what, reason: step.reason });
  }
}

/** Undefined for what is not said on the chain. */
function encode(step: Step): Hex | undefined {
  const { instruction, booking } = step.of;
  switch (step.type) {
    case "instruct":
      return encodeInstruct(instruction);
    case "confirm":
      return encodeConfirm(instruction, booking ?? NOTHING_BOOKED);
    case "reject":
      return encodeReject(instruction, step.reason);
    case "send":
      return undefined;
    default:
      return step satisfies never;
  }
}
