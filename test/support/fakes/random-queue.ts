import type { QueuedLeg, QueuedObligation, Room } from "../../../src/core/gridlock.ts";
import type { SeededRandom } from "./seeded-random.ts";

export interface RandomQueue {
  queue: QueuedObligation[];
  roomOf: (member: number, currency: string) => Room;
}

const CURRENCIES = ["CNY", "USD"] as const;

/** A queue of up to `longest` obligations among three to five members: a third are conversions; member 1 may be the agent. */
export function randomQueue(random: SeededRandom, longest: number): RandomQueue {
  const members = random.between(3, 5);
  const leg = (currency: string): QueuedLeg => {
    const debtor = random.between(1, members);
    const creditor = 1 + ((debtor + random.below(members - 1)) % members);
    return { debtor, creditor, currency, amount: BigInt(random.between(1, 12)) };
  };
  const queue = Array.from({ length: random.between(1, longest) }, (): QueuedObligation => {
    const [first, second] = random.shuffled(CURRENCIES) as [string, string];
    if (random.below(3) > 0) return [leg(first)];
    const sold = leg(first);
    return [sold, { ...leg(second), debtor: sold.creditor, creditor: 1 + (sold.creditor % members) }];
  });
  const rooms = new Map<string, Room>();
  for (const currency of CURRENCIES) {
    for (let member = 1; member <= members; member++) rooms.set(`${member} ${currency}`, BigInt(random.below(15)));
    if (random.below(5) === 0) rooms.set(`1 ${currency}`, "unbounded");
    if (random.below(8) === 0) rooms.set(`2 ${currency}`, "suspended");
  }
  return { queue, roomOf: (member, currency) => rooms.get(`${member} ${currency}`) ?? 0n };
}
