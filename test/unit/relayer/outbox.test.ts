import { expect } from "chai";
import { Transaction } from "ethers";
import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import type { FakeChain } from "../../support/fakes/fake-chain.ts";
import { account, call, direction, OutboxWorld, TARGET, wallet } from "../../support/fakes/outbox-world.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const never = new AbortController().signal;

describe("Outbox", () => {
  let world: OutboxWorld;
  let chain: FakeChain;
  let executed: Hex[];
  beforeEach(() => {
    world = new OutboxWorld();
    ({ chain, executed } = world);
  });
  afterEach(() => world.journal.close());

  const outbox: OutboxWorld["outbox"] = (options) => world.outbox(options);
  const inFlight = () => world.inFlight();

  /** The process ends at some point: what it does throws from there on. */
  async function crash(at: () => void, calls: Hex[] = ["0x01", "0x02"]): Promise<void> {
    at();
    const failure = await outbox()
      .send(calls.map(call), never)
      .catch((error: Error) => error);
    expect(failure).to.be.instanceOf(Error);
    for (const method of ["eth_sendRawTransaction", "eth_getTransactionReceipt"]) chain.script(method, undefined);
  }

  it("sends calls with consecutive nonces and returns their receipts in order", async () => {
    const receipts = await outbox().send(
      ["0x01", "0x02", "0x03"].map((data) => call(data as Hex)),
      never,
    );
    expect(executed).to.deep.equal(["0x01", "0x02", "0x03"]);
    expect(receipts.map((receipt) => receipt?.status)).to.deep.equal(["0x1", "0x1", "0x1"]);
    expect(inFlight()).to.deep.equal([]);
    await outbox().send([call("0x04")], never);
    expect(await chain.nonce(wallet.address as Hex)).to.equal(4);
  });

  it("signs for this chain, with twice the base fee and the priority fee", async () => {
    chain.automine = false;
    const sending = outbox().send([call("0x01")], never);
    while (chain.pool.length === 0) await new Promise(setImmediate);
    expect(chain.pool[0]).to.deep.include({
      chainId: 7102n,
      maxFeePerGas: 17n,
      maxPriorityFeePerGas: 3n,
      gasLimit: 500_000n,
    });
    chain.mine();
    await sending;
  });

  it("pays nothing on a chain without a fee", async () => {
    chain.automine = false;
    chain.baseFee = 0n;
    const { baseFeePerGas: _, ...feeless } = await chain.block(0);
    chain.script("eth_getBlockByNumber", () => feeless);
    const sending = outbox({ priorityFee: 0n }).send([call("0x01")], never);
    while (chain.pool.length === 0) await new Promise(setImmediate);
    expect(chain.pool[0]).to.include({ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n });
    chain.mine();
    await sending;
  });

  it("returns the receipt of a transaction that reverted", async () => {
    const receipts = await outbox().send([call("0xbad0"), call("0x02")], never);
    expect(receipts.map((receipt) => receipt?.status)).to.deep.equal(["0x0", "0x1"]);
  });

  it("journals everything before it broadcasts anything", async () => {
    let seen: number[] = [];
    chain.script("eth_sendRawTransaction", (_, proceed) => {
      if (seen.length === 0) seen = inFlight();
      return proceed();
    });
    await outbox().send([call("0x01"), call("0x02")], never);
    expect(seen).to.deep.equal([0, 1]);
  });

  it("settles nothing when nothing is in flight", async () => {
    await outbox().settle(never);
    expect(chain.requests).to.deep.equal([]);
  });

  describe("sends each once when the process ends", () => {
    const died = () => {
      throw new Error("killed");
    };

    it("after journalling", async () => {
      await crash(() => chain.script("eth_sendRawTransaction", died));
      expect(inFlight()).to.deep.equal([0, 1]);
      await outbox().settle(never);
      expect(executed).to.deep.equal(["0x01", "0x02"]);
    });

    it("between two broadcasts", async () => {
      let calls = 0;
      await crash(() => chain.script("eth_sendRawTransaction", (_, proceed) => (++calls === 2 ? died() : proceed())));
      expect(executed).to.deep.equal(["0x01"]);
      await outbox().settle(never);
      expect(executed).to.deep.equal(["0x01", "0x02"]);
    });

    it("after broadcasting, while the pool has them", async () => {
      chain.automine = false;
      await crash(() => chain.script("eth_getTransactionReceipt", died));
      expect(chain.pool).to.have.length(2);
      const settling = outbox().settle(never);
      await new Promise(setImmediate);
      expect(chain.pool).to.have.length(2);
      chain.mine();
      await settling;
      expect(executed).to.deep.equal(["0x01", "0x02"]);
    });

    it("after mining", async () => {
      await crash(() => chain.script("eth_getTransactionReceipt", died));
      expect(executed).to.have.length(2);
      await outbox().settle(never);
      expect(executed).to.have.length(2);
      expect(inFlight()).to.deep.equal([]);
    });
  });

  it("keeps everything in flight when the node goes down, and goes on when it is back", async () => {
    const unavailable = () => {
      throw new HuangpuError("RPC_UNAVAILABLE", "down");
    };
    chain.script("eth_sendRawTransaction", unavailable);
    await thrown("RPC_UNAVAILABLE", outbox().send([call("0x01")], never));
    expect(inFlight()).to.deep.equal([0]);
    chain.script("eth_sendRawTransaction", undefined);
    await outbox().settle(never);
    expect(executed).to.have.length(1);
  });

  it("signs nothing more than once: what settles has the hash that was journalled", async () => {
    await crash(() => chain.script("eth_sendRawTransaction", () => Promise.reject(new Error("killed"))));
    const hashes = world.journal.transactions
      .inFlight(account)
      .flatMap(({ attempts }) => attempts.map(({ hash }) => hash));
    await outbox().settle(never);
    const receipts = await Promise.all(hashes.map(async (hash) => await chain.receipt(hash)));
    expect(receipts.map((receipt) => receipt?.status)).to.deep.equal(["0x1", "0x1"]);
    expect(executed).to.have.length(2);
  });

  it("fails with DELIVERY_TIMEOUT when a transaction is not mined in time, and leaves it in flight", async () => {
    chain.automine = false;
    const error = await thrown(
      "DELIVERY_TIMEOUT",
      outbox({ receiptTimeoutMs: 20 }).send([call("0x01"), call("0x02")], never),
    );
    expect(error.fields).to.include({ direction, nonce: 0, hash: chain.pool[0]?.hash });
    expect(inFlight()).to.deep.equal([0, 1]);
    chain.mine();
    await outbox().settle(never);
  });

  it("broadcasts again what the node has dropped from its pool", async () => {
    chain.automine = false;
    chain.script("eth_sendRawTransaction", () => "0x");
    await thrown("DELIVERY_TIMEOUT", outbox({ receiptTimeoutMs: 5 }).send([call("0x01")], never));
    expect(chain.pool).to.have.length(0);
    chain.script("eth_sendRawTransaction", undefined);
    chain.automine = true;
    await outbox().settle(never);
    expect(executed).to.have.length(1);
  });

  it("says why the node refuses a transaction that is not mined", async () => {
    const refusal = new HuangpuError("RPC_REJECTED", "refused", { fields: { reason: "insufficient funds" } });
    chain.script("eth_sendRawTransaction", () => Promise.reject(refusal));
    const error = await thrown("DELIVERY_TIMEOUT", outbox({ receiptTimeoutMs: 5 }).send([call("0x01")], never));
    expect(error.cause).to.equal(refusal);
    expect(error.fields["refusal"]).to.equal(refusal.message);
  });

  it("does not hold on to what the node refuses, so that the next round can sign something better", async () => {
    const tooLittle = new HuangpuError("RPC_REJECTED", "refused", { fields: { reason: "intrinsic gas too low" } });
    chain.script("eth_sendRawTransaction", (params, proceed) => {
      if (Transaction.from(params[0] as Hex).gasLimit < 600_000n) throw tooLittle;
      return proceed();
    });
    await thrown("DELIVERY_TIMEOUT", outbox({ receiptTimeoutMs: 5 }).send([call("0x01"), call("0x02")], never));
    expect(inFlight()).to.deep.equal([]);
    await outbox().settle(never);
    expect(await outbox().send([{ ...call("0x03"), gasLimit: 700_000n }], never)).to.have.length(1);
    expect(executed).to.deep.equal(["0x03"]);
  });

  describe("when another transaction took a nonce", () => {
    const other = async (nonce: number): Promise<void> => {
      const fields = {
        type: 2,
        chainId: 7102,
        nonce,
        to: TARGET,
        data: "0xff",
        gasLimit: 100_000n,
        maxFeePerGas: 100n,
      };
      await chain.sendRaw((await wallet.signTransaction({ ...fields, maxPriorityFeePerGas: 1n })) as Hex);
    };

    it("forgets the one that was replaced and goes on", async () => {
      await crash(() => chain.script("eth_sendRawTransaction", () => Promise.reject(new Error("killed"))), ["0x01"]);
      await other(0);
      await outbox().settle(never);
      expect(inFlight()).to.deep.equal([]);
      expect(executed).to.deep.equal(["0xff"]);
      expect(await outbox().send([call("0x02")], never)).to.have.length(1);
    });

    it("keeps every other receipt at the place of its call", async () => {
      let raced = false;
      chain.script("eth_sendRawTransaction", async (params, proceed) => {
        if (!raced && Transaction.from(params[0] as Hex).data === "0x01") {
          raced = true;
          await other(0);
        }
        return proceed();
      });
      const receipts = await outbox().send([call("0x01"), call("0x02")], never);
      expect(executed).to.deep.equal(["0xff", "0x02"]);
      expect(receipts).to.have.length(2);
      expect(receipts[0]).to.equal(undefined);
      expect(receipts[1]?.status).to.equal("0x1");
    });
  });

  it("stops waiting when it is aborted, and leaves everything in flight", async () => {
    chain.automine = false;
    const abort = new AbortController();
    const sending = outbox().send([call("0x01")], abort.signal);
    while (chain.pool.length === 0) await new Promise(setImmediate);
    abort.abort();
    const failure = await sending.catch((error: Error) => error);
    expect(failure).to.have.property("name", "AbortError");
    expect(inFlight()).to.deep.equal([0]);
  });
});
