import { setTimeout as sleep } from "node:timers/promises";
import { asHuangpuError, HuangpuError } from "../core/errors.ts";
import { BREAKER_DEFAULTS, type BreakerOptions, type Clock, systemClock } from "./breaker.ts";
import { Provider } from "./provider.ts";
import type { ProviderObserver } from "./provider-events.ts";
import { providerNames } from "./provider-name.ts";
import { QUANTITY, type RpcForm } from "./rpc-forms.ts";

export interface ProvidersOptions {
  name: string;
  chainId: number;
  rpcUrls: readonly string[];
  timeoutMs: number;
  /** Blocks behind the others from which on a provider is asked only when there is no better one. */
  maxLagBlocks?: number;
  breaker?: BreakerOptions;
}

export interface ProvidersDependencies {
  clock?: Clock;
  observer?: ProviderObserver;
}

/** How long others are preferred to a provider that has disappointed, in milliseconds. */
const PASSED_OVER_MS = 30_000;
const MAX_LAG_BLOCKS = 8;
const MOST_AGREED = 16;

/**
 * The endpoints of one chain. Each request goes to the one with the best standing, and on to the next one when that cannot
 * answer. Standing: not lagging before lagging; never or long ago a disappointment before lately; then the order of the
 * configuration. With a single endpoint nothing is chosen, withheld or asked in addition.
 */
export class Providers {
  readonly single: boolean;
  readonly #options: ProvidersOptions;
  readonly #clock: Clock;
  readonly #observer: ProviderObserver;
  readonly #providers: readonly Provider[];
  readonly #passedOver = new Map<Provider, number>();
  readonly #closed = new AbortController();
  #asked: Provider | undefined;
  readonly #agreed = new Map<string, readonly Provider[]>();
  /** The greatest height that more than one provider had. */
  agreedHeight = -1;

