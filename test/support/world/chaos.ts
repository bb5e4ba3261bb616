import { setTimeout as sleep } from "node:timers/promises";
import type { SeededRandom } from "../fakes/seeded-random.ts";
import type { Answer, Mischief, RpcCall } from "./proxy.ts";

interface Context {
  call: RpcCall;
  /** Carries out the call, or another one. */
  forward: (other?: RpcCall) => Promise<unknown>;
  random: SeededRandom;
  /** What was answered to this method before. */
  previous: unknown;
}

interface Fault {
  name: string;
  /** All, when none are named. */
  methods?: readonly string[];
  act: (context: Context) => Promise<Answer | undefined> | Answer | undefined;
}

const LONGEST_DELAY_MS = 300;
const LONGEST_STORM_MS = 1_500;
/** One call in so many begins a storm, in which an endpoint answers nothing. */
const STORM_ODDS = 400;
/** Methods that matter most and are asked for least: they go wrong four times as often. */
const SELDOM_ASKED = new Set(["eth_sendRawTransaction", "eth_getProof", "eth_getLogs", "eth_getTransactionCount"]);

const failures: readonly Fault[] = [
  { name: "answers late", act: async ({ random }) => void (await sleep(random.below(LONGEST_DELAY_MS))) },
  { name: "is cut off before the call", act: () => "drop" },
  { name: "is cut off after the call", act: async ({ forward }) => await instead(forward, "drop") },
  { name: "is cut off in the answer", act: () => "truncate" },
  { name: "never answers", act: () => "hang" },
  { name: "carries a call out twice", act: async ({ forward }) => void (await forward()) },
  { name: "has too many requests", act: () => ({ status: 429, text: '{"error":"Too many requests"}' }) },
  { name: "fails", act: () => ({ status: 500, text: "Internal server error" }) },
  {
    name: "fails after the call",
    act: async ({ forward }) => await instead(forward, { status: 500, text: '{"error":"Internal server error"}' }),
  },
  { name: "answers a page", act: () => ({ status: 200, text: "<html><body>Maintenance</body></html>" }) },
];

const lies: readonly Fault[] = [
  { name: "gives the answer before", act: ({ previous }) => (previous === undefined ? "drop" : { result: previous }) },
  { name: "gives nothing", act: () => ({ result: null }) },
  {
    name: "refuses what it has accepted",
    methods: ["eth_sendRawTransaction"],
    act: async ({ forward }) => await instead(forward, { error: { code: -32_000, message: "internal error" } }),
  },
  {
    name: "accepts what it throws away",
    methods: ["eth_sendRawTransaction"],
    act: ({ random }) => ({ result: random.hex(32) }),
  },
  {
    name: "says that a call reverts",
    methods: ["eth_call", "eth_estimateGas"],
    act: () => ({ error: { code: 3, message: "execution reverted" } }),
  },
  {
    name: "calls on an older state",
    methods: ["eth_call"],
    act: async ({ call, forward, random }) => ({
      result: await forward({ ...call, params: [call.params[0], await earlier(forward, random)] }),
    }),
  },
  {
    name: "lags",
    methods: ["eth_blockNumber"],
    act: async ({ forward, random }) => ({ result: await earlier(forward, random) }),
  },
  {
    name: "is ahead",
    methods: ["eth_blockNumber", "eth_getTransactionCount"],
    act: async ({ forward, random }) => ({ result: quantity(Number(await forward()) + random.between(1, 5)) }),
  },
  {
    name: "counts transactions of an older state",
    methods: ["eth_getTransactionCount"],
    act: async ({ call, forward, random }) => ({
      result: await forward({ ...call, params: [call.params[0], await earlier(forward, random)] }),
    }),
  },
  {
    name: "gives another block",
    methods: ["eth_getBlockByNumber"],
    act: async ({ call, forward }) => ({
      result: await forward({ ...call, params: [before(call.params[0]), ...call.params.slice(1)] }),
    }),
  },
  {
    name: "alters a header",
    methods: ["eth_getBlockByNumber"],
    act: async ({ forward, random }) => ({
      result: { ...(await object(forward)), stateRoot: random.hex(32), baseFeePerGas: quantity(random.below(10)) },
    }),
  },
  {
    name: "proves an older state",
    methods: ["eth_getProof"],
    act: async ({ call, forward }) => ({
      result: await forward({ ...call, params: [...call.params.slice(0, 2), before(call.params[2])] }),
    }),
  },
  {
    name: "omits a log",
    methods: ["eth_getLogs"],
    act: async ({ forward, random }) => {
      const logs = (await forward()) as unknown[];
      return { result: logs.toSpliced(random.below(logs.length), 1) };
    },
  },
  {
    name: "omits all logs",
    methods: ["eth_getLogs"],
    act: () => ({ result: [] }),
  },
  {
    name: "says that a transaction failed",
    methods: ["eth_getTransactionReceipt"],
    act: async ({ forward }) => ({ result: { ...(await object(forward)), status: "0x0" } }),
  },
  { name: "is another chain", methods: ["eth_chainId"], act: () => ({ result: "0x1" }) },
];

