import { asHuangpuError, HuangpuError } from "../core/errors.ts";
import { Breaker, type BreakerOptions, type Clock } from "./breaker.ts";
import { JsonEndpoint } from "./json-endpoint.ts";
import type { ProviderObserver, ProviderState, ProviderStatus, RequestOutcome } from "./provider-events.ts";
import { redactor } from "./provider-name.ts";

export interface ProviderOptions {
  chain: string;
  chainId: number;
  /** As logs and metrics call it. */
  name: string;
  url: string;
  timeoutMs: number;
  breaker: BreakerOptions;
}

export interface ProviderDependencies {
  clock: Clock;
  observer: ProviderObserver;
}

/** Whether a result has the form that its method promises. */
export type WellFormed = (result: unknown) => boolean;

/** Longer than anybody asks in earnest; a provider that asks for more could just as well not answer. */
const LONGEST_WAIT_MS = 300_000;
const LONGEST_REASON = 200;
/** Characters; logs of a range are the longest, at most 33,000 a message. What has no end must not fill the memory. */
const LONGEST_ANSWER = 100_000_000;

/** One JSON-RPC endpoint of a chain, and what experience with it says. */
export class Provider {
  readonly name: string;
  readonly #options: ProviderOptions;
  readonly #dependencies: ProviderDependencies;
  readonly #endpoint: JsonEndpoint;
  readonly #breaker: Breaker;
  readonly #redact: (text: string) => string;
  #requests = 0;
  #chainId: number | undefined;
  #head: number | undefined;
  #lagging = false;
  #limitedUntil = 0;
  #told: ProviderState = "up";

  constructor(options: ProviderOptions, dependencies: ProviderDependencies) {
    this.name = options.name;
    this.#options = options;
    this.#dependencies = dependencies;
    this.#endpoint = new JsonEndpoint(options.url, options.timeoutMs, LONGEST_ANSWER);
    this.#breaker = new Breaker(options.breaker, dependencies.clock);
    this.#redact = redactor(options.url);
  }

