import { expect } from "chai";
import type { Wallet } from "ethers";
import { lightClientAbi, qbftHeadersAbi } from "../../../src/chains/abis.ts";
import { Gateway } from "../../../src/chains/gateway.ts";
import type { RpcBlock } from "../../../src/core/block-header.ts";
import { type Hex, keccak256 } from "../../../src/core/hex.ts";
import type { PlannedCall } from "../../../src/relayer/outbox.ts";
import { QbftSeals } from "../../../src/relayer/qbft-seals.ts";
import { namedIn } from "../../../src/relayer/qbft-validators.ts";
import { type FakeChain, type FakeContract, Reverted } from "../../support/fakes/fake-chain.ts";
import { sealAsQbft } from "../../support/fakes/qbft-block.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { addressOf, type TwoChains, twoChains, wallets } from "../../support/fakes/two-chains.ts";

const VERIFIER: Hex = `0x${"22".repeat(20)}`;
const LIGHT_CLIENT: Hex = `0x${"11".repeat(20)}`;
const PERIOD = 1_000;
const START = 1_700_000_000;
const TALL = 200;

const all = wallets("qbft validator", 7);
const sorted = (set: readonly Wallet[]): Hex[] => set.map(addressOf).sort();

/** The rules of `QbftHeaders.sol` for who is trusted, without the signatures. */
class FakeVerifier implements FakeContract {
  trusted: Hex[];
  number = 0;
  confirmedAt = START;
  readonly confirmed: number[] = [];
  /** Comes before the next look at what could be confirmed. */
  meanwhile: (() => void) | undefined;
  readonly #block: (header: Hex) => RpcBlock;

  constructor(trusted: readonly Wallet[], block: (header: Hex) => RpcBlock) {
    this.trusted = sorted(trusted);
    this.#block = block;
  }

  call(data: Hex): Hex {
    const { name, args } = qbftHeadersAbi.parseTransaction({ data }) ?? { name: "", args: [] };
    if (name === "confirmValidators") {
      this.meanwhile?.();
      this.#check(args[0] as Hex);
    }
    const answers: Record<string, unknown[]> = {
      validators: [this.trusted],
      confirmation: [this.number, this.confirmedAt],
      trustingPeriod: [PERIOD],
      confirmValidators: [],
    };
    return qbftHeadersAbi.encodeFunctionResult(name, answers[name]) as Hex;
  }

  execute(data: Hex): never {
    throw new Error(`Sent through no outbox: ${data}`);
  }

  take({ data }: PlannedCall): void {
    const { args } = qbftHeadersAbi.parseTransaction({ data }) ?? { args: [] };
    const block = this.#check(args[0] as Hex);
    this.trusted = [...namedIn(block)];
    [this.number, this.confirmedAt] = [Number(block.number), Number(block.timestamp)];
    this.confirmed.push(this.number);
  }

  #check(header: Hex): RpcBlock {
    const block = this.#block(header);
    const common = namedIn(block).filter((one) => this.trusted.includes(one)).length;
    const changes = namedIn(block).length + this.trusted.length - 2 * common;
    const newer = Number(block.number) > this.number && Number(block.timestamp) >= this.confirmedAt;
    if (!newer || changes > 1) throw new Reverted("0x0badc0de");
    return block;
  }
}

