import { expect } from "chai";
import { Transaction } from "ethers";
import type { Hex } from "../../../src/core/hex.ts";
import type { RelayerEvent } from "../../../src/relayer/events.ts";
import type { Journal } from "../../../src/relayer/journal.ts";
import type { OutboxOptions } from "../../../src/relayer/outbox.ts";
import type { FakeChain } from "../../support/fakes/fake-chain.ts";
import { account, call, direction, OutboxWorld, TARGET, wallet } from "../../support/fakes/outbox-world.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const never = new AbortController().signal;

describe("Outbox, against a chain that does not do as it should,", () => {
  let world: OutboxWorld;
  let chain: FakeChain;
  let journal: Journal;
  let executed: Hex[];
  let events: RelayerEvent[];
  beforeEach(() => {
    world = new OutboxWorld();
    ({ chain, journal, executed, events } = world);
  });
  afterEach(() => journal.close());

  const outbox: OutboxWorld["outbox"] = (options) => world.outbox(options);
  const inFlight = () => world.inFlight();

  describe("replaces what is stuck", () => {
    const stuck = async (options: Partial<OutboxOptions> & { priorityFee?: bigint } = {}) => {
      const own = outbox({ receiptTimeoutMs: 20, ...options });
      await thrown("DELIVERY_TIMEOUT", blocksMeanwhile(own.send([call("0x01")], never)));
      return own;
    };
    /** Blocks are made while something waits, and hold nothing of it. */
    const blocksMeanwhile = async <T>(waiting: Promise<T>): Promise<T> => {
      const making = setInterval(() => chain.mine(), 2);
      return await waiting.finally(() => clearInterval(making));
    };
    const replaced = () => events.filter((event) => event.type === "replaced");

    beforeEach(() => {
      chain.baseFee = 7n;
    });

    it("with the same nonce and both fees raised by an eighth at least, once blocks went by", async () => {
      chain.automine = false;
      chain.script("eth_getBlockByNumber", (_, proceed) => ({ ...(proceed() as object), baseFeePerGas: "0x7" }));
      chain.baseFee = 19n;
      const own = await stuck();
      expect(replaced()).to.have.length(1);
      expect(replaced()[0]).to.include({ nonce: 0, attempt: 2, maxFeePerGas: 20n });
      expect(chain.pool).to.have.length(1);
      expect(chain.pool[0]).to.include({ nonce: 0, maxFeePerGas: 20n, maxPriorityFeePerGas: 4n });
      chain.mine();
      await own.settle(never);
      expect(executed).to.deep.equal(["0x01"]);
      expect(inFlight()).to.deep.equal([]);
    });

    it("journals the replacement before it is broadcast", async () => {
      chain.baseFee = 500n;
      chain.script("eth_getBlockByNumber", (_, proceed) => ({ ...(proceed() as object), baseFeePerGas: "0x7" }));
      let seen = 0;
      chain.script("eth_sendRawTransaction", (params, proceed) => {
        const { hash } = Transaction.from(params[0] as Hex);
        const [known] = journal.transactions.inFlight(account);
        expect(known?.attempts.map((attempt) => attempt.hash)).to.include(hash);
        seen = Math.max(seen, known?.attempts.length ?? 0);
        return proceed();
      });
      await stuck();
      expect(seen).to.equal(2);
    });

    it("and takes whichever attempt is mined for the call's", async () => {
      chain.baseFee = 500n;
      chain.script("eth_getBlockByNumber", (_, proceed) => ({ ...(proceed() as object), baseFeePerGas: "0x7" }));
      const own = await stuck();
      const [first] = journal.transactions.inFlight(account)[0]?.attempts ?? [];
      chain.dropPool();
      chain.baseFee = 1n;
      await chain.sendRaw(first?.raw as Hex);
      await own.settle(never);
      expect(executed).to.deep.equal(["0x01"]);
      expect(inFlight()).to.deep.equal([]);
    });

    it("again and again up to the ceiling; there it raises one alarm and waits", async () => {
      chain.baseFee = 10_000n;
      chain.script("eth_getBlockByNumber", (_, proceed) => ({ ...(proceed() as object), baseFeePerGas: "0x7" }));
      const own = await stuck({ fees: { priorityFee: 3n, ceiling: 24n, bumpPercent: 12.5 } });
      for (let round = 0; round < 4; round++) {
        await thrown("DELIVERY_TIMEOUT", blocksMeanwhile(own.settle(never)));
      }
      expect(replaced().map((event) => event.maxFeePerGas)).to.deep.equal([20n, 23n]);
      expect(events.filter(({ type }) => type === "alarm")).to.deep.equal([
        { type: "alarm", direction, reason: "feeCeiling", fields: { nonce: 0, maxFeePerGas: "23" } },
      ]);
      chain.baseFee = 23n;
      chain.mine();
      await own.settle(never);
      expect(executed).to.deep.equal(["0x01"]);
    });

    it("but not while no block is made", async () => {
      chain.baseFee = 500n;
      chain.automine = false;
      await thrown("DELIVERY_TIMEOUT", outbox({ receiptTimeoutMs: 20 }).send([call("0x01")], never));
      expect(replaced()).to.deep.equal([]);
      expect(chain.pool).to.have.length(1);
    });

    it("but only sends it again where nothing is charged", async () => {
      chain.baseFee = 0n;
      chain.mine();
      chain.automine = false;
      chain.script("eth_sendRawTransaction", () => "0x");
      const own = await stuck({ priorityFee: 0n });
      expect(replaced()).to.deep.equal([]);
      chain.script("eth_sendRawTransaction", undefined);
      chain.automine = true;
      await own.settle(never);
      expect(executed).to.deep.equal(["0x01"]);
    });

    it("outbids what somebody left in the pool with the nonce", async () => {
      chain.automine = false;
      const fields = { type: 2, chainId: 7102, nonce: 0, to: TARGET, data: "0xff", gasLimit: 100_000n };
      const fees = { maxFeePerGas: 18n, maxPriorityFeePerGas: 3n };
      await chain.sendRaw((await wallet.signTransaction({ ...fields, ...fees })) as Hex);
      const own = outbox({ receiptTimeoutMs: 10 });
      await thrown("DELIVERY_TIMEOUT", own.send([call("0x01")], never));
      expect(replaced()).to.have.length(1);
      expect(chain.pool.map(({ data }) => data)).to.deep.equal(["0x01"]);
      chain.mine();
      await own.settle(never);
      expect(executed).to.deep.equal(["0x01"]);
    });
  });

  describe("follows a chain that goes back", () => {
    it("and sends again what is not mined any more, until it is final", async () => {
      const own = outbox({ confirmations: 3 });
      await own.send([call("0x01"), call("0x02")], never);
      expect(inFlight()).to.deep.equal([]);
      chain.reorganise(1);
      await own.settle(never);
      expect(executed).to.deep.equal(["0x01", "0x02", "0x02"]);
      chain.mine(3);
      await own.settle(never);
      expect(journal.transactions.nonces(account)).to.deep.equal([]);
    });

    it("and signs anew from its next nonce when what came before is lost", async () => {
      chain.mine();
      await outbox().send([call("0x01"), call("0x02")], never);
      chain.automine = false;
      const own = outbox({ receiptTimeoutMs: 20 });
      await thrown("DELIVERY_TIMEOUT", own.send([call("0x03")], never));
      chain.reorganise(2);
      chain.dropPool();
      await thrown("DELIVERY_TIMEOUT", own.settle(never));
      expect(inFlight()).to.deep.equal([]);
      chain.automine = true;
      await own.send([call("0x04")], never);
      expect(await chain.nonce(account.address)).to.equal(1);
    });

    it("but never signs a nonce that is in use for a node that lags", async () => {
      const own = outbox({ confirmations: 3 });
      await own.send([call("0x01")], never);
      chain.script("eth_getTransactionCount", () => "0x0");
      await thrown("BLOCK_UNKNOWN", own.sign([call("0x02")]));
      chain.script("eth_getTransactionCount", undefined);
      const [next] = await own.sign([call("0x02")]);
      expect(next?.nonce).to.equal(1);
    });
  });
});
