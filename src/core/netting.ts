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

/** So many halves of 32 bits sum to at most 2^53, up to which a double is exact. */
const MAX_LEGS = 2 ** 21;
const HALF = 32n;

/**
 * Multilateral net positions, by currency and member. Members whose legs cancel out are among them, with zero.
 * @throws RangeError when the columns differ in length or have more than 2,097,152 legs.
 */
export function netPositions(legs: Legs): NetPosition[] {
  const gross = grossAmounts(legs);
  const { members, currencies, low, high } = gross;
  const positions: NetPosition[] = [];
  for (let currency = 0; currency < currencies; currency++) {
    for (let member = 0; member < members; member++) {
      let [netLow, netHigh, turnover] = [0, 0, 0];
      for (let other = 0; other < members; other++) {
        const received = keyOf(gross, currency, other, member);
        const paid = keyOf(gross, currency, member, other);
        netLow += (low[received] as number) - (low[paid] as number);
        netHigh += (high[received] as number) - (high[paid] as number);
        turnover += turnoverOf(gross, received, paid);
      }
      if (turnover > 0) positions.push({ currency, member, net: join(netLow, netHigh) });
    }
  }
  return positions;
}

/**
 * Bilateral nets of every pair that owes each other anything, by currency and members: what a member's multilateral position
 * is made of. Over all pairs of a member they sum to its {@link netPositions}.
 * @throws RangeError as {@link netPositions} does.
 */
export function bilateralNets(legs: Legs): BilateralNet[] {
  const gross = grossAmounts(legs);
  const { members, currencies, low, high } = gross;
  const nets: BilateralNet[] = [];
  for (let currency = 0; currency < currencies; currency++) {
    for (let first = 0; first < members; first++) {
      for (let second = first + 1; second < members; second++) {
        const received = keyOf(gross, currency, second, first);
        const paid = keyOf(gross, currency, first, second);
        if (turnoverOf(gross, received, paid) === 0) continue;
        const netLow = (low[received] as number) - (low[paid] as number);
        const netHigh = (high[received] as number) - (high[paid] as number);
        nets.push({ currency, first, second, net: join(netLow, netHigh) });
      }
    }
  }
  return nets;
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

/** What each member owes each other in each currency: sums of the low and of the high halves of 64-bit amounts. */
interface GrossAmounts {
  readonly members: number;
  readonly currencies: number;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

function grossAmounts(legs: Legs): GrossAmounts {
  const { members, currencies } = extentOf(legs);
  const low = new Float64Array(members * members * currencies);
  const high = new Float64Array(low.length);
  const { debtor, creditor, currency, amount } = legs;
  // Low and high half of each amount in turn; the machines that run this are little-endian.
  const halves = new Uint32Array(amount.buffer, amount.byteOffset, 2 * amount.length);
  for (let leg = 0; leg < debtor.length; leg++) {
    const payer = (currency[leg] as number) * members + (debtor[leg] as number);
    const key = payer * members + (creditor[leg] as number);
    low[key] = (low[key] as number) + (halves[2 * leg] as number);
    high[key] = (high[key] as number) + (halves[2 * leg + 1] as number);
  }
  return { members, currencies, low, high };
}

/** Above all numbers that are used, and at most twice the highest. */
function extentOf({ debtor, creditor, currency, amount }: Legs): { members: number; currencies: number } {
  const length = debtor.length;
  if (creditor.length !== length || currency.length !== length || amount.length !== length) {
    throw new RangeError("The columns of the legs differ in length");
  }
  if (length > MAX_LEGS) throw new RangeError(`At most ${MAX_LEGS} legs are netted at once, and these are ${length}`);
  let members = 0;
  let currencies = 0;
  for (let leg = 0; leg < length; leg++) {
    members |= (debtor[leg] as number) | (creditor[leg] as number);
    currencies |= currency[leg] as number;
  }
  return { members: members + 1, currencies: currencies + 1 };
}

function keyOf({ members }: GrossAmounts, currency: number, debtor: number, creditor: number): number {
  return (currency * members + debtor) * members + creditor;
}

function turnoverOf({ low, high }: GrossAmounts, received: number, paid: number): number {
  const sum = (low[received] as number) + (high[received] as number);
  return sum + (low[paid] as number) + (high[paid] as number);
}

function join(low: number, high: number): bigint {
  return (BigInt(high) << HALF) + BigInt(low);
}
