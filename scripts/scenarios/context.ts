import type { JsonRpcProvider, TransactionRequest } from "ethers";
import { Wallet } from "ethers/wallet";
import type { FinanceContracts, TradeContracts } from "../../deploy/contracts.ts";
import { financeContracts, tradeContracts } from "../../deploy/contracts.ts";
import type { Deployment } from "../../deploy/deployment.ts";
import { type DevelopmentAccount, developmentWallet } from "../../src/config/development.ts";
import type { Timeline } from "../terminal/timeline.ts";

/** Two running chains with everything deployed, a central ledger, and somebody to tell. */
export interface ScenarioContext {
  deployment: Deployment;
  trade: JsonRpcProvider;
  finance: JsonRpcProvider;
  /** Where members reach the central ledger, and where whoever runs it says how it behaves. */
  centralLedger: { url: string; adminUrl: string };
  timeline: Timeline;
  /** Where the scenario's documents are written. */
  directory: string;
}

/** What every scenario's data begins with; `--json` writes all of it. Amounts are decimal strings in the currency's unit. */
export interface ScenarioResult {
  scenario: string;
  /** Whether everything ended as it must. */
  ok: boolean;
}

/** How a scenario went: as data, and as what is printed below the timeline. */
export interface Played<R extends ScenarioResult = ScenarioResult> {
  result: R;
  report: string;
}

/** Asks for half as much gas again as it is told: what a call takes can change from one second to the next. */
class Actor extends Wallet {
  override async estimateGas(request: TransactionRequest): Promise<bigint> {
    const gas = await super.estimateGas(request);
    return gas + gas / 2n;
  }
}

export function actor(account: DevelopmentAccount, provider: JsonRpcProvider): Wallet {
  return new Actor(developmentWallet(account).privateKey, provider);
}

/** The finance chain's contracts as somebody calls them. */
export function financeAs({ deployment, finance }: ScenarioContext, account: DevelopmentAccount): FinanceContracts {
  return financeContracts(deployment.finance, actor(account, finance));
}

/** The trade chain's contracts as somebody calls them. */
export function tradeAs({ deployment, trade }: ScenarioContext, account: DevelopmentAccount): TradeContracts {
  return tradeContracts(deployment.trade, actor(account, trade));
}

/** Unix seconds of a chain, whose clock a scenario may have put forward. */
export async function timeOf(provider: JsonRpcProvider): Promise<number> {
  const block = await provider.getBlock("latest");
  return Math.max(block?.timestamp ?? 0, Math.floor(Date.now() / 1_000));
}

/** Asks until there is an answer. @throws Error when there is none in time. */
export async function until<T>(what: string, look: () => Promise<T | undefined>, seconds = 60): Promise<T> {
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${seconds} seconds in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
