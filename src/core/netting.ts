/**
 * What members owe each other, a column for each field, so that a million legs are one pass over flat memory. Leg `i`: member
 * `debtor[i]` owes `amount[i]` millionths of currency number `currency[i]` to member `creditor[i]`.
 */
export interface Legs {
  /** Numbers of members, from 1. */
  readonly debtor: Uint8Array;
  readonly creditor: Uint8Array;
  /** Numbers of currencies, from 0. */
  readonly currency: Uint8Array;
  readonly amount: BigUint64Array;
}

/** What a member receives (positive) or pays (negative) over all legs, in millionths. */
export interface NetPosition {
  readonly currency: number;
  readonly member: number;
  readonly net: bigint;
}

/** What the second member owes the first, in millionths; negative: the first owes the second. `first < second`. */
export interface BilateralNet {
  readonly currency: number;
  readonly first: number;
  readonly second: number;
  readonly net: bigint;
}

/** Sums of halves of 32 bits stay exact in a double for so many legs. */
const MAX_LEGS = 2 ** 21;
const HALF = 32n;

/**
 * Multilateral net positions, by currency and member. Members whose legs cancel out are among them, with zero.
 * @throws RangeError when the columns differ in length or have more than 2,097,152 legs.
 */
export function netPositions(legs: Legs): NetPosition[] {
  const { members, currencies } = extent(legs);
  const net = new Sums(members * currencies);
  const present = new Uint8Array(members * currencies);
  const halves = halvesOf(legs.amount);
  const { debtor, creditor, currency } = legs;
  for (let leg = 0; leg < debtor.length; leg++) {
    const base = (currency[leg] as number) * members;
    const payer = base + (debtor[leg] as number);
    const payee = base + (creditor[leg] as number);
    const low = halves[2 * leg] as number;
    const high = halves[2 * leg + 1] as number;
    net.add(payer, -low, -high);
    net.add(payee, low, high);
    present[payer] = 1;
    present[payee] = 1;
  }
  return [...present.keys()]
    .filter((key) => present[key] === 1)
    .map((key) => ({ currency: Math.floor(key / members), member: key % members, net: net.at(key) }));
}

/**
 * Bilateral nets of every pair that owes each other anything, by currency and members: what a member's multilateral position
 * is made of. Over all pairs of a member they sum to its {@link netPositions}.
 * @throws RangeError as {@link netPositions} does.
 */
export function bilateralNets(legs: Legs): BilateralNet[] {
  const { members, currencies } = extent(legs);
  const gross = new Sums(members * members * currencies);
  const present = new Uint8Array(members * members * currencies);
  const halves = halvesOf(legs.amount);
  const { debtor, creditor, currency } = legs;
  for (let leg = 0; leg < debtor.length; leg++) {
    const payer = debtor[leg] as number;
    const payee = creditor[leg] as number;
    const forward = payer > payee;
    const pair = forward ? payee * members + payer : payer * members + payee;
    const key = (currency[leg] as number) * members * members + pair;
    const low = halves[2 * leg] as number;
    const high = halves[2 * leg + 1] as number;
    gross.add(key, forward ? low : -low, forward ? high : -high);
    if (payer !== payee) present[key] = 1;
  }
  return [...present.keys()]
    .filter((key) => present[key] === 1)
    .map((key) => ({
      currency: Math.floor(key / (members * members)),
      first: Math.floor(key / members) % members,
      second: key % members,
      net: gross.at(key),
    }));
}

/** Positions as the sums of their bilateral nets; the same as {@link netPositions} of the same legs. */
export function sumOfBilaterals(nets: readonly BilateralNet[]): NetPosition[] {
  const sums = new Map<number, NetPosition>();
  const add = (currency: number, member: number, amount: bigint) => {
    const key = currency * 256 + member;
    sums.set(key, { currency, member, net: (sums.get(key)?.net ?? 0n) + amount });
  };
  for (const { currency, first, second, net } of nets) {
    add(currency, first, net);
    add(currency, second, -net);
  }
  return [...sums.entries()].sort(([a], [b]) => a - b).map(([, position]) => position);
}

/** Exact sums of 64-bit amounts: the low and the high half of each, summed apart. */
class Sums {
  readonly #low: Float64Array;
  readonly #high: Float64Array;

  constructor(length: number) {
    this.#low = new Float64Array(length);
    this.#high = new Float64Array(length);
  }

  add(key: number, low: number, high: number): void {
    this.#low[key] = (this.#low[key] as number) + low;
    this.#high[key] = (this.#high[key] as number) + high;
  }

  at(key: number): bigint {
    return (BigInt(this.#high[key] as number) << HALF) + BigInt(this.#low[key] as number);
  }
}

/** Low and high half of each amount in turn; the machines that run this are little-endian. */
function halvesOf(amounts: BigUint64Array): Uint32Array {
  return new Uint32Array(amounts.buffer, amounts.byteOffset, 2 * amounts.length);
}

function extent({ debtor, creditor, currency, amount }: Legs): { members: number; currencies: number } {
  const length = debtor.length;
  if (creditor.length !== length || currency.length !== length || amount.length !== length) {
    throw new RangeError("The columns of the legs differ in length");
  }
  if (length > MAX_LEGS) throw new RangeError(`At most ${MAX_LEGS} legs are netted at once, and these are ${length}`);
  return { members: Math.max(highest(debtor), highest(creditor)) + 1, currencies: highest(currency) + 1 };
}

function highest(numbers: Uint8Array): number {
  let most = 0;
  for (const number of numbers) if (number > most) most = number;
  return most;
}