  constructor(
    options: ProvidersOptions,
    { clock = systemClock, observer = () => undefined }: ProvidersDependencies = {},
  ) {
    const { name: chain, chainId, rpcUrls, timeoutMs, breaker = BREAKER_DEFAULTS } = options;
    const names = providerNames(rpcUrls);
    this.#options = options;
    this.#clock = clock;
    this.#observer = observer;
    this.single = rpcUrls.length === 1;
    this.#providers = rpcUrls.map(
      (url, index) =>
        new Provider({ chain, chainId, name: names[index] ?? "", url, timeoutMs, breaker }, { clock, observer }),
    );
  }

  /** The newest block that they tell of; from three on the second newest. Undefined while none is known to serve the chain. */
  get head(): number | undefined {
    const heads = this.#providers.flatMap(({ verified, head }) => (verified && head !== undefined ? [head] : []));
    return heads.length === 0 ? undefined : best(heads);
  }

  /** Those that may be asked now, the best first. */
  ranked(): Provider[] {
    const now = this.#clock.now();
    const disappointed = (provider: Provider) => {
      const until = this.#passedOver.get(provider) ?? 0;
      return until > now ? until : 0;
    };
    if (this.single) return this.#providers.filter(({ limited }) => !limited);
    return this.#providers
      .filter((provider) => provider.admits && provider.state !== "wrongChain")
      .sort((a, b) => rank(a) - rank(b) || disappointed(a) - disappointed(b));
  }

  /** The best one, for a unit of work that must see one chain. @throws HuangpuError as {@link request}. */
  best(): Provider {
    const [best] = this.ranked();
    if (best === undefined) throw this.#nobody();
    this.#asked = best;
    return best;
  }

  /**
   * Those whose word counts beside another one's: all that are up. A disappointment takes away nobody's word, or the failure
   * of a round could leave the next one alone with a liar.
   */
  witnesses(beside: Provider): Provider[] {
    return this.ranked().filter((provider) => provider !== beside && provider.state === "up");
  }

  /**
   * Asks until one answers. A JSON-RPC error is an answer, unless it speaks of what another node may have.
   * @throws HuangpuError RPC_REJECTED, RPC_UNAVAILABLE, RPC_RATE_LIMITED or RPC_WRONG_CHAIN: when no one does better.
   */
  async request(method: string, params: readonly unknown[], form: RpcForm): Promise<unknown> {
    let absent: { result: unknown } | undefined;
    let failure: HuangpuError | undefined;
    for (const provider of this.ranked()) {
      this.#asked = provider;
      try {
        const result = await this.ask(provider, method, params, form);
        if (this.single || form.isAbsent?.(result) !== true) return result;
        absent ??= { result };
      } catch (caught) {
        const error = asHuangpuError(caught);
        if (error.code === "RPC_REJECTED" && !mayBeElsewhere(error)) throw error;
        if (failure?.code !== "RPC_REJECTED") failure = error;
      }
    }
    if (absent !== undefined) return absent.result;
    throw failure ?? this.#nobody();
  }

  /** Asks a certain one, that it serves the chain first if that is not known. */
  async ask(provider: Provider, method: string, params: readonly unknown[], form: RpcForm): Promise<unknown> {
    try {
      if (!this.single && !provider.verified && method !== "eth_chainId") {
        await provider.request("eth_chainId", [], QUANTITY.isWellFormed);
        this.#assertRightChain(provider);
      }
      const result = await provider.request(method, params, form.isWellFormed);
      if (!this.single) this.#assertRightChain(provider);
      return result;
    } catch (caught) {
      const error = asHuangpuError(caught);
      if (error.code !== "RPC_REJECTED" || mayBeElsewhere(error)) this.#passOver(provider);
      throw error;
    }
  }

  /** Prefers others for a while to the provider that was asked last, because what came of it was no good. */
  passOver(): void {
    if (this.#asked !== undefined) this.#passOver(this.#asked);
  }

  /** Asks all for their chain and their height, those that are down when it is time for a trial. */
  async survey(): Promise<void> {
    const asked = this.#providers.filter(({ admits }) => admits);
    await Promise.allSettled(asked.map(look));
    const heads = asked.filter(({ verified }) => verified).map(({ head }) => head ?? 0);
    const reference = best(heads);
    for (const provider of asked) {
      if (!provider.verified) continue;
      provider.lagging =
        !this.single && reference - (provider.head ?? 0) > (this.#options.maxLagBlocks ?? MAX_LAG_BLOCKS);
    }
    const providers = this.#providers.map(({ status }) => status);
    this.#observer({ type: "surveyed", chain: this.#options.name, providers });
  }

  /** Surveys at intervals, spread by a tenth, until closed. */
  async watch(intervalMs: number): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      await this.survey();
      const delay = intervalMs * (0.9 + 0.2 * this.#clock.random());
      await sleep(delay, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Who else has said that a block has this hash; of the last blocks that were compared. */
  agreedBy(number: number, hash: string, beside: Provider): Provider[] {
    return (this.#agreed.get(`${number} ${hash}`) ?? []).filter((provider) => provider !== beside);
  }

  agree(number: number, hash: string, by: readonly Provider[]): void {
    this.#agreed.set(`${number} ${hash}`, by);
    const [oldest] = this.#agreed.keys();
    if (this.#agreed.size > MOST_AGREED && oldest !== undefined) this.#agreed.delete(oldest);
  }

  /** Tells that providers contradict one another. */
  disagree(subject: string, answers: Readonly<Record<string, string>>): HuangpuError {
    const { name: chain } = this.#options;
    this.#observer({ type: "disagreed", chain, subject, answers });
    return new HuangpuError("RPC_DISAGREEMENT", `The ${chain} nodes disagree about ${subject}: one of them is wrong`, {
      fields: { chain, subject, answers },
    });
  }

  close(): void {
    this.#closed.abort();
    for (const provider of this.#providers) provider.close();
  }

  #passOver(provider: Provider): void {
    this.#passedOver.set(provider, this.#clock.now() + PASSED_OVER_MS);
  }

  #assertRightChain({ state, name: provider }: Provider): void {
    if (state === "wrongChain") throw this.#wrongChain({ provider });
  }

  #nobody(): HuangpuError {
    const { name: chain } = this.#options;
    const states = Object.fromEntries(this.#providers.map(({ name, state }) => [name, state]));
    const all = (state: string) => Object.values(states).every((each) => each === state);
    if (all("wrongChain")) return this.#wrongChain({ states });
    if (all("rateLimited")) {
      const waits = this.#providers.map(({ limitedForMs }) => limitedForMs);
      return new HuangpuError("RPC_RATE_LIMITED", `Every ${chain} node wants to be asked less often`, {
        fields: { chain, retryAfterMs: Math.min(...waits) },
      });
    }
    return new HuangpuError("RPC_UNAVAILABLE", `No ${chain} node may be asked now`, { fields: { chain, states } });
  }

  #wrongChain(fields: Record<string, unknown>): HuangpuError {
    const { name: chain, chainId } = this.#options;
    return new HuangpuError("RPC_WRONG_CHAIN", `The ${chain} endpoint serves another chain than ${chainId}`, {
      fields: { chain, expected: chainId, ...fields },
    });
  }
}

const rank = ({ state }: Provider): number => (state === "lagging" ? 1 : 0);

async function look(provider: Provider): Promise<void> {
  await provider.request("eth_chainId", [], QUANTITY.isWellFormed);
  await provider.request("eth_blockNumber", [], QUANTITY.isWellFormed);
}

/** The height to compare with. From three on the second highest, so that one that invents blocks makes no one look late. */
function best(heads: readonly number[]): number {
  const [first = 0, second = 0, third] = heads.toSorted((a, b) => b - a);
  return third === undefined ? first : second;
}

/** "Resource not found", "resource unavailable", "method not found", "limit exceeded" (EIP-1474), "pruned history". */
const ELSEWHERE_CODES: ReadonlySet<unknown> = new Set([-32_001, -32_002, -32_005, -32_601, 4_444]);
const ELSEWHERE =
  /(?:header|block) not found|unknown block|missing trie node|pruned|(?:world |historical )?state .*(?:un|not )available|limit exceeded/i;

/** Whether an error tells of this node only. What a contract said is no such thing, however it reads. */
function mayBeElsewhere({ fields }: HuangpuError): boolean {
  if (fields["data"] !== undefined) return false;
  return (
    ELSEWHERE_CODES.has(fields["rpcCode"]) ||
    Number(fields["httpStatus"]) >= 500 ||
    ELSEWHERE.test(String(fields["reason"]))
  );
}
