import { type Behaviours, parseAccountBook, parseBehaviours } from "../../../central-ledger/config.ts";
import { Operator } from "../../../central-ledger/operator.ts";
import { parseMessage } from "../../../src/iso20022/business-message.ts";
import type { IsoDocument } from "../../../src/iso20022/messages/documents.ts";
import { uetrOf } from "../../../src/iso20022/uetr.ts";
import { FakeClock } from "./fake-clock.ts";
import { BANK_A, BANK_B, LEDGER, OPERATOR, paymentXml } from "./iso-messages.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** Three banks with 20,000 yuan between them, and 10 dollars. */
export const ACCOUNTS = {
  ledger: LEDGER,
  instructing: [OPERATOR],
  accounts: [
    { lei: BANK_A, currency: "CNY", opening: "15000.00" },
    { lei: BANK_B, currency: "CNY", opening: "0" },
    { lei: OPERATOR, currency: "CNY", opening: "5000" },
    { lei: BANK_A, currency: "USD", opening: "10.00" },
  ],
};
export const ALL_CNY = 2_000_000n;

/** An operator with a clock of its own that begins on 22 November 2026 at 09:30 UTC. */
export class LedgerWorld {
  readonly clock = new FakeClock();
  readonly file: string;
  behaviours: Behaviours = parseBehaviours({});
  operator: Operator;
  crashes = 0;
  /** Whether bookings cannot be told. */
  mute = false;

  constructor(file: string) {
    this.file = file;
    this.clock.time = Date.parse("2026-11-22T09:30:00Z");
    this.operator = this.#open();
  }

  behave(behaviours: object): void {
    this.behaviours = parseBehaviours(behaviours);
  }

  /** Closes the database and opens it again, as a process that starts anew does. */
  restart(): void {
    this.operator.close();
    this.operator = this.#open();
  }

  /** What an answer says: its status, and its reason's code when it was refused. */
  submit(xml: string): string {
    const { document } = parseMessage(this.operator.submit(xml));
    if (document.type !== "PaymentStatusReport") throw new Error(`Answered by a ${document.type}`);
    return document.reason?.code === undefined ? document.status : `${document.status} ${document.reason.code}`;
  }

  /** Everything that was told, in order. */
  told(): IsoDocument[] {
    const documents: IsoDocument[] = [];
    for (let after = ""; ; ) {
      const { cursor, messages } = this.operator.since(after);
      if (messages.length === 0) return documents;
      documents.push(...messages.map((message) => parseMessage(message).document));
      after = cursor;
    }
  }

  balance(lei: string, currency = "CNY"): bigint {
    return this.operator.books.balance({ lei, currency });
  }

  #open(): Operator {
    return new Operator(this.file, parseAccountBook(ACCOUNTS), {
      now: () => this.clock.now(),
      behaviours: () => this.behaviours,
      crash: () => {
        this.crashes++;
        throw new Error("crashed");
      },
      schemas: {
        validate: ({ namespaceUri }) => {
          if (this.mute && namespaceUri.includes("camt.054")) throw new Error("mute");
        },
      },
    });
  }
}

/** Another payment with ids of its own. @param index From 0 to 999,999. */
export function numbered(index: number, changes: Parameters<typeof paymentXml>[0] = {}): string {
  const id = `N-${index}`;
  const uetr = uetrOf(`0x${index.toString(16).padStart(8, "0")}${"00".repeat(28)}`);
  return paymentXml({ id, instructionId: id, uetr, ...changes });
}

/** A payment of any amount between any two of the banks. */
export function randomPayment(index: number, random: SeededRandom): string {
  const [debtor = BANK_A, creditor = BANK_B] = random.shuffled([BANK_A, BANK_B, OPERATOR]);
  return numbered(index, {
    amount: { currency: "CNY", cents: BigInt(random.between(1, 700_000)) },
    debtor: { lei: debtor },
    debtorAccount: { id: debtor, currency: "CNY" },
    creditor: { lei: creditor },
    creditorAccount: { id: creditor, currency: "CNY" },
  });
}
