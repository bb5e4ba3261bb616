import { expect } from "chai";
import { gatewayAbi } from "../../../src/chains/abis.ts";
import type { HeadProof } from "../../../src/chains/gateway.ts";
import { cutBatches, type GasBounds } from "../../../src/core/delivery-plan.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { AttestedSeals } from "../../../src/relayer/attested-seals.ts";
import { type DeliveryCall, planDelivery } from "../../../src/relayer/deliver.ts";
import type { LaneProgress, PendingMessage } from "../../../src/relayer/journal.ts";
import { proveHead } from "../../../src/relayer/prove.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { FINANCE_GATEWAY, sendMany, type TwoChains, twoChains } from "../../support/fakes/two-chains.ts";

const SENDER: Hex = `0x${"55".repeat(20)}`;
const PER_MESSAGE = 100_000n;
const LIMIT = 1_000_000n;

interface Backlog {
  world: TwoChains;
  messages: PendingMessage[];
  proof: HeadProof;
}

/** A world with messages that wait, and the proof of the last. */
async function backlogOf(pending: number): Promise<Backlog> {
  const world = twoChains({ messageGas: PER_MESSAGE, messageGasLimit: LIMIT });
  const messages = sendMany(world, SENDER, pending).map((message, index) => ({
    ...message,
    position: index + 1,
    block: index + 1,
  }));
  const { source, destination, attestations, trade } = world;
  const head = messages.at(-1)?.id as Hex;
  const signal = new AbortController().signal;
  const { proof } = await proveHead({
    source,
    destination,
    seals: new AttestedSeals(attestations),
    sender: SENDER,
    block: trade.height,
    head,
    signal,
    reportEquivocation: async () => undefined,
  });
  return { world, messages, proof };
}

/** Bounds under which so many messages fit into one delivery. */
function boundsFor(size: number): GasBounds {
  const one = { perTransaction: 0n, messageLimit: LIMIT, perMessage: PER_MESSAGE };
  let perTransaction = 1_000_000n;
  const payloads = Array(size + 1).fill(32);
  const fits = (gas: bigint) => (cutBatches(0, payloads, { ...one, perTransaction: gas })[0] ?? 0) <= size;
  while (fits(perTransaction + PER_MESSAGE)) perTransaction += PER_MESSAGE;
  return { ...one, perTransaction };
}

/** Plans what is pending after the messages already delivered. */
function plan({ world, messages, proof }: Backlog, size: number, reads: number[] = []): Generator<DeliveryCall> {
  const head = world.financeGateway.cursor(SENDER);
  const delivered = messages.findIndex(({ id }) => id === head) + 1;
  const lane: LaneProgress = { sender: SENDER, final: 0, delivered, head, pending: messages.length - delivered };
  const read = (from: number, to: number) => {
    reads.push(to - from + 1);
    return messages.slice(from - 1, to);
  };
  const payloads = messages.slice(delivered).map(() => 32);
  return planDelivery({ gateway: FINANCE_GATEWAY, lane, proof, payloads, bounds: boundsFor(size), read });
}

const names = (calls: Iterable<DeliveryCall>) =>
  [...calls].map(({ data }) => gatewayAbi.parseTransaction({ data })?.name);
const run = ({ world }: Backlog, calls: Iterable<DeliveryCall>) => {
  const made = [...calls];
  for (const { data, gasLimit } of made) world.financeGateway.execute(data, gasLimit);
  return made;
};
const payloads = (messages: readonly { payload: Hex }[]) => messages.map(({ payload }) => payload);