  get state(): ProviderState {
    if (this.#chainId !== undefined && this.#chainId !== this.#options.chainId) return "wrongChain";
    if (this.limited) return "rateLimited";
    if (this.#breaker.open) return "down";
    return this.#lagging ? "lagging" : "up";
  }

  get status(): ProviderStatus {
    return { provider: this.name, state: this.state, head: this.#head };
  }

  /** Its newest block when it was last asked. */
  get head(): number | undefined {
    return this.#head;
  }

  set lagging(lagging: boolean) {
    this.#lagging = lagging;
    this.#tell();
  }

  /** Whether it must not be asked before the time that it told. */
  get limited(): boolean {
    return this.#dependencies.clock.now() < this.#limitedUntil;
  }

  get limitedForMs(): number {
    return Math.max(0, this.#limitedUntil - this.#dependencies.clock.now());
  }

  /** Whether it may be asked: its breaker lets a request through, and it does not want to be left alone. */
  get admits(): boolean {
    return this.#breaker.admits && !this.limited;
  }

  /** Whether it is known to serve this chain since it last failed. */
  get verified(): boolean {
    return this.#chainId === this.#options.chainId;
  }

  /**
   * @throws HuangpuError RPC_REJECTED when it answered with an error (`fields.data` has what a call reverted with),
   * RPC_RATE_LIMITED, or RPC_UNAVAILABLE when it did not answer properly.
   */
  async request(method: string, params: readonly unknown[], wellFormed: WellFormed): Promise<unknown> {
    const { clock, observer } = this.#dependencies;
    const began = clock.now();
    let outcome: RequestOutcome = "failed";
    let reason: HuangpuError | undefined;
    this.#breaker.begin();
    try {
      const result = await this.#ask(method, params, wellFormed);
      outcome = "answered";
      return result;
    } catch (caught) {
      reason = asHuangpuError(caught);
      if (reason.code === "RPC_REJECTED") outcome = "refused";
      if (reason.code === "RPC_RATE_LIMITED") outcome = "rateLimited";
      throw reason;
    } finally {
      this.#learn(method, outcome, reason);
      observer({
        type: "asked",
        chain: this.#options.chain,
        provider: this.name,
        outcome,
        seconds: (clock.now() - began) / 1_000,
      });
      this.#tell(reason);
    }
  }

  close(): void {
    this.#endpoint.close();
  }

  #learn(method: string, outcome: RequestOutcome, reason: HuangpuError | undefined): void {
    if (outcome === "answered" || outcome === "refused") {
      // What serves the chain need not serve what it is asked for: that shows in the request after this one.
      if (method === "eth_chainId") this.#breaker.release();
      else this.#breaker.succeed();
      return;
    }
    // Whoever comes back after an outage may be somebody else.
    if (outcome === "failed" && this.#chainId === this.#options.chainId) this.#chainId = undefined;
    const wait = reason?.fields["retryAfterMs"];
    if (typeof wait === "number") this.#limitedUntil = this.#dependencies.clock.now() + Math.min(wait, LONGEST_WAIT_MS);
    this.#breaker.fail();
  }

  #tell(reason?: HuangpuError): void {
    const { state } = this;
    if (state === this.#told) return;
    const { chain } = this.#options;
    const from = this.#told;
    this.#told = state;
    const event = { type: "providerChanged", chain, provider: this.name, from, to: state } as const;
    this.#dependencies.observer({ ...event, head: this.#head, reason });
  }

  async #ask(method: string, params: readonly unknown[], wellFormed: WellFormed): Promise<unknown> {
    const { chain } = this.#options;
    const fields = { chain, provider: this.name, method };
    const { status, answer } = await this.#post(method, params).catch((cause: unknown) => {
      if (cause instanceof HuangpuError) {
        throw new HuangpuError(cause.code, `The ${chain} node ${this.name} wants to be asked less often`, {
          fields: { ...fields, ...cause.fields },
        });
      }
      throw this.#unavailable(fields, `did not answer ${method}`, cause);
    });
    if ("error" in answer) {
      const { code, data } = answer.error;
      const reason = this.#redact(String(answer.error.message)).slice(0, LONGEST_REASON);
      throw new HuangpuError("RPC_REJECTED", `The ${chain} node refused ${method}: ${reason}`, {
        fields: { ...fields, reason, rpcCode: code, httpStatus: status, data: revertData(data) },
      });
    }
    if (!wellFormed(answer.result)) throw this.#unavailable(fields, `answered ${method} with what is no answer to it`);
    if (method === "eth_chainId") this.#chainId = Number(answer.result);
    if (method === "eth_blockNumber") this.#head = Number(answer.result);
    return answer.result;
  }

  #unavailable(fields: Record<string, unknown>, what: string, cause?: unknown): HuangpuError {
    const said = cause instanceof Error ? this.#redact(cause.message).slice(0, LONGEST_REASON) : undefined;
    return new HuangpuError("RPC_UNAVAILABLE", `The ${this.#options.chain} node ${what}`, {
      fields: said === undefined ? fields : { ...fields, said },
      cause,
    });
  }

  async #post(method: string, params: readonly unknown[]): Promise<{ status: number; answer: RpcAnswer }> {
    const id = ++this.#requests;
    const { status, body } = await this.#endpoint.post({ jsonrpc: "2.0", id, method, params });
    if (isAnswer(body, id)) return { status, answer: body };
    throw new Error(`HTTP ${status} with ${JSON.stringify(body).slice(0, LONGEST_REASON)}`);
  }
}

type RpcAnswer = { result: unknown } | { error: { code?: unknown; message: unknown; data?: unknown } };

/** Some nodes send an error with an HTTP status of its own, so that says nothing beside what is in the body. */
function isAnswer(answer: unknown, id: number): answer is RpcAnswer {
  if (typeof answer !== "object" || answer === null || !("id" in answer) || answer.id !== id) return false;
  if ("error" in answer) {
    return typeof answer.error === "object" && answer.error !== null && "message" in answer.error;
  }
  return "result" in answer;
}

/** What a call reverted with, wherever a node puts it. */
function revertData(data: unknown): string | undefined {
  if (typeof data === "string") return data;
  if (typeof data === "object" && data !== null && "data" in data) return revertData(data.data);
  return undefined;
}
