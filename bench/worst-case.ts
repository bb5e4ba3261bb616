import type { HeaderKind } from "../deploy/parameters.ts";
import type { Hardfork } from "../scripts/local/chains.ts";
import type { BenchLane } from "./lane.ts";
import { type SimulatedLane, withSimulatedLane } from "./simulated-lane.ts";
import { crowdedKeys, randomKeys } from "./simulated-trie.ts";

/** Gas of a header with both proofs, and of one message with everything included. */
export interface ProofGas {
  headerUpdate: number;
  urgent: number;
}

/** By number. What is not varied is as in the other gas figures: a thousand accounts and slots, three of four validators. */
export interface WorstCaseGas {
  /** Accounts on the source chain besides the gateway. */
  accounts: Record<string, ProofGas>;
  /** Trie nodes from the state root to the gateway, each with sixteen children: no path is longer than the last. */
  levels: Record<string, ProofGas>;
  /** Validators, of whom two thirds sign; by attestations, and by the seals in QBFT's headers. */
  validators: Record<string, ProofGas>;
  qbftValidators: Record<string, ProofGas>;
  /** Messages in one delivery; gas of each. */
  batch: Record<string, number>;
}

export type WorstCaseFigures = Record<Hardfork, WorstCaseGas>;

const ACCOUNTS = [10, 100, 1_000, 10_000, 100_000, 1_000_000];
const LEVELS = [8, 16, 64];
const VALIDATORS = [4, 7, 10, 16, 22, 30];
const BATCHES = [1, 2, 3, 5, 10, 20, 40, 70, 100, 250, 500];
const USUAL = { accounts: 1_000, validators: 4 };

/** How the cost of the bridge grows with the source chain's state and with its validators, and falls with the batch. */
export async function measureWorstCase(): Promise<WorstCaseFigures> {
  return { cancun: await measureUnder("cancun"), osaka: await measureUnder("osaka") };
}

async function measureUnder(hardfork: Hardfork): Promise<WorstCaseGas> {
  const usual = { hardfork, headers: "attested", validators: USUAL.validators } as const;
  const byState = await withSimulatedLane(usual, async (simulated) => ({
    accounts: await byAccounts(simulated),
    levels: await byLevels(simulated),
    batch: await byBatch(simulated),
  }));
  const validators = await byValidators(hardfork, "attested");
  const qbftValidators = await byValidators(hardfork, "qbft");
  return { ...byState, validators, qbftValidators };
}

async function byValidators(hardfork: Hardfork, headers: HeaderKind): Promise<Record<string, ProofGas>> {
  const figures: Record<string, ProofGas> = {};
  for (const validators of VALIDATORS) {
    figures[validators] = await withSimulatedLane({ hardfork, headers, validators }, async ({ lane, source }) => {
      source.accounts = randomKeys(USUAL.accounts);
      return await measureProof(lane);
    });
  }
  return figures;
}

async function byAccounts({ lane, source }: SimulatedLane): Promise<Record<string, ProofGas>> {
  const keys = randomKeys(Math.max(...ACCOUNTS));
  const figures: Record<string, ProofGas> = {};
  for (const count of ACCOUNTS) {
    source.accounts = keys.slice(0, count);
    figures[count] = await measureProof(lane);
  }
  return figures;
}

async function byLevels({ lane, source, gatewayKey }: SimulatedLane): Promise<Record<string, ProofGas>> {
  const figures: Record<string, ProofGas> = {};
  for (const levels of LEVELS) {
    source.accounts = crowdedKeys(gatewayKey, levels);
    figures[levels] = await measureProof(lane);
  }
  return figures;
}

async function byBatch({ lane, source }: SimulatedLane): Promise<Record<string, number>> {
  source.accounts = randomKeys(USUAL.accounts);
  const figures: Record<string, number> = {};
  for (const count of BATCHES) {
    for (let index = 0; index < count; index++) lane.nextMessage();
    figures[count] = (await lane.deliver()) / count;
  }
  return figures;
}

async function measureProof(lane: BenchLane): Promise<ProofGas> {
  lane.nextMessage();
  const headerUpdate = await lane.proveHead();
  return { headerUpdate, urgent: await lane.deliver() };
}
