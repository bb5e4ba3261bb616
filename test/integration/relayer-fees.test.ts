import { expect } from "chai";
import { developmentWallet } from "../../src/config/development.ts";
import { eventuallyTrue } from "../support/world/eventually.ts";
import { expectSound } from "../support/world/ledger.ts";
import { agree, EscrowState, look } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const GWEI = 1_000_000_000n;

describe("a relayer whose transaction is stuck", function () {
  this.timeout(60_000);
  let world: World;

  beforeEach(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
  });

  afterEach(async () => {
    await rpc("evm_setAutomine", true);
    await world?.stop();
  });

  const rpc = async (method: string, ...params: unknown[]) => await world.finance.provider.send(method, params);
  const mineAt = async (baseFee: bigint) => {
    await rpc("hardhat_setNextBlockBaseFeePerGas", `0x${baseFee.toString(16)}`);
    await rpc("hardhat_mine", "0x1");
  };

  it("replaces it with a dearer one of the same nonce, of which one is mined", async () => {
    await rpc("evm_setAutomine", false);
    const before = await world.finance.provider.getTransactionCount(developmentWallet("relayer").address);
    const relayer = await world.startRelayer({ receiptTimeoutMs: 200 });
    const trade = await agree(world);
    await eventuallyTrue("the delivery to be sent", () => relayer.told("sent").length > 0);

    await mineAt(100n * GWEI);
    await eventuallyTrue("a replacement", async () => {
      await mineAt(100n * GWEI);
      return relayer.told("replaced").length > 0;
    });
    const [first] = relayer.told("sent");
    const [second] = relayer.told("replaced");
    expect(second).to.include({ nonce: first?.nonce, attempt: 2 });
    expect((second?.maxFeePerGas ?? 0n) * 1_000n >= (first?.maxFeePerGas ?? 0n) * 1_125n).to.equal(true);

    await eventuallyTrue("the escrow to open", async () => {
      await rpc("hardhat_mine", "0x1");
      return (await look(world, trade)).escrow === EscrowState.Open;
    });
    await rpc("evm_setAutomine", true);
    await world.settled();
    expect(await world.finance.provider.getTransactionCount(developmentWallet("relayer").address)).to.equal(before + 1);
    await expectSound(world);
  });

  it("comes through when the node loses its transactions", async () => {
    await rpc("evm_setAutomine", false);
    const relayer = await world.startRelayer({ receiptTimeoutMs: 400 });
    const trade = await agree(world);
    await eventuallyTrue("the delivery to be sent", () => relayer.told("sent").length > 0);
    const [sent] = relayer.told("sent");
    await eventuallyTrue("the pool to have it", async () => await rpc("hardhat_dropTransaction", sent?.hash));
    await eventuallyTrue("the escrow to open", async () => {
      await rpc("hardhat_mine", "0x1");
      return (await look(world, trade)).escrow === EscrowState.Open;
    });
    await rpc("evm_setAutomine", true);
    await world.settled();
    await expectSound(world);
  });
});
