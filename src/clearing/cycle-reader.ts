import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import type { ClearingHouse, Position, PositionName } from "./clearing-house.ts";
import type { ClearingJournal, PositionState } from "./clearing-journal.ts";
import { assertCommitted, committedPositions } from "./committed-positions.ts";
import { CLEARING, type ClearingObserver } from "./events.ts";
import { type Instruction, instructionOf, type LedgerAccount } from "./instruction.ts";

export interface CycleReaderOptions {
  settlement: LedgerAccount;
}

export interface CycleReaderDependencies {
  journal: ClearingJournal;
  observer: ClearingObserver;
}

const CLOSED: readonly string[] = ["Netted", "Instructed", "Cleared", "Rejected"] satisfies PositionState[];

/** Reads what closed cycles have to be settled, and how far the chain says that is. */
export class CycleReader {
  readonly #options: CycleReaderOptions;
  readonly #dependencies: CycleReaderDependencies;
  #block = -1;

  constructor(options: CycleReaderOptions, dependencies: CycleReaderDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  /**
   * Brings the journal to what the chain says at a block.
   * @throws HuangpuError RPC_INCONSISTENT when positions are not what a cycle's root stands for, SOURCE_REORGANISED when a closed position is no longer what it was read as.
   */
  async read(house: ClearingHouse, block: number): Promise<void> {
    if (block === this.#block) return;
    await this.#learn(house, block);
    await this.#refresh(house, block);
    this.#block = block;
  }

  async #learn(house: ClearingHouse, block: number): Promise<void> {
    const { journal, observer } = this.#dependencies;
    const open = await house.openCycle(block);
    const unknown = Array.from({ length: open }, (_, cycle) => cycle).filter((cycle) => !journal.knows(cycle));
    if (unknown.length === 0) return;
    for (const cycle of unknown) {
      const { closedAt, root } = await house.cycle(cycle, block);
      const instructions = closedAt === 0 ? [] : await this.#instructions(house, cycle, root, block);
      journal.learn(cycle, closedAt, instructions);
      if (closedAt > 0 && instructions.length === 0) observer({ type: "cycleFinished", cycle });
    }
  }

  async #instructions(house: ClearingHouse, cycle: number, root: Hex, block: number): Promise<Instruction[]> {
    const positions = await committedPositions(house, cycle, block);
    assertCommitted(cycle, root, positions);
    const of = { chainId: house.chain.chainId, address: house.address };
    return positions
      .filter(({ instructed }) => instructed !== 0n)
      .map((position) => instructionOf(of, position, this.#options.settlement));
  }

  async #refresh(house: ClearingHouse, block: number): Promise<void> {
    const { journal, observer } = this.#dependencies;
    const before = journal.open();
    for (const { instruction, state } of before) {
      const position = await house.position(instruction, block);
      assertSame(instruction, position);
      if (position.state !== state) journal.stands(instruction.uetr, position.state as PositionState);
    }
    const left = new Set(journal.open().map(({ instruction }) => instruction.cycle));
    for (const cycle of new Set(before.map(({ instruction }) => instruction.cycle))) {
      if (!left.has(cycle)) observer({ type: "cycleFinished", cycle });
    }
  }
}

function assertSame(instruction: Instruction & PositionName, { instructed, state }: Position): void {
  const expected = instruction.flow === "payIn" ? -instruction.amount : instruction.amount;
  if (instructed === expected && CLOSED.includes(state)) return;
  const { cycle, member, currency } = instruction;
  throw new HuangpuError("SOURCE_REORGANISED", "A closed cycle is no longer what was read as final. Find out why", {
    fields: { direction: CLEARING, cycle, member, currency, expected: `${expected}`, given: `${instructed}`, state },
  });
}