describe("planDelivery", function () {
  // Every backlog is proven with real signatures.
  this.timeout(30_000);

  it("delivers in one call what fits into one", async () => {
    const backlog = await backlogOf(5);
    const calls = run(backlog, plan(backlog, 5));
    expect(names(calls)).to.deep.equal(["deliver"]);
    expect(calls[0]).to.deep.include({ to: FINANCE_GATEWAY, payloads: Array(5).fill(32) });
    expect(calls[0]?.reaches).to.equal(backlog.messages[4]?.id);
    expect(payloads(backlog.world.financeGateway.delivered)).to.deep.equal(payloads(backlog.messages));
  });

  it("shows the newest head, then earlier ones backwards, then delivers forwards", async () => {
    const backlog = await backlogOf(11);
    const calls = [...plan(backlog, 4)];
    expect(names(calls)).to.deep.equal([
      "proveHead",
      "proveEarlierHead",
      "proveEarlierHead",
      "deliverProven",
      "deliverProven",
      "deliverProven",
    ]);
    expect(calls.map(({ payloads }) => payloads.length)).to.deep.equal([0, 0, 0, 4, 4, 3]);
    const shown = calls.slice(1, 3).map(({ data }) => gatewayAbi.parseTransaction({ data })?.args[1]);
    expect(shown).to.deep.equal([backlog.messages[7]?.id, backlog.messages[3]?.id]);
  });

  it("makes calls that the gateway's rules accept, for any backlog, batch and earlier delivery", async () => {
    const random = new SeededRandom(1);
    for (let round = 0; round < 12; round++) {
      const backlog = await backlogOf(random.between(1, 40));
      const { financeGateway } = backlog.world;
      const size = random.between(1, 12);
      // A first relayer stops somewhere; the next one plans anew.
      run(backlog, [...plan(backlog, size)].slice(0, random.below(30)));
      if (financeGateway.cursor(SENDER) !== backlog.messages.at(-1)?.id)
        run(backlog, plan(backlog, random.between(1, 12)));
      expect(payloads(financeGateway.delivered)).to.deep.equal(payloads(backlog.messages));
      expect(financeGateway.cursor(SENDER)).to.equal(backlog.messages.at(-1)?.id);
    }
  });

  it("hashes every message between the first cut and the last head once", async () => {
    const random = new SeededRandom(2);
    for (let round = 0; round < 6; round++) {
      const [pending, size] = [random.between(3, 40), random.between(1, 2)];
      const backlog = await backlogOf(pending);
      const folded = [...plan(backlog, size)]
        .map(({ data }) => gatewayAbi.parseTransaction({ data }))
        .filter((call) => call?.name === "proveEarlierHead")
        .reduce((sum, call) => sum + call?.args[2].length, 0);
      expect(folded).to.equal(pending - size);
    }
  });

  it("asks for no more gas than a transaction may", async () => {
    const random = new SeededRandom(3);
    for (let round = 0; round < 6; round++) {
      const backlog = await backlogOf(random.between(1, 40));
      const size = random.between(2, 12);
      const { perTransaction } = boundsFor(size);
      for (const { gasLimit } of plan(backlog, size)) expect(gasLimit <= perTransaction).to.equal(true);
    }
  });

  it("reads one batch at a time, when its call is asked for", async () => {
    const backlog = await backlogOf(30);
    const reads: number[] = [];
    const calls = plan(backlog, 4, reads);
    expect(reads).to.deep.equal([]);
    calls.next();
    expect(reads).to.deep.equal([]);
    for (const _ of calls);
    expect(Math.max(...reads)).to.equal(5);
  });

  it("fails with a RangeError when a message at a cut is missing", async () => {
    const backlog = await backlogOf(9);
    backlog.messages.length = 5;
    const head = backlog.world.financeGateway.cursor(SENDER);
    const lane = { sender: SENDER, final: 0, delivered: 0, head, pending: 9 };
    const payloads = Array(9).fill(32);
    const read = (from: number, to: number) => backlog.messages.slice(from - 1, to);
    const bounds = boundsFor(2);
    const calls = planDelivery({ gateway: FINANCE_GATEWAY, lane, proof: backlog.proof, payloads, bounds, read });
    expect(() => [...calls]).to.throw(RangeError);
  });
});
