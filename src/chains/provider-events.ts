import type { HuangpuError } from "../core/errors.ts";

/**
 * What may be expected of a provider. `up`: asked first. `lagging`: blocks behind the others. `rateLimited`: waited for as it
 * told. `down`: failed several times in a row. `wrongChain`: serves another chain, and is not asked.
 */
export type ProviderState = "up" | "lagging" | "rateLimited" | "down" | "wrongChain";

export const PROVIDER_STATES = ["up", "lagging", "rateLimited", "down", "wrongChain"] as const;

/** `refused`: a JSON-RPC error, which is an answer. `failed`: no answer in time, or none that makes sense. */
export type RequestOutcome = "answered" | "refused" | "failed" | "rateLimited";

/** What a chain's providers tell whoever watches them. Providers are named by their host. */
export type ProviderEvent =
  | { type: "asked"; chain: string; provider: string; outcome: RequestOutcome; seconds: number }
  | {
      type: "providerChanged";
      chain: string;
      provider: string;
      from: ProviderState;
      to: ProviderState;
      /** Its newest block, as far as known. */
      head: number | undefined;
      reason: HuangpuError | undefined;
    }
  /** After every survey of all providers of a chain. */
  | { type: "surveyed"; chain: string; providers: readonly ProviderStatus[] }
  /** They contradict one another about what is final. */
  | { type: "disagreed"; chain: string; subject: string; answers: Readonly<Record<string, string>> };

export interface ProviderStatus {
  provider: string;
  state: ProviderState;
  head: number | undefined;
}

export type ProviderObserver = (event: ProviderEvent) => void;
