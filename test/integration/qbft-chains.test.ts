import { expect } from "chai";
import { id, type Wallet } from "ethers";
import { roles } from "../../deploy/roles.ts";
import { accessManagerAbi } from "../support/world/bridge.ts";
import { eventuallyTrue } from "../support/world/eventually.ts";
import { expectSound } from "../support/world/ledger.ts";
import { DAY, type QbftWorld, startQbftWorld } from "../support/world/qbft-world.ts";
import type { Side } from "../support/world/stage.ts";
import { AMOUNT, agreeAndFund, clear, EscrowState, look, propose, ship, TradeState } from "../support/world/trades.ts";
import { START_TIMEOUT } from "../support/world/world.ts";

const addresses = (wallets: readonly (Wallet | undefined)[]) =>
  wallets
    .flatMap((wallet) => (wallet === undefined ? [] : [wallet.address]))
    .sort((a, b) => Number(BigInt(a) - BigInt(b)));

describe("two chains that seal their own blocks", () => {
  let world: QbftWorld;

  beforeEach(async function () {
    this.timeout(START_TIMEOUT);
    world = await startQbftWorld();
  });

  afterEach(async () => await world?.stop());

  const trusted = async (side: Side): Promise<string[]> => [
    ...(await world.verifierOn(side).getFunction("validators")()),
  ];
  const confirmedNumber = async (side: Side) =>
    Number((await world.verifierOn(side).getFunction("confirmation")()).number);
  const nextBlock = async (side: Side) => (await world[side].provider.getBlockNumber()) + 1;
  const completeTrade = async () => {
    const trade = await agreeAndFund(world);
    await ship(world, trade);
    await clear(world, trade);
    await world.settled();
    expect(await look(world, trade)).to.include({
      state: TradeState.Completed,
      paid: AMOUNT,
      escrow: EscrowState.Closed,
    });
    await expectSound(world);
  };

  it("settle a trade from contract to cash with the seals of the blocks alone", async () => {
    const relayer = await world.startRelayer();
    await completeTrade();
    expect(relayer.told("proven").every(({ signers }) => signers === 3 || signers === 0)).to.equal(true);
    expect(relayer.told("delayed")).to.deep.equal([]);
    for (const side of ["trade", "finance"] as const) {
      expect(await trusted(side)).to.deep.equal(addresses(world.candidates.slice(0, 4)));
      expect(await confirmedNumber(side)).to.equal(0);
    }
  }).timeout(30_000);

  it("let only VALIDATOR_ADMIN name validators, after the delay", async () => {
    for (const side of ["trade", "finance"] as const) {
      const { headers, authority } = world.deployment[side];
      const selector = id("setValidators(address[])").slice(0, 10);
      const data = accessManagerAbi.encodeFunctionData("getTargetFunctionRole", [headers, selector]);
      expect(BigInt(await world[side].provider.call({ to: authority, data }))).to.equal(roles.VALIDATOR_ADMIN);
    }
  });

  it("change a validator while trades go on, and blocks are sealed in other rounds", async () => {
    await world.startRelayer();
    await completeTrade();
    const five = world.candidates.slice(0, 5);
    world.proxies.trade.from(await nextBlock("trade"), { validators: five, signers: five.slice(0, 4), round: 1 });
    await completeTrade();
    expect(await trusted("finance")).to.deep.equal(addresses(five));
    expect(await trusted("trade")).to.deep.equal(addresses(world.candidates.slice(0, 4)));
  }).timeout(30_000);

  it("are followed through changes that nobody saw: two who came, and one who went", async () => {
    const [first, second, third, fourth, fifth, sixth] = world.candidates as [
      Wallet,
      Wallet,
      Wallet,
      Wallet,
      Wallet,
      Wallet,
    ];
    const sets = [
      [first, second, third, fourth, fifth],
      [first, second, third, fourth, fifth, sixth],
      [second, third, fourth, fifth, sixth],
    ];
    for (const validators of sets) {
      world.proxies.trade.from(await nextBlock("trade"), { validators });
      await propose(world);
      await propose(world);
    }
    const relayer = await world.startRelayer();
    await completeTrade();
    expect(await trusted("finance")).to.deep.equal(addresses(sets[2] ?? []));
    expect(relayer.told("delayed")).to.deep.equal([]);
  }).timeout(30_000);

  it("are confirmed when half of the trusting period has gone by, also when nothing is to be delivered", async () => {
    await world.passTime(16 * DAY);
    await world.startRelayer();
    await eventuallyTrue("both chains to confirm the other one's validators", async () => {
      return (await confirmedNumber("trade")) > 0 && (await confirmedNumber("finance")) > 0;
    });
    await world.passTime(29 * DAY);
    await completeTrade();
  }).timeout(30_000);

  it("are not followed when several validators changed at once, nor when they expired", async () => {
    world.proxies.trade.from(await nextBlock("trade"), { validators: world.candidates.slice(0, 6) });
    await propose(world);
    const relayer = await world.startRelayer();
    const complaint = await relayer.complains("VALIDATORS_NOT_FOLLOWED", "trade-to-finance");
    expect(complaint.error.message).to.include("changed at once");

    await world.passTime(31 * DAY);
    const late = await world.startRelayer({ journal: ":memory:" });
    const expired = await late.complains("VALIDATORS_NOT_FOLLOWED", "finance-to-trade");
    expect(expired.error.message).to.include("does not take the validators");
  }).timeout(30_000);
});
