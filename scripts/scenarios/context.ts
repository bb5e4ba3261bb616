import type { JsonRpcProvider } from "ethers";
import type { HDNodeWallet } from "ethers/wallet";
import type { Deployment } from "../../deploy/deployment.ts";
import { type DevelopmentAccount, developmentWallet } from "../../src/config/development.ts";
import type { Timeline } from "../terminal/timeline.ts";

/** Two running chains with everything deployed, and somebody to tell. */
export interface ScenarioContext {
  deployment: Deployment;
  trade: JsonRpcProvider;
  finance: JsonRpcProvider;
  timeline: Timeline;
  /** Where the scenario's documents are written. */
  directory: string;
}

/** What a scenario ends with; `--json` writes it. Amounts are decimal strings in the currency's unit. */
export interface ScenarioResult {
  scenario: string;
  ok: boolean;
  currency: string;
  amountPaid: string;
  /** The worst over the milestones, from handing in the last document to the money in the seller's account. */
  documentToPaymentSeconds: number;
  /** The same in blocks of the finance chain after the document's block. */
  documentToPaymentBlocks: number;
  /** Gas of every transaction of the trade on both chains, at `gasPrice`, in basis points of the amount. */
  costBps: number;
  gasUsed: string;
  gasPrice: string;
  messages: number;
  proofs: number;
}

export function actor(account: DevelopmentAccount, provider: JsonRpcProvider): HDNodeWallet {
  return developmentWallet(account).connect(provider) as HDNodeWallet;
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
