import { readFileSync } from "node:fs";
import { expect } from "chai";
import { ContractFactory, type ContractTransactionResponse, Wallet } from "ethers";
import { coinAt } from "../../deploy/deployment.ts";
import localParameters from "../../deploy/parameters/local.json" with { type: "json" };
import { gatewayAbi, headersAbi } from "../../src/chains/abis.ts";
import { developmentWallet } from "../../src/config/development.ts";
import { mined } from "../support/world/actor.ts";
import { ATTESTORS } from "../support/world/attestors.ts";
import { accessManagerAbi, contractAt, headProof, messagesOf, sealHeader, senderOn } from "../support/world/bridge.ts";
import { expectMoneyConserved, expectSound } from "../support/world/ledger.ts";
import { expectRefusal, refusal } from "../support/world/refusal.ts";
import { AMOUNT, agree, agreeAndFund, clear, EscrowState, look, ship } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const DELAY = localParameters.governanceDelay;

describe("the bridge in the hands of its operators", () => {
  let world: World;

  beforeEach(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
  });

  afterEach(async () => await world?.stop());

  /** The validator admin announces a call on the finance chain, waits, and has it made. */
  const announce = async (target: string, data: string) => {
    const manager = contractAt(
      world,
      "finance",
      world.deployment.finance.authority,
      accessManagerAbi,
      "validatorAdmin",
    );
    const send = async (name: "schedule" | "execute", ...args: unknown[]) =>
      await mined(manager[name]?.(...args) as Promise<ContractTransactionResponse>);
    const errorOf = async () => {
      try {
        await manager["execute"]?.staticCall(target, data);
        return undefined;
      } catch (caught) {
        return (caught as { revert?: { name: string } }).revert?.name;
      }
    };
    expect(await errorOf(), "unannounced").to.equal("AccessManagerNotScheduled");
    await send("schedule", target, data, 0);
    await world.passTime(DELAY - 60);
    expect(await errorOf(), "too early").to.equal("AccessManagerNotReady");
    await world.passTime(60);
    await send("execute", target, data);
    expect(await errorOf(), "twice").to.equal("AccessManagerNotScheduled");
  };

  it("stores a message that fails, delivers those after it, and lets anyone retry it", async () => {
    const coin = coinAt(world.deployment, "USD");
    await mined(world.as("operator").finance.settlement.listCoin(coin, false));
    const relayer = await world.startRelayer();
    const trade = await agree(world);
    await world.settled();
    const [failure] = relayer.told("messageFailed");
    const reason = world.as("stranger").finance.settlement.interface.parseError(failure?.message.reason ?? "0x");
    expect(reason?.name).to.equal("Settlement_CoinNotListed");

    await mined(world.as("operator").finance.settlement.listCoin(coin, true));
    const other = await agreeAndFund(world);
    expect(await look(world, other)).to.include({ escrow: EscrowState.Funded });
    expect(await look(world, trade)).to.include({ escrow: EscrowState.Unknown });

    const [message] = await messagesOf(world, "trade");
    if (message === undefined || failure === undefined) throw new Error("Nothing was sent");
    expect(failure.message.id).to.equal(message.id);
    const { gateway } = world.as("stranger").finance;
    const sender = senderOn(world, "trade");
    const altered = { ...message, payload: `${message.payload}00` };
    await expectRefusal(gateway.retry(message.id, sender, altered), "Gateway_NotFailed", message.id);
    await expectRefusal(gateway.retry(message.id, gateway.target, message), "Gateway_NotFailed", message.id);
    await mined(gateway.retry(message.id, sender, message));
    await expectRefusal(gateway.retry(message.id, sender, message), "Gateway_NotFailed", message.id);
    expect(await look(world, trade)).to.include({ escrow: EscrowState.Open });
    await expectSound(world);
  });

  it("keeps a message that fails again on its retry", async () => {
    await mined(world.as("operator").finance.settlement.listCoin(coinAt(world.deployment, "USD"), false));
    await world.startRelayer();
    await agree(world);
    await world.settled();
    const [message] = await messagesOf(world, "trade");
    if (message === undefined) throw new Error("Nothing was sent");
    const { gateway } = world.as("stranger").finance;
    const commitment = await gateway.failed(message.id);
    const error = await refusal(gateway.retry(message.id, senderOn(world, "trade"), message));
    expect(error.name).to.equal("Gateway_RetryFailed");
    expect(await gateway.failed(message.id)).to.equal(commitment);
    await expectMoneyConserved(world);
  });

  it("delivers nothing while a guardian has paused the lane, and catches up when an operator unpauses it", async () => {
    const [guardian, operator] = [world.as("guardian"), world.as("operator")];
    const relayer = await world.startRelayer();
    const trade = await agreeAndFund(world);
    await world.settled();
    await mined(guardian.finance.gateway.pause());
    await ship(world, trade);
    await clear(world, trade);
    const { error } = await relayer.complains("LANE_STOPPED", "trade-to-finance");
    expect(error.fields["paused"]).to.equal(true);
    expect(await look(world, trade)).to.include({ released: 0n });

    const sender = senderOn(world, "trade");
    const messages = (await messagesOf(world, "trade")).slice(1);
    const proof = await headProof(world, "trade", await world.trade.provider.getBlockNumber());
    const { gateway } = world.as("stranger").finance;
    const from = await gateway.cursor(sender);
    await expectRefusal(gateway.deliver(sender, from, messages, proof), "Gateway_Paused", true);
    await expectRefusal(gateway.proveHead(sender, proof), "Gateway_Paused", true);
    await expectRefusal(guardian.finance.gateway.unpause(), "AccessManagedUnauthorized", guardian.address);

    await mined(operator.finance.gateway.unpause());
    await expectSound(world);
    expect(await look(world, trade)).to.include({ paid: AMOUNT, escrow: EscrowState.Closed });
  });

  it("changes validators only after the delay, and the relayer goes on with the new ones", async () => {
    const newcomer = Wallet.createRandom();
    const { headers } = world.deployment.finance;
    const validators = [
      newcomer.address,
      ...ATTESTORS.slice(2).map((account) => developmentWallet(account).address),
    ].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    await world.startRelayer();
    await agreeAndFund(world);
    await world.settled();

    await announce(headers, headersAbi.encodeFunctionData("setValidators", [validators]));
    expect(await contractAt(world, "finance", headers, headersAbi, "stranger")["validators"]?.()).to.deep.equal(
      validators,
    );
    const { lightClient } = world.as("stranger").finance;
    const old = await sealHeader(world, "trade", await world.trade.provider.getBlockNumber());
    expect((await refusal(lightClient.update(old.header, old.seal))).name).to.equal("Seals_UnknownValidator");

    await world.attestors[3]?.stop();
    const environment = { NEWCOMER: newcomer.privateKey };
    const joined = await world.startAttestor({ key: { env: "NEWCOMER" }, environment, record: "newcomer.sqlite" });
    world.attestors.push(joined);
    const relayer = await world.startRelayer({ account: "stranger", journal: "second.sqlite" });
    const trade = await agreeAndFund(world);
    await ship(world, trade);
    await clear(world, trade);
    await expectSound(world);
    expect(await look(world, trade)).to.include({ paid: AMOUNT });
    const proofs = relayer.told("proven").filter(({ direction }) => direction === "trade-to-finance");
    for (const { signers } of proofs) expect(signers).to.equal(2);
  });

  it("gives a frozen lane a new light client after the delay, and the relayer catches up", async () => {
    const { lightClient } = world.as("stranger").finance;
    const number = await world.trade.provider.getBlockNumber();
    const held = await sealHeader(world, "trade", number);
    const forged = await sealHeader(world, "trade", number, { alter: (block) => ({ ...block, extraData: "0xff" }) });
    await mined(lightClient.update(held.header, held.seal));
    await mined(lightClient.reportEquivocation(forged.header, forged.seal));
    const relayer = await world.startRelayer();
    const trade = await agree(world);
    await relayer.complains("LANE_STOPPED", "trade-to-finance");

    const { abi, bytecode } = JSON.parse(
      readFileSync(
        new URL("../../artifacts/contracts/bridge/LightClient.sol/LightClient.json", import.meta.url),
        "utf8",
      ),
    );
    const deployer = developmentWallet("stranger").connect(world.finance.provider);
    const { trustingPeriod, maxClockDrift } = localParameters.trade;
    const { headers } = world.deployment.finance;
    const fresh = await new ContractFactory(abi, bytecode, deployer).deploy(headers, trustingPeriod, maxClockDrift);
    const target = await fresh.getAddress();
    await announce(world.deployment.finance.gateway, gatewayAbi.encodeFunctionData("setLightClient", [target]));
    await expectSound(world);
    expect(await look(world, trade)).to.include({ escrow: EscrowState.Open });
  });
});
