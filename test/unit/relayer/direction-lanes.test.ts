import { expect } from "chai";
import { Transaction } from "ethers";
import { Gateway } from "../../../src/chains/gateway.ts";
import { leastDeliveryGas } from "../../../src/core/delivery-plan.ts";
import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { headSlot } from "../../../src/core/message-chain.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import { eventsOf, tradeToFinance } from "../../support/fakes/direction.ts";
import { refused } from "../../support/fakes/fake-chain.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { sendMany, type TwoChains, twoChains } from "../../support/fakes/two-chains.ts";

const [ANN, BOB] = [`0x01${"00".repeat(19)}`, `0x02${"00".repeat(19)}`] as [Hex, Hex];
const direction = "trade-to-finance";
const never = new AbortController().signal;

describe("DirectionRelay and its lanes", function () {
  this.timeout(30_000);
  let world: TwoChains;
  let journal: Journal;
  beforeEach(() => {
    world = twoChains();
    journal = new Journal(":memory:");
  });
  afterEach(() => journal.close());

  const start = (options = {}) => tradeToFinance(world, journal, options);
  const delivered = () => world.financeGateway.delivered.length;
  const transactions = () => world.finance.countOf("eth_sendRawTransaction");
  const unprovable = (sender: Hex) =>
    world.trade.script("eth_getProof", (params, proceed) => {
      if ((params[1] as Hex[])[0] === headSlot(sender)) throw refused("The state is pruned");
      return proceed();
    });

  describe("after a delivery that reverted though nobody was faster", () => {
    const refusing = () => {
      world.financeGateway.refusing = true;
      world.finance.estimate = () => {
        if (world.financeGateway.refusing) throw refused("execution reverted");
        return 700_000n;
      };
    };

    it("pays for no other one until a call that is not sent succeeds", async () => {
      sendMany(world, ANN, 3);
      refusing();
      const { round } = start();
      await thrown("DELIVERY_REVERTED", round(never));
      expect(transactions()).to.equal(1);
      for (let again = 0; again < 5; again++) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        const error = await thrown("DELIVERY_REVERTED", round(never));
        expect(error.fields).to.include({ direction, sender: ANN, reason: "execution reverted" });
      }
      expect(transactions()).to.equal(1);
      world.financeGateway.refusing = false;
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await round(never)).to.equal(true);
      expect(delivered()).to.equal(3);
    });

    it("sends one at a time until one succeeds, with the gas that the trial needed", async () => {
      sendMany(world, ANN, 30);
      refusing();
      const { round } = start({ maxGasPerTransaction: 6_000_000n });
      await thrown("DELIVERY_REVERTED", round(never));
      world.financeGateway.refusing = false;
      world.finance.estimate = () => 5_000_000n;
      const limits: bigint[] = [];
      world.finance.script("eth_sendRawTransaction", (params, proceed) => {
        limits.push(Transaction.from(params[0] as Hex).gasLimit);
        return proceed();
      });
      await new Promise((resolve) => setTimeout(resolve, 5));
      await round(never);
      expect(delivered()).to.equal(30);
      expect(limits[0]).to.equal(6_000_000n);
    });

    it("pays for five at most, whatever the endpoint says, until the cursor moves", async () => {
      sendMany(world, ANN, 3);
      world.financeGateway.refusing = true;
      const { relay, round, events } = start();
      for (let again = 0; again < 9; again++) {
        await relay.round(never).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(transactions()).to.equal(5);
      expect(eventsOf(events, "alarm").map(({ reason, fields }) => [reason, fields])).to.deep.equal([
        ["deliveriesRefused", { sender: ANN, refused: 5, delivered: 0 }],
      ]);

      world.financeGateway.refusing = false;
      await thrown("DELIVERY_REVERTED", round(never));
      const other = new Journal(":memory:");
      await tradeToFinance({ ...world, relayer: world.attestors[0] as never }, other).round(never);
      other.close();
      sendMany(world, ANN, 1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await round(never)).to.equal(true);
      expect(delivered()).to.equal(4);
    });

    it("pays for five at most when the endpoint makes believe that another relayer was first", async () => {
      const [first] = sendMany(world, ANN, 3);
      world.financeGateway.refusing = true;
      let reverted = false;
      world.finance.script("eth_getTransactionReceipt", async (_, proceed) => {
        reverted = true;
        return await proceed();
      });
      const real = world.destination.cursor.bind(world.destination);
      world.destination.cursor = async (sender, block) => {
        const lie = reverted;
        reverted = false;
        return lie ? (first?.id as Hex) : await real(sender, block);
      };
      const { relay, events } = start();
      for (let again = 0; again < 12; again++) {
        await relay.round(never).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(eventsOf(events, "overtaken").length).to.be.within(1, 5);
      expect(transactions()).to.equal(5);
    });

    it("asks all endpoints for the cursor, at a block that they have, before it pays again", async () => {
      sendMany(world, ANN, 3);
      world.financeGateway.refusing = true;
      const { round } = start();
      await thrown("DELIVERY_REVERTED", round(never));
      let asked = 0;
      const compared = new Gateway(world.finance, world.destination.address);
      compared.cursor = async (_, block) => {
        asked++;
        expect(block).to.equal(world.finance.height);
        throw new HuangpuError("RPC_DISAGREEMENT", "The providers disagree");
      };
      world.destination.pinned = () => compared;
      await new Promise((resolve) => setTimeout(resolve, 5));
      await thrown("RPC_DISAGREEMENT", round(never));
      expect(asked).to.equal(1);
      expect(transactions()).to.equal(1);
    });
  });

  it("tries a sender that fails again later and later, and others at once", async () => {
    sendMany(world, ANN, 1);
    unprovable(ANN);
    const { relay, events } = start({ retryMs: 60_000, maxRetryMs: 60_000 });
    for (let round = 1; round <= 4; round++) {
      sendMany(world, BOB, 1);
      expect(await relay.round(never)).to.equal(true);
      expect(delivered()).to.equal(round);
    }
    expect(eventsOf(events, "delayed").map(({ error }) => error.code)).to.deep.equal(["RPC_REJECTED"]);
  });

  it("keeps a proof for whatever fails after it, also beyond a restart", async () => {
    sendMany(world, ANN, 3);
    world.finance.script("eth_sendRawTransaction", () => {
      throw refused("insufficient funds for gas");
    });
    await thrown("DELIVERY_TIMEOUT", start({ receiptTimeoutMs: 5 }).round(never));
    expect(world.attestations.asked).to.have.length(1);
    world.finance.script("eth_sendRawTransaction", undefined);
    world.trade.mine(5);
    await start().round(never);
    expect(delivered()).to.equal(3);
    expect(world.attestations.asked).to.have.length(1);
    expect(world.trade.countOf("eth_getProof")).to.equal(1);
  });

  it("makes a new proof at the newest block when the one that was kept does not hold, or is too short", async () => {
    sendMany(world, ANN, 3);
    world.finance.script("eth_sendRawTransaction", () => {
      throw refused("insufficient funds for gas");
    });
    const failing = start({ receiptTimeoutMs: 5 });
    await thrown("DELIVERY_TIMEOUT", failing.round(never));
    world.finance.script("eth_sendRawTransaction", undefined);
    sendMany(world, ANN, 1);
    await start().round(never);
    expect(delivered()).to.equal(4);
    expect(world.attestations.asked.map(({ number }) => number)).to.deep.equal([3, 4]);
  });

  it("falls back to a newer block when the state of the one it chose is pruned", async () => {
    sendMany(world, ANN, 3);
    world.trade.script("eth_getProof", ([, , number], proceed) => {
      if (Number(number) < 10) throw refused("World state unavailable");
      return proceed();
    });
    const { round, events } = start();
    await thrown("RPC_REJECTED", round(never));
    world.trade.mine(10);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await round(never);
    expect(delivered()).to.equal(3);
    expect(eventsOf(events, "proven").map(({ block }) => block)).to.deep.equal([13]);
  });

  it("raises one alarm when what waits comes near the end of what can be proven", async () => {
    sendMany(world, ANN, 1);
    world.attestations.signers = [];
    const { relay, events } = start({ proofWindowBlocks: 40 });
    for (let round = 0; round < 8; round++) {
      await relay.round(never).catch(() => undefined);
      world.trade.mine(6);
    }
    const alarms = eventsOf(events, "alarm");
    expect(alarms.map(({ reason }) => reason)).to.deep.equal(["proofWindow"]);
    expect(alarms[0]?.fields).to.include({ oldestPendingBlock: 1, proofWindowBlocks: 40, sourceBlock: 37 });
  });

  it("asks for no more gas than the destination's blocks have", async () => {
    world.finance.gasLimit = 5_000_000n;
    world.finance.mine();
    sendMany(world, ANN, 40);
    const limits: bigint[] = [];
    world.finance.script("eth_sendRawTransaction", (params, proceed) => {
      limits.push(Transaction.from(params[0] as Hex).gasLimit);
      return proceed();
    });
    await start().round(never);
    expect(delivered()).to.equal(40);
    expect(limits.every((limit) => limit <= 5_000_000n)).to.equal(true);
  });

  it("fails with GAS_LIMIT_TOO_LOW, and pays for nothing, where no message fits into a block", async () => {
    sendMany(world, ANN, 40);
    world.finance.script("eth_getBlockByNumber", async (params, proceed) => ({
      ...((await proceed()) as object),
      ...(params[0] === "latest" ? { gasLimit: "0x61a80" } : {}),
    }));
    const { relay, round } = start();
    const error = await thrown("GAS_LIMIT_TOO_LOW", round(never));
    const { messageGasLimit } = await world.destination.lane();
    expect(error.fields).to.deep.equal({
      direction: relay.name,
      perTransaction: "400000",
      needed: leastDeliveryGas(messageGasLimit).toString(),
    });
    expect(transactions()).to.equal(0);
    expect(world.attestations.asked).to.deep.equal([]);
    world.finance.script("eth_getBlockByNumber", undefined);
    await round(never);
    expect(delivered()).to.equal(40);
  });

  it("learns of each sender on its own what its messages take", async () => {
    const { round, events } = start({ maxGasPerTransaction: 6_000_000n });
    sendMany(world, ANN, 1);
    await round(never);
    sendMany(world, ANN, 9);
    sendMany(world, BOB, 9);
    world.finance.estimate = () => 1_000_000n;
    await round(never);
    const counts = (sender: Hex) =>
      eventsOf(events, "delivered")
        .filter((event) => event.sender === sender)
        .map(({ count }) => count);
    expect(counts(ANN)).to.deep.equal([1, 9]);
    expect(counts(BOB).length).to.be.above(1);
  });

  it("leaves a message to the relayer whose turn it is, and takes it when that one does not come", async () => {
    sendMany(world, ANN, 1);
    // Ann's turn is the first relayer's, by the end of her address.
    const backup = start({ standby: { index: 1, of: 3, delayMs: 60 } });
    expect(await backup.round(never)).to.equal(false);
    expect(transactions()).to.equal(0);
    await new Promise((resolve) => setTimeout(resolve, 70));
    expect(await backup.round(never)).to.equal(true);
    expect(delivered()).to.equal(1);
  });

  it("proves nothing at a block for which another relayer was faster than its proof", async () => {
    sendMany(world, ANN, 2);
    const { round, events } = start();
    const other = new Journal(":memory:");
    const { collectSeal } = world.attestations;
    world.attestations.collectSeal = async (...request) => {
      world.attestations.collectSeal = collectSeal;
      await tradeToFinance({ ...world, relayer: world.attestors[0] as never }, other).round(never);
      return await collectSeal.apply(world.attestations, request);
    };
    expect(await round(never)).to.equal(true);
    expect(eventsOf(events, "sent")).to.deep.equal([]);
    expect(delivered()).to.equal(2);
    other.close();
  });

  it("has a block attested once for all senders, and leaves the seal out once the destination holds it", async () => {
    sendMany(world, ANN, 1);
    sendMany(world, BOB, 1);
    const { round, events } = start();
    await round(never);
    expect(delivered()).to.equal(2);
    expect(world.attestations.asked.map(({ number }) => number)).to.deep.equal([2]);
    expect(eventsOf(events, "proven").map(({ signers }) => signers)).to.deep.equal([3, 0]);
  });

  it("shows the seal again when the destination has lost the header", async () => {
    sendMany(world, ANN, 1);
    sendMany(world, BOB, 1);
    const { round, events } = start({ destinationConfirmations: 5 });
    await round(never);
    world.finance.reorganise(2);
    journal.transactions.abandon({ chainId: 7102, address: world.relayer.address.toLowerCase() as Hex });
    world.finance.mine(3);
    for (let again = 0; again < 3 && delivered() < 2; again++) {
      await round(never).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(delivered()).to.equal(2);
    expect(eventsOf(events, "halted")).to.deep.equal([]);
  });
});
