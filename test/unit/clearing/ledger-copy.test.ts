import { expect } from "chai";
import type { LedgerEntry } from "../../../src/clearing/answers.ts";
import { ClearingJournal } from "../../../src/clearing/clearing-journal.ts";
import { Inbox } from "../../../src/clearing/inbox.ts";
import type { Instruction } from "../../../src/clearing/instruction.ts";
import { BANK_A, entryOf, instructed, OTHER, statusOf } from "../../support/clearing/instructions.ts";
import { CORRESPONDENTS, camt054, pacs002 } from "../../support/clearing/ledger-messages.ts";
import { ScriptedLedger } from "../../support/clearing/scripted-ledger.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

const RUNS = 60;
const MESSAGES = 60;

/** What a true entry is turned into, so that it is none any more. */
const LIES: readonly ((entry: LedgerEntry, random: SeededRandom) => Partial<LedgerEntry>)[] = [
  ({ amount }) => ({ amount: amount + 1n }),
  ({ amount }) => ({ amount: amount > 1n ? amount - 1n : amount + 2n }),
  ({ currency }) => ({ currency: currency === "CNY" ? "USD" : "CNY" }),
  ({ direction }) => ({ direction: direction === "CRDT" ? "DBIT" : "CRDT" }),
  () => ({ account: OTHER.account }),
  () => ({ status: "PDNG" }),
  () => ({ status: "INFO" }),
  () => ({ reversal: true }),
  () => ({ uetr: undefined }),
  (_, random) => ({ uetr: `${random.hex(4).slice(2)}-0000-4000-8000-${random.hex(6).slice(2)}` }),
  () => ({ messageId: "HP1-1-CNY-00000000" }),
  () => ({ instructionId: undefined }),
  () => ({ endToEndId: "HP99-1-CNY" }),
];

/** What should be known of an instruction, told apart from the code under test. */
interface Model {
  instruction: Instruction;
  sent: boolean;
  rejected: boolean;
  sides: Set<string>;
}

describe("the copy of the central ledger", () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    it(`changes by booked entries that are true in every field alone (stream ${seed})`, async () => {
      const random = new SeededRandom(seed);
      const journal = new ClearingJournal(":memory:");
      const ledger = new ScriptedLedger();
      const inbox = new Inbox({ correspondents: CORRESPONDENTS }, { journal, ledger, observer: () => undefined });
      const models = begin(journal, random);
      const expected = new Map<string, bigint>();
      let truths = 0;

      for (let count = 0; count < MESSAGES; count++) {
        const before = journal.booked();
        const model = models[random.below(models.length)] as Model;
        const { message, booking } = next(model, random, expected, `${seed}-${count}`);
        ledger.say(message);
        await inbox.read();

        if (booking !== undefined) {
          truths++;
          expected.set(booking.key, booking.amount);
        }
        const after = journal.booked();
        expect(after.slice(0, before.length), "what was booked stays").to.deep.equal(before);
        expect(new Map(after.map((each) => [keyOf(each), each.amount]))).to.deep.equal(expected);
      }
      expect(truths, "entries that were booked").to.be.above(0);
      expect(journal.exceptions().length, "lies that were noticed").to.be.above(0);
      journal.close();
    });
  }
});

function begin(journal: ClearingJournal, random: SeededRandom): Model[] {
  const positions = [
    [1, 1, -500n, "CNY"],
    [1, 2, 500n, "CNY"],
    [1, 1, 1n, "USD"],
    [2, 2, -99_999_999_999n, "CNY"],
    [2, 1, 7n, "CNY"],
  ] as const;
  return positions.map(([cycle, member, amount, currency], index) => {
    const instruction = instructed(cycle, member, amount, currency);
    journal.learn(cycle, 1_800_000_000, [instruction]);
    const sent = index === 0 || random.below(4) > 0;
    if (sent) journal.stands(instruction.uetr, "Instructed");
    return { instruction, sent, rejected: false, sides: new Set<string>() };
  });
}

function next(model: Model, random: SeededRandom, booked: ReadonlyMap<string, bigint>, id: string) {
  const { instruction, sent } = model;
  const kind = random.below(10);
  if (kind === 0) return { message: `<Document>${random.hex(40)}</Document>` };
  if (kind === 1) {
    if (sent && model.sides.size === 0) model.rejected = true;
    return { message: pacs002(statusOf(instruction), id) };
  }
  if (kind === 2) return { message: pacs002({ ...statusOf(instruction), status: "ACSC", reason: undefined }, id) };

  const side = random.below(2) === 0 ? "debtor" : "creditor";
  const repeated = random.below(3) === 0;
  const truth = entryOf(instruction, side);
  const fresh = repeated ? truth : { ...truth, servicerReference: `REF-${id}` };
  if (kind === 3) return { message: camt054(fresh, id, BANK_A.lei) };
  if (kind < 7) {
    const lie = LIES[random.below(LIES.length)] as (typeof LIES)[number];
    return { message: camt054({ ...fresh, ...lie(fresh, random) }, id) };
  }
  const key = keyOf(fresh);
  const counts = sent && !model.rejected && !model.sides.has(side) && !booked.has(key);
  if (counts) model.sides.add(side);
  return { message: camt054(fresh, id), ...(counts ? { booking: { key, amount: fresh.amount } } : {}) };
}

function keyOf({
  account,
  currency,
  servicerReference,
}: Pick<LedgerEntry, "account" | "currency" | "servicerReference">) {
  return `${account} ${currency} ${servicerReference}`;
}
