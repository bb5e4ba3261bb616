import { expect } from "chai";
import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import { tradeToFinance } from "../../support/fakes/direction.ts";
import type { FakeChain, Script } from "../../support/fakes/fake-chain.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { sendMany, type TwoChains, twoChains } from "../../support/fakes/two-chains.ts";

const [ANN, BOB] = [`0x01${"00".repeat(19)}`, `0x02${"00".repeat(19)}`] as [Hex, Hex];
const RUNS = process.env["HUANGPU_FUZZ"] === "nightly" ? 400 : 25;
const never = new AbortController().signal;
const unavailable = () => new HuangpuError("RPC_UNAVAILABLE", "The connection broke");
const refused = (reason: string) => new HuangpuError("RPC_REJECTED", reason, { fields: { reason } });

/** What can become of a transaction on its way to a node. */
const mishaps: Record<string, (chain: FakeChain, params: unknown[], proceed: () => unknown) => unknown> = {
  "is lost though the node said yes": () => "0x",
  "is lost and the connection breaks": () => {
    throw unavailable();
  },
  "is taken, and the connection breaks": (_, _params, proceed) => {
    proceed();
    throw unavailable();
  },
  "is taken, and refused": (_, _params, proceed) => {
    proceed();
    throw refused("internal error");
  },
  "is refused, and taken later": (chain, params) => {
    setTimeout(() => void chain.sendRaw(params[0] as Hex).catch(() => undefined), 3);
    throw refused("try again");
  },
  "comes twice": (_, _params, proceed) => {
    proceed();
    return proceed();
  },
  "is mined, and its block is gone": (chain, _params, proceed) => {
    const result = proceed();
    if (chain.height > 2) chain.reorganise(1);
    return result;
  },
};

function unreliable(chain: FakeChain, random: SeededRandom, happened: Map<string, number>): Script {
  const names = Object.keys(mishaps);
  let inside = false;
  return (params, proceed) => {
    if (inside || random.below(3) > 0) return proceed();
    const name = names[random.below(names.length)] as string;
    happened.set(name, (happened.get(name) ?? 0) + 1);
    inside = true;
    try {
      return mishaps[name]?.(chain, params, proceed);
    } finally {
      inside = false;
    }
  };
}

describe("nonces under failures of sending", function () {
  this.timeout(600_000);

  const happened = new Map<string, number>();

  for (let seed = 1; seed <= RUNS; seed++) {
    it(`deliver everything exactly once and leave no gap (seed ${seed})`, async () => {
      const random = new SeededRandom(seed);
      const world = twoChains();
      const journal = new Journal(":memory:");
      try {
        const sent = [...sendMany(world, ANN, random.between(1, 12)), ...sendMany(world, BOB, random.between(1, 4))];
        world.finance.script("eth_sendRawTransaction", unreliable(world.finance, random, happened));
        const options = {
          maxGasPerTransaction: 3_000_000n,
          receiptTimeoutMs: 12,
          destinationConfirmations: 2,
          window: random.between(1, 8),
        };
        await work(world, journal, options, sent.length);
        const delivered = world.financeGateway.delivered.map(({ payload }) => payload);
        expect(delivered.toSorted()).to.deep.equal(sent.map(({ payload }) => payload).toSorted());
        expect(world.finance.pool).to.deep.equal([]);
      } finally {
        journal.close();
      }
    });
  }

  it("meet every mishap", () => {
    expect([...happened.keys()]).to.have.members(Object.keys(mishaps));
  });

  /** Rounds, each by a relayer that was just started, until nothing is left. */
  async function work(world: TwoChains, journal: Journal, options: object, count: number): Promise<void> {
    let quiet = 0;
    for (let round = 0; quiet < 3; round++) {
      if (round === 200) throw new Error(`${world.financeGateway.delivered.length} of ${count} after 200 rounds`);
      const { relay } = tradeToFinance(world, journal, options);
      await relay.round(never).catch((error: unknown) => {
        if (!(error instanceof HuangpuError)) throw error;
      });
      world.finance.mine();
      const done = journal.lanes(relay.name).every(({ pending }) => pending === 0);
      quiet = done && world.financeGateway.delivered.length === count ? quiet + 1 : 0;
    }
  }
});