/** What is to happen to a method at an endpoint. */
interface Fate {
  /** Calls that go well until one goes wrong. */
  remaining: number;
  lies: boolean;
  previous: unknown;
}

/**
 * Makes endpoints fail and lie, the same way for the same seed and the same calls in the same order. Faults are dealt like
 * cards: none comes again before all have come.
 */
export class Chaos {
  /** How often each fault was met. */
  readonly met = new Map<string, number>();
  readonly #random: SeededRandom;
  readonly #decks = new Map<string, Fault[]>();

  constructor(random: SeededRandom) {
    this.#random = random;
    for (const { name } of [...failures, ...lies]) this.met.set(name, 0);
  }

  /** For an endpoint of any kind. @param oneIn How many requests there are, on average, for one that goes wrong. */
  failing(oneIn: number): Mischief {
    return this.#mischief(oneIn, () => []);
  }

  /** For an endpoint of JSON-RPC: every other time, the answer is there, but wrong. */
  lying(oneIn: number): Mischief {
    return this.#mischief(oneIn, (method) => lies.filter(({ methods }) => methods?.includes(method) ?? true));
  }

  #mischief(oneIn: number, liesAbout: (method: string) => readonly Fault[]): Mischief {
    const inStorm = this.#storms();
    const fates = new Map<string, Fate>();
    return async (call, forward) => {
      if (inStorm()) return "drop";
      const { method } = call;
      const possible = liesAbout(method);
      const fate = fates.get(method) ?? { remaining: this.#gap(method, oneIn), lies: false, previous: undefined };
      fates.set(method, fate);
      if (fate.remaining-- > 0) {
        if (possible.length === 0) return undefined;
        fate.previous = await forward();
        return fate.previous === undefined ? undefined : { result: fate.previous };
      }
      fate.remaining = this.#gap(method, oneIn);
      fate.lies = !fate.lies && possible.length > 0;
      const fault = fate.lies ? this.#deal(method, possible) : this.#deal("failures", failures);
      this.met.set(fault.name, (this.met.get(fault.name) ?? 0) + 1);
      return await fault.act({ call, forward, random: this.#random, previous: fate.previous });
    };
  }

  #gap(method: string, oneIn: number): number {
    return this.#random.below(2 * (SELDOM_ASKED.has(method) ? oneIn / 4 : oneIn));
  }

  #deal(deck: string, faults: readonly Fault[]): Fault {
    const cards = this.#decks.get(deck) ?? [];
    this.#decks.set(deck, cards);
    if (cards.length === 0) cards.push(...this.#random.shuffled(faults));
    const card = cards.pop();
    if (card === undefined) throw new Error(`There is no fault for ${deck}`);
    return card;
  }

  #storms(): () => boolean {
    let until = 0;
    return () => {
      if (this.#random.below(STORM_ODDS) === 0) until = Date.now() + this.#random.below(LONGEST_STORM_MS);
      return Date.now() < until;
    };
  }
}

/** Carries the call out and gives something else than its answer. */
async function instead(forward: Context["forward"], answer: Answer): Promise<Answer> {
  await forward();
  return answer;
}

async function object(forward: Context["forward"]): Promise<object | null> {
  const result = await forward();
  return typeof result === "object" ? result : null;
}

/** A block that is a little older than the newest. */
async function earlier(forward: Context["forward"], random: SeededRandom): Promise<string> {
  const newest = Number(await forward({ method: "eth_blockNumber", params: [] }));
  return quantity(Math.max(newest - random.between(1, 5), 0));
}

function before(block: unknown): string {
  return quantity(Math.max(Number(block) - 1, 0));
}

function quantity(value: number): string {
  return `0x${value.toString(16)}`;
}