describe("QbftSeals", () => {
  let world: TwoChains;
  let verifier: FakeVerifier;
  let sets: { from: number; validators: readonly Wallet[] }[];
  let clock: number;
  /** A block that is given with another hash than its own. */
  let forged: number | undefined;
  let seals: QbftSeals;

  beforeEach(() => {
    world = twoChains();
    world.trade.mine(TALL);
    sets = [{ from: 0, validators: all.slice(0, 4) }];
    clock = 0;
    forged = undefined;
    seals = new QbftSeals({ lookMs: 60_000, now: () => clock });
    const headers = new Map<Hex, RpcBlock>();
    const { trade, finance } = world;
    trade.script("eth_getBlockByNumber", async (_, proceed) => {
      const plain = (await proceed()) as RpcBlock;
      const set = sets.findLast(({ from }) => from <= Number(plain.number));
      const block = sealAsQbft(plain, { validators: set?.validators ?? [] });
      headers.set(block.hash, block);
      return Number(plain.number) === forged ? { ...block, hash: keccak256("0x") } : block;
    });
    // In round 0 the signed header hashes to the block's hash.
    verifier = new FakeVerifier(all.slice(0, 4), (header) => headers.get(keccak256(header)) as RpcBlock);
    finance.deploy(VERIFIER, verifier);
    finance.deploy(LIGHT_CLIENT, {
      call: (data) => {
        const name = lightClientAbi.parseTransaction({ data })?.name ?? "";
        return lightClientAbi.encodeFunctionResult(name, [VERIFIER]) as Hex;
      },
      execute: () => {
        throw new Reverted("0x");
      },
    });
  });

  const renew = async (block = TALL, urgent = true, signal = new AbortController().signal) => {
    const send = async (call: PlannedCall) => verifier.take(call);
    await seals.renew({ source: world.source, destination: world.destination, block, urgent, send, signal });
  };
  const asked = (chain: FakeChain) => chain.requests.length;

  it("sends nothing while the trusted validators were confirmed lately", async () => {
    await renew();
    expect(verifier.confirmed).to.deep.equal([]);
  });

  it("confirms the same validators when half of the period has gone by, and not before", async () => {
    verifier.confirmedAt = START + TALL - PERIOD / 2 + 1;
    await renew();
    expect(verifier.confirmed).to.deep.equal([]);
    clock += 60_000;
    verifier.confirmedAt -= 1;
    await renew();
    expect(verifier.confirmed).to.deep.equal([TALL]);
  });

  it("asks for nothing while nothing is urgent and it looked lately", async () => {
    await renew();
    const before = asked(world.trade) + asked(world.finance);
    await renew(TALL, false);
    expect(asked(world.trade) + asked(world.finance)).to.equal(before);
    clock += 60_000;
    await renew(TALL, false);
    expect(asked(world.finance)).to.be.above(before - asked(world.trade));
  });

  it("sees at once that validators changed when something is to be delivered", async () => {
    await renew(100);
    sets.push({ from: 150, validators: all.slice(0, 5) });
    await renew(149);
    expect(verifier.confirmed).to.deep.equal([]);
    await renew();
    expect(verifier.confirmed).to.deep.equal([TALL]);
    expect(verifier.trusted).to.deep.equal(sorted(all.slice(0, 5)));
  });

  it("finds the blocks between when several changed one after the other", async () => {
    sets.push({ from: 40, validators: all.slice(0, 5) });
    sets.push({ from: 41, validators: all.slice(0, 6) });
    sets.push({ from: 42, validators: all.slice(1, 6) });
    sets.push({ from: 180, validators: all.slice(1, 7) });
    await renew();
    expect(verifier.trusted).to.deep.equal(sorted(all.slice(1, 7)));
    expect(verifier.confirmed).to.have.length(4);
    expect(verifier.confirmed.slice(0, 2)).to.deep.equal([40, 41]);
    expect(world.trade.countOf("eth_getBlockByNumber")).to.be.below(40);
  });

  it("begins where VALIDATOR_ADMIN named the set, not with sets that stood before", async () => {
    sets = [
      { from: 0, validators: all.slice(5, 7) },
      { from: 50, validators: all.slice(0, 3) },
      { from: 100, validators: all.slice(0, 4) },
      { from: 130, validators: all.slice(0, 5) },
      { from: 131, validators: all.slice(0, 6) },
    ];
    verifier.confirmedAt = START + 110;
    await renew();
    expect(verifier.trusted).to.deep.equal(sorted(all.slice(0, 6)));
    expect(verifier.confirmed[0]).to.equal(130);
  });

  it("fails with VALIDATORS_NOT_FOLLOWED when several changed in one block, and sends nothing", async () => {
    sets.push({ from: 77, validators: all.slice(0, 6) });
    const error = await thrown("VALIDATORS_NOT_FOLLOWED", renew());
    expect(error.fields).to.deep.include({ block: 77, after: sorted(all.slice(0, 6)) });
    expect(verifier.confirmed).to.deep.equal([]);
  });

  it("fails with VALIDATORS_NOT_FOLLOWED when the contract refuses a block, and sends nothing", async () => {
    sets.push({ from: 77, validators: all.slice(0, 5) });
    verifier.number = TALL;
    const error = await thrown("VALIDATORS_NOT_FOLLOWED", renew());
    expect(error.fields).to.include({ block: TALL, data: "0x0badc0de" });
    expect(verifier.confirmed).to.deep.equal([]);
  });

  it("believes no block on the way that does not hash to its hash", async () => {
    sets.push({ from: 40, validators: all.slice(0, 5) });
    sets.push({ from: 41, validators: all.slice(0, 6) });
    forged = TALL / 2;
    await thrown("RPC_INCONSISTENT", renew());
    expect(verifier.confirmed).to.deep.equal([]);
  });

  it("asks for 64 blocks on the way at most, however often validators change, and goes on from there", async () => {
    const circle = [...all, ...all, ...all];
    const set = (number: number) => {
      const first = Math.floor(number / 2) % all.length;
      return circle.slice(first, first + 4 + (number % 2));
    };
    sets = Array.from({ length: TALL + 1 }, (_, from) => ({ from, validators: set(from) }));
    let followed = false;
    for (let look = 0; look < 8 && !followed; look++) {
      const [before, confirmed] = [world.trade.countOf("eth_getBlockByNumber"), verifier.confirmed.length];
      const failure = await renew().catch((error: unknown) => error);
      followed = failure === undefined;
      if (!followed) expect(failure).to.have.property("code", "VALIDATORS_NOT_FOLLOWED");
      if (look === 0) expect(followed).to.equal(false);
      expect(verifier.confirmed.length).to.be.above(confirmed);
      // Before the first confirmation, eight more say where to begin.
      expect(world.trade.countOf("eth_getBlockByNumber") - before).to.be.at.most(1 + 8 + 64);
    }
    expect(verifier.trusted).to.deep.equal(sorted(set(TALL)));
  });

  it("asks for no other block once it is to stop", async () => {
    sets.push({ from: 40, validators: all.slice(0, 5) });
    sets.push({ from: 41, validators: all.slice(0, 6) });
    const stop = new AbortController();
    stop.abort();
    const failure = await renew(TALL, true, stop.signal).catch((error: Error) => error);
    expect(failure).to.have.property("name", "AbortError");
    expect(world.trade.countOf("eth_getBlockByNumber")).to.equal(1);
  });

  it("is content when another relayer was first", async () => {
    sets.push({ from: 77, validators: all.slice(0, 5) });
    verifier.meanwhile = () => {
      verifier.trusted = sorted(all.slice(0, 5));
      verifier.number = TALL;
    };
    await renew();
    expect(verifier.confirmed).to.deep.equal([]);
  });

  it("looks again in the next round after a failure", async () => {
    sets.push({ from: 77, validators: all.slice(0, 6) });
    await thrown("VALIDATORS_NOT_FOLLOWED", renew(TALL, false));
    await thrown("VALIDATORS_NOT_FOLLOWED", renew(TALL, false));
  });

  it("leaves out the seal of a block that is held", async () => {
    const block = await new Gateway(world.trade, world.source.address).chain.block(5);
    const request = { ...world, lightClient: LIGHT_CLIENT, block, signal: new AbortController().signal };
    expect(await seals.seal({ ...request, held: true })).to.include({ seal: "0x", signers: 0 });
    const sealed = await seals.seal({ ...request, held: false });
    expect(sealed).to.include({ signers: 3 });
    expect(sealed.seal).to.have.length(2 + 3 * 130);
  });
});
