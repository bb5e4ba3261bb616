import type { ProviderEvent, ProviderStatus } from "../chains/provider-events.ts";
import type { ErrorCode } from "../core/errors.ts";
import type { Direction, RelayerEvent } from "../relayer/events.ts";

export interface StatusOptions {
  /** The directions that this process carries; none for an attestor. */
  directions: readonly DirectionPlace[];
  chains: readonly string[];
  maxSilenceMs: number;
  maxStallMs: number;
  maxLagBlocks: number;
  maxPendingAgeMs: number;
}

export interface DirectionPlace {
  name: Direction;
  /** The chain that it reads. */
  source: string;
  /** The chain where its transactions are paid for. */
  destination: string;
  minSignerBalanceWei: bigint;
  /** For how long the source may have no new block; 0 for as long as it likes. */
  maxStandstillMs: number;
}

/** Why a process is not ready, or not alive. Figures in the unit that the name of the limit has in the configuration. */
export interface Reason {
  name:
    | "silent"
    | "halted"
    | "stalled"
    | "laneStopped"
    | "lag"
    | "standstill"
    | "pendingAge"
    | "balance"
    | "noProvider";
  direction?: string;
  chain?: string;
  code?: ErrorCode;
  value?: number | string;
  limit?: number | string;
}

interface DirectionState {
  tickedAt: number;
  progressedAt: number;
  /** The source's newest block so far, and when it was first seen. */
  sourceBlock: number;
  risenAt: number;
  lagBlocks: number | undefined;
  pending: number;
  oldestPendingSince: number | undefined;
  signerBalance: bigint | undefined;
  error: ErrorCode | undefined;
  halted: boolean;
  looked: boolean;
}

/** What a supervisor and a load balancer ask of a process, gathered from what its parts tell. */
export class NodeStatus {
  readonly #options: StatusOptions;
  /** Unix time in milliseconds. */
  readonly #now: () => number;
  readonly #directions = new Map<Direction, DirectionState>();
  readonly #providers = new Map<string, readonly ProviderStatus[]>();

  constructor(options: StatusOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
    for (const { name } of options.directions) this.#directions.set(name, untold(now()));
  }

  readonly relayer = (event: RelayerEvent): void => {
    const state = this.#directions.get(event.direction);
    if (state === undefined) return;
    state.tickedAt = this.#now();
    if (event.type === "delayed" || event.type === "halted") {
      state.error = event.error.code;
      state.halted = event.type === "halted";
      state.looked = false;
      return;
    }
    if (event.type === "alarm") return;
    state.progressedAt = state.tickedAt;
    if (event.type === "looked") look(state, event, this.#now());
  };

  readonly providers = (event: ProviderEvent): void => {
    if (event.type === "surveyed") this.#providers.set(event.chain, event.providers);
  };

  /** Whether the loops go round. A halted direction has ended on purpose, and a restart does not mend it. */
  live(): Reason[] {
    const { maxSilenceMs: limit } = this.#options;
    return [...this.#directions].flatMap(([direction, { halted, tickedAt }]): Reason[] => {
      const value = this.#now() - tickedAt;
      return !halted && value > limit ? [{ name: "silent", direction, value, limit }] : [];
    });
  }

  /** What keeps it from doing its work as it should; nothing when it is ready. */
  ready(): Reason[] {
    return [
      ...this.live(),
      ...this.#options.directions.flatMap((place) => this.#reasonsOf(place)),
      ...this.#options.chains.flatMap((chain): Reason[] =>
        this.#served(chain) ? [] : [{ name: "noProvider", chain }],
      ),
    ];
  }

  /** Figures behind the reasons, as JSON. */
  describe(): Record<string, unknown> {
    const directions = Object.fromEntries(
      [...this.#directions].map(([name, state]) => [
        name,
        {
          halted: state.halted,
          error: state.error,
          lagBlocks: state.lagBlocks,
          pending: state.pending,
          oldestPendingAgeSeconds: Math.round(this.#pendingAgeMs(state) / 1_000),
          signerBalanceWei: state.signerBalance?.toString(),
        },
      ]),
    );
    const chains = Object.fromEntries(
      this.#options.chains.map((chain) => [chain, { providers: this.#providers.get(chain) ?? [] }]),
    );
    return { directions, chains };
  }

  #reasonsOf(place: DirectionPlace): Reason[] {
    const { name: direction, source, destination: chain, minSignerBalanceWei, maxStandstillMs } = place;
    const { maxStallMs, maxLagBlocks, maxPendingAgeMs } = this.#options;
    const state = this.#directions.get(direction);
    if (state === undefined) return [];
    const { error, halted, lagBlocks = 0, signerBalance } = state;
    const code = error === undefined ? {} : { code: error };
    if (halted) return [{ name: "halted", direction, ...code }];

    const reasons: Reason[] = [];
    const exceeds = (name: Reason["name"], value: number, limit: number, more = {}) => {
      if (value > limit) reasons.push({ name, direction, value, limit, ...more });
    };
    exceeds("stalled", this.#now() - state.progressedAt, maxStallMs, code);
    if (error === "LANE_STOPPED") reasons.push({ name: "laneStopped", direction, ...code });
    exceeds("lag", lagBlocks, maxLagBlocks);
    if (maxStandstillMs > 0) {
      exceeds("standstill", this.#now() - state.risenAt, maxStandstillMs, { chain: source });
    }
    exceeds("pendingAge", this.#pendingAgeMs(state), maxPendingAgeMs, code);
    if (signerBalance !== undefined && signerBalance < minSignerBalanceWei) {
      const figures = { value: signerBalance.toString(), limit: minSignerBalanceWei.toString() };
      reasons.push({ name: "balance", direction, chain, ...figures });
    }
    return reasons;
  }

  /** Before the first survey nothing is known, and nothing is held against anybody. */
  #served(chain: string): boolean {
    const providers = this.#providers.get(chain);
    return providers === undefined || providers.some(({ state }) => state === "up" || state === "lagging");
  }

  #pendingAgeMs({ oldestPendingSince }: DirectionState): number {
    return oldestPendingSince === undefined ? 0 : Math.max(0, this.#now() - oldestPendingSince * 1_000);
  }
}

function untold(now: number): DirectionState {
  return {
    tickedAt: now,
    progressedAt: now,
    sourceBlock: -1,
    risenAt: now,
    lagBlocks: undefined,
    pending: 0,
    oldestPendingSince: undefined,
    signerBalance: undefined,
    error: undefined,
    halted: false,
    looked: false,
  };
}

/** Two looks with no failure in between are a round without one. */
function look(state: DirectionState, event: Extract<RelayerEvent, { type: "looked" }>, now: number): void {
  const { sourceBlock, headBlock = sourceBlock, throughBlock } = event;
  if (state.looked) state.error = undefined;
  state.looked = true;
  state.halted = false;
  if (sourceBlock > state.sourceBlock) {
    state.sourceBlock = sourceBlock;
    state.risenAt = now;
  }
  state.lagBlocks = Math.max(0, headBlock - throughBlock);
  state.pending = event.pending;
  state.oldestPendingSince = event.oldestPendingSince;
  state.signerBalance = event.signerBalance ?? state.signerBalance;
}
