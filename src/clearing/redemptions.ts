import { Interface } from "ethers/abi";
import { formatAmount } from "../core/amount.ts";
import type { Hex } from "../core/hex.ts";
import type { ClearingHouse } from "./clearing-house.ts";
import type { ClearingObserver } from "./events.ts";
import { textTable } from "./text-table.ts";

const redemptionsAbi = new Interface([
  "function redemptionCount() view returns (uint256)",
  "function overdueRedemptions(uint256 firstId, uint256 limit) view returns (uint256[] ids, uint256 nextId)",
  "function redemption(uint256 id) view returns (tuple(address holder, uint40 requestedAt, uint40 deadline, uint8 state, uint128 amount))",
]);

/** Requests that one call looks at. */
const PAGE = 500n;

export interface OverdueRedemption {
  currency: string;
  coin: Hex;
  id: bigint;
  holder: Hex;
  /** Unix seconds at which it became overdue. */
  deadline: number;
  /** In the coin's smallest unit. */
  amount: bigint;
}

/** The redemptions of all listed coins that their issuers have not paid in time, at a block. */
export async function overdueRedemptions(house: ClearingHouse, block?: number): Promise<OverdueRedemption[]> {
  const found: OverdueRedemption[] = [];
  for (const currency of await house.currencies(block)) {
    const coin = await house.coinOf(currency, block);
    const view = async (name: string, args: unknown[]) => {
      const data = await house.chain.call(coin, redemptionsAbi.encodeFunctionData(name, args) as Hex, block);
      return redemptionsAbi.decodeFunctionResult(name, data);
    };
    const [count] = (await view("redemptionCount", [])) as unknown as [bigint];
    for (let first = 1n; first <= count; first += PAGE) {
      const [ids] = (await view("overdueRedemptions", [first, PAGE])) as unknown as [bigint[]];
      for (const id of ids) {
        const [{ holder, deadline, amount }] = (await view("redemption", [id])) as unknown as [
          { holder: Hex; deadline: bigint; amount: bigint },
        ];
        found.push({ currency, coin, id, holder, deadline: Number(deadline), amount });
      }
    }
  }
  return found;
}

/** At most 80 columns. */
export function showRedemptions(overdue: readonly OverdueRedemption[]): string {
  if (overdue.length === 0) return "No redemption is overdue.\n";
  const rows = overdue.map(({ currency, id, holder, deadline, amount }) => [
    currency,
    String(id),
    holder.slice(0, 14),
    new Date(deadline * 1_000).toISOString().slice(0, 16),
    formatAmount(amount, 6),
  ]);
  const columns = [
    { heading: "Ccy" },
    { heading: "Id" },
    { heading: "Holder" },
    { heading: "Overdue since (UTC)" },
    { heading: "Amount", align: "right" as const },
  ];
  return `${textTable(columns, rows)}\n`;
}

export interface RedemptionWatchOptions {
  redemptionsMs: number;
}

export interface RedemptionWatchDependencies {
  observer: ClearingObserver;
  now: () => number;
}

/** Looks for overdue redemptions now and then, and tells when their number in a currency changes. */
export class RedemptionWatch {
  readonly #options: RedemptionWatchOptions;
  readonly #dependencies: RedemptionWatchDependencies;
  readonly #told = new Map<string, number>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(options: RedemptionWatchOptions, dependencies: RedemptionWatchDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  async look(house: ClearingHouse, block: number): Promise<void> {
    const { now, observer } = this.#dependencies;
    if (now() - this.#lookedAt < this.#options.redemptionsMs) return;
    const overdue = Map.groupBy(await overdueRedemptions(house, block), ({ currency }) => currency);
    for (const currency of new Set([...overdue.keys(), ...this.#told.keys()])) {
      const found = overdue.get(currency) ?? [];
      if (this.#told.get(currency) === found.length) continue;
      this.#told.set(currency, found.length);
      const amount = found.reduce((sum, each) => sum + each.amount, 0n);
      observer({ type: "redemptionsOverdue", currency, count: found.length, amount });
    }
    this.#lookedAt = now();
  }
}
