import { asHuangpuError } from "../core/errors.ts";
import { parseStatement } from "../iso20022/business-message.ts";
import type { CentralLedger } from "./central-ledger.ts";
import type { ClearingHouse } from "./clearing-house.ts";
import type { ClearingJournal } from "./clearing-journal.ts";
import type { ClearingObserver } from "./events.ts";
import { type ExceptionCode, isAlarm } from "./exceptions.ts";
import { isInternal, type LedgerAccount } from "./instruction.ts";
import { expectedPool, type Finding, type Reconciliation, reconcile, signed } from "./reconcile.ts";

export interface DayEndOptions {
  settlement: LedgerAccount;
}

export interface DayEndDependencies {
  house: ClearingHouse;
  ledger: CentralLedger;
  journal: ClearingJournal;
}

/**
 * Holds the statements of a day, in every currency, against the journal.
 * @param block At which the journal has what the chain says.
 * @throws HuangpuError ISO_… when a statement cannot be read, LEDGER_REFUSED, LEDGER_UNAVAILABLE
 */
export async function reconcileDay(
  account: string,
  date: string,
  block: number,
  { house, ledger, journal }: DayEndDependencies,
): Promise<Reconciliation[]> {
  const all: Reconciliation[] = [];
  for (const currency of await house.currencies(block)) {
    const statement = parseStatement(await ledger.statement(`${account}-${currency}`, date)).document;
    const own = journal.booked().filter((entry) => entry.account === account && entry.currency === currency);
    const day = own.filter(({ bookingDate }) => bookingDate === date);
    const result = reconcile({ account, currency, date }, statement, day);
    const moved = own.reduce((sum, entry) => sum + signed(entry), 0n) * 10_000n;
    const pool = await poolFinding({ house, journal }, currency, block, moved);
    all.push({ ...result, findings: [...result.findings, ...pool] });
  }
  return all;
}

async function poolFinding(
  { house, journal }: Pick<DayEndDependencies, "house" | "journal">,
  currency: string,
  block: number,
  moved: bigint,
): Promise<Finding[]> {
  const [members, cycle] = await Promise.all([house.members(block), house.openCycle(block)]);
  const positions = await Promise.all(
    members.map(async ({ id: member }) => await house.position({ cycle, member, currency }, block)),
  );
  const carried = positions.reduce((sum, position) => sum + position.carried, 0n);
  const settled = journal
    .instructions()
    .filter(({ instruction }) => instruction.currency === currency)
    .map(({ instruction, state, booked }) => {
      const instructed = instruction.flow === "payIn" ? -instruction.amount : instruction.amount;
      const side = instruction.flow === "payIn" ? "creditor" : "debtor";
      // What is booked and not yet said on the chain has moved all the same.
      const moves = state === "Instructed" && booked.includes(side);
      return { instructed, state: moves ? ("Cleared" as const) : state, internal: isInternal(instruction) };
    });
  const expected = expectedPool(carried, settled);
  return expected === moved ? [] : [{ type: "pool", expected, given: moved }];
}

const DAY = 86_400_000;
/** After midnight UTC: what was booked just before is told by then. */
const GRACE = 300_000;
/** Between attempts. */
const AGAIN = 60_000;

/** Once a day, holds the day before against the central ledger's statements. */
export class DayEnd {
  readonly #options: DayEndOptions;
  readonly #dependencies: DayEndDependencies & { observer: ClearingObserver; now: () => number };
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(
    options: DayEndOptions,
    dependencies: DayEndDependencies & { observer: ClearingObserver; now: () => number },
  ) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  /** @throws HuangpuError LEDGER_UNAVAILABLE */
  async look(house: ClearingHouse, block: number): Promise<void> {
    const { journal, now, observer } = this.#dependencies;
    const date = new Date(now() - GRACE - DAY).toISOString().slice(0, 10);
    if (journal.isReconciled(date) || now() - this.#triedAt < AGAIN) return;
    this.#triedAt = now();
    try {
      const { account } = this.#options.settlement;
      const all = await reconcileDay(account, date, block, { ...this.#dependencies, house });
      const findings = all.flatMap((each) => each.findings.map((finding) => ({ currency: each.currency, ...finding })));
      for (const finding of findings) {
        this.#except(finding.type === "pool" ? "POOL_MISMATCH" : "STATEMENT_MISMATCH", { date, ...finding });
      }
      journal.reconciled(date);
      if (findings.length > 0) return;
      observer({ type: "reconciled", date, entries: all.reduce((sum, { entries }) => sum + entries, 0) });
    } catch (caught) {
      const error = asHuangpuError(caught);
      if (error.retryable) throw error;
      this.#except("STATEMENT_MISMATCH", { date, code: error.code, reason: error.message.slice(0, 300) });
    }
  }

  #except(code: ExceptionCode, detail: Record<string, unknown>): void {
    const { journal, observer } = this.#dependencies;
    journal.except(code, undefined, detail);
    observer({ type: "exception", code, alarm: isAlarm(code), uetr: undefined, detail });
  }
}
