import { expect } from "chai";
import type { EventLog } from "ethers";
import { ClearingWorld, CURRENCIES } from "../../bench/clearing-world.ts";
import { LOCAL_CHAIN_IDS } from "../../src/config/development.ts";
import { type CommittedPosition, cycleRoot, positionLeaf, positionProof } from "../../src/core/cycle-root.ts";
import { resolveGridlock } from "../../src/core/gridlock.ts";
import { concat, type Hex, keccak256 } from "../../src/core/hex.ts";
import { bilateralNets, type Legs, netPositions, sumOfBilaterals } from "../../src/core/netting.ts";
import { SeededRandom } from "../support/fakes/seeded-random.ts";

const MEMBERS = 6;
const PAYMENTS = 40;
const UNIT = 1_000_000;

interface RawLeg {
  debtor: bigint;
  creditor: bigint;
  currency: string;
  amount: bigint;
}

describe("a cycle's positions", function () {
  this.timeout(120_000);

  let world: ClearingWorld;

  before(async () => {
    world = await ClearingWorld.open({ members: MEMBERS, collateral: BigInt(100 * UNIT) });
    const random = new SeededRandom(20_261_122);
    for (let member = 2; member <= MEMBERS; member++) {
      for (const currency of CURRENCIES) await world.setCap(member, currency, BigInt(100 * UNIT));
    }
    for (let index = 0; index < PAYMENTS; index++) await world.submit(randomLegs(random), random.below(3));
    const { ids, queue } = await world.waiting(BigInt(PAYMENTS));
    const { settled, removals } = resolveGridlock(queue, await world.rooms());
    expect(settled, "settled from the queue").to.not.deep.equal([]);
    await world.resolve(ids, removals);
    await world.close();
  });

  after(async () => await world?.stop());

  it("are what its events net to, multilaterally and bank by bank", async () => {
    const legs = columns(await settledLegs());
    const nets = netPositions(legs);
    const positions = await committed();
    expect(nets.map(({ net }) => net)).to.deep.equal(positions.map(({ net }) => net));
    expect(nets.map(({ member }) => member)).to.deep.equal(positions.map(({ member }) => member));
    expect(sumOfBilaterals(bilateralNets(legs))).to.deep.equal(nets);
  });

  it("are what its root commits to, as each member can show", async () => {
    const address = (await world.house.getAddress()) as Hex;
    const { root } = await world.house.getFunction("cycle")(1);
    const positions = await committed();
    const leaves = positions.map((position) => positionLeaf(LOCAL_CHAIN_IDS.finance, address, position));
    expect(cycleRoot(leaves)).to.equal(root);
    for (const [index, { member, currency }] of positions.entries()) {
      expect(await world.house.getFunction("positionLeaf")(1, member, bytesOf(currency))).to.equal(leaves[index]);
      const climbed = positionProof(leaves, index).reduce(
        (node, other) => keccak256(node < other ? concat(node, other) : concat(other, node)),
        leaves[index] as Hex,
      );
      expect(climbed).to.equal(root);
    }
    expect(() => positionProof(leaves, leaves.length)).to.throw(RangeError);
    expect(cycleRoot([])).to.equal(`0x${"0".repeat(64)}`);
  });

  async function settledLegs(): Promise<RawLeg[]> {
    const logs = async (name: string) => (await world.house.queryFilter(name)) as EventLog[];
    const queued = new Map<bigint, RawLeg[]>();
    for (const { args } of await logs("ObligationQueued")) queued.set(args["obligation"], args["legs"]);
    const atOnce = (await logs("ObligationSettled")).flatMap(({ args }) => [...(args["legs"] as RawLeg[])]);
    const ids = (await logs("QueueResolved")).flatMap(({ args }) => [...(args["settled"] as bigint[])]);
    return [...atOnce, ...ids.flatMap((id) => [...(queued.get(id) ?? [])])];
  }

  /** In the order of the tree. */
  async function committed(): Promise<CommittedPosition[]> {
    const positions: CommittedPosition[] = [];
    for (const currency of CURRENCIES) {
      for (let member = 1; member <= MEMBERS; member++) {
        const found = await world.house.getFunction("position")(1, member, bytesOf(currency));
        const { net, carried, instructed, state } = found;
        if (state !== 0n) positions.push({ cycle: 1, member, currency, net, carried, instructed });
      }
    }
    return positions;
  }
});

function randomLegs(random: SeededRandom) {
  const debtor = random.between(1, MEMBERS);
  const creditor = 1 + ((debtor + random.below(MEMBERS - 1)) % MEMBERS);
  const amount = BigInt(random.between(1, 150 * UNIT));
  const [currency, other] = random.shuffled(CURRENCIES) as [string, string];
  const leg = { debtor, creditor, currency, amount };
  if (random.below(3) > 0) return [leg];
  return [leg, { debtor: creditor, creditor: 1 + (creditor % MEMBERS), currency: other, amount: amount / 7n + 1n }];
}

function columns(legs: readonly RawLeg[]): Legs {
  return {
    debtor: Uint8Array.from(legs, ({ debtor }) => Number(debtor)),
    creditor: Uint8Array.from(legs, ({ creditor }) => Number(creditor)),
    currency: Uint8Array.from(legs, ({ currency }) => CURRENCIES.findIndex((code) => bytesOf(code) === currency)),
    amount: BigUint64Array.from(legs, ({ amount }) => amount),
  };
}

function bytesOf(currency: string): string {
  return `0x${Buffer.from(currency, "ascii").toString("hex")}`;
}
