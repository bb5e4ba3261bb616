import { Counter, Gauge, type Registry } from "prom-client";
import type { ClearingEvent } from "../clearing/events.ts";
import { EXCEPTION_CODES, isAlarm } from "../clearing/exceptions.ts";

/** What a clearing agent counts beside its loop. Labels come from fixed tables and from the listed currencies. */
export class ClearingMetrics {
  readonly #cycles;
  readonly #instructions;
  readonly #exceptions;
  readonly #overdue;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#cycles = new Counter({
      registers,
      name: "huangpu_clearing_cycles_total",
      help: "Cycles closed, and finished: all their positions booked or rejected",
      labelNames: ["event"],
    });
    this.#instructions = new Counter({
      registers,
      name: "huangpu_clearing_instructions_total",
      help: "Instructions to the central ledger, by what became of them",
      labelNames: ["outcome"],
    });
    this.#exceptions = new Counter({
      registers,
      name: "huangpu_clearing_exceptions_total",
      help: "Messages of the central ledger that moved nothing, by reason",
      labelNames: ["code", "alarm"],
    });
    this.#overdue = new Gauge({
      registers,
      name: "huangpu_redemptions_overdue",
      help: "Redemptions that the issuer of a currency's coin has not paid in time",
      labelNames: ["currency"],
    });
    for (const event of ["closed", "finished"]) this.#cycles.inc({ event }, 0);
    for (const outcome of ["handed", "cleared", "rejected"]) this.#instructions.inc({ outcome }, 0);
    for (const code of EXCEPTION_CODES) this.#exceptions.inc({ code, alarm: String(isAlarm(code)) }, 0);
  }

  readonly observe = (event: ClearingEvent): void => {
    switch (event.type) {
      case "cycleClosed":
        this.#cycles.inc({ event: "closed" });
        break;
      case "cycleFinished":
        this.#cycles.inc({ event: "finished" });
        break;
      case "handed":
      case "cleared":
      case "rejected":
        this.#instructions.inc({ outcome: event.type });
        break;
      case "exception":
        this.#exceptions.inc({ code: event.code, alarm: String(event.alarm) });
        break;
      case "redemptionsOverdue":
        this.#overdue.set({ currency: event.currency }, event.count);
        break;
      case "instructed":
      case "queueResolved":
      case "reconciled":
      case "looked":
      case "sent":
      case "replaced":
      case "alarm":
      case "delayed":
      case "halted":
        break;
      default:
        event satisfies never;
    }
  };
}
