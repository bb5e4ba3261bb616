import { expect } from "chai";
import { Chain } from "../../../src/chains/chain.ts";
import { pinned } from "../../../src/chains/pinned-chain.ts";
import type { ProviderEvent } from "../../../src/chains/provider-events.ts";
import { ChainOfNodes } from "../../support/fakes/chain-of-nodes.ts";
import { type FakeNode, on, refusal, result } from "../../support/fakes/fake-node.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const LOG = { topics: ["0x0A"], data: "0x02", blockNumber: "0x055" };
const GATEWAY = `0x${"7a".repeat(20)}` as const;

describe("pinned", () => {
  let chain: Chain;
  let nodes: readonly FakeNode[];
  let events: readonly ProviderEvent[];
  let world: ChainOfNodes;
  const node = (index: number) => world.node(index);
  const forget = () => {
    for (const { asked } of nodes) asked.length = 0;
  };

  async function start(count: number): Promise<void> {
    world = await ChainOfNodes.start(count);
    ({ chain, nodes, events } = world);
    if (count > 1) await chain.providers.survey();
    forget();
  }

  afterEach(async () => await world.close());

  it("is the chain itself when there is one endpoint", async () => {
    await start(1);
    expect(pinned(chain)).to.equal(chain);
  });

  it("asks one provider only for what is of no block, and has no other to go on with", async () => {
    await start(2);
    const unit = pinned(chain);
    await unit.call(GATEWAY, "0x01");
    await unit.nonce(GATEWAY);
    expect(node(1).asked).to.deep.equal([]);
    node(0).quirk = () => ({ status: 500, body: "" });
    await thrown("RPC_UNAVAILABLE", unit.nonce(GATEWAY));
    expect(node(1).asked).to.deep.equal([]);
    await pinned(chain).nonce(GATEWAY);
    expect(node(1).asked).to.deep.equal(["eth_getTransactionCount"]);
  });

  describe("goes by the others", () => {
    beforeEach(async () => await start(3));

    it("no further than one of them has come", async () => {
      [node(0).head, node(1).head, node(2).head] = [104, 101, 102];
      expect(await pinned(chain).blockNumber()).to.equal(102);
    });

    it("no further than they have come, when it invents blocks", async () => {
      node(0).head = 1_000_000;
      expect(await pinned(chain).blockNumber()).to.equal(100);
    });

    it("by its own word when the others do not answer", async () => {
      for (const index of [1, 2]) node(index).quirk = () => ({ status: 500, body: "" });
      node(0).head = 104;
      expect(await pinned(chain).blockNumber()).to.equal(104);
      expect(await pinned(chain).block(104)).to.include({ hash: node(0).hashOf(104) });
    });

    it("not by one that lags", async () => {
      [node(0).head, node(1).head, node(2).head] = [110, 110, 50];
      await chain.providers.survey();
      node(2).fork = "other";
      node(2).head = 110;
      expect(await pinned(chain).block(110)).to.include({ hash: node(0).hashOf(110) });
    });

    it("without asking them again for what they have confirmed", async () => {
      const look = async () => {
        const unit = pinned(chain);
        await unit.block(await unit.blockNumber());
      };
      await look();
      expect(node(1).asked).to.deep.equal(["eth_blockNumber", "eth_getBlockByNumber"]);
      forget();
      await look();
      expect([...node(1).asked, ...node(2).asked]).to.deep.equal([]);
      for (const each of nodes) each.head++;
      await look();
      expect(node(1).asked).to.deep.equal(["eth_blockNumber", "eth_getBlockByNumber"]);
    });
  });

  for (const liar of [0, 1, 2]) {
    describe(`stops with RPC_DISAGREEMENT and tells it when provider ${liar + 1} of 3`, () => {
      beforeEach(async () => await start(3));

      it("has another block at a final height", async () => {
        node(liar).fork = "forged";
        const error = await thrown("RPC_DISAGREEMENT", pinned(chain).block(90));
        const answers = Object.fromEntries(nodes.map((each) => [each.name, each.hashOf(90)]));
        expect(error.fields).to.deep.equal({ chain: "trade", subject: "the hash of block 90", answers });
        expect(events.at(-1)).to.deep.equal({
          type: "disagreed",
          chain: "trade",
          subject: "the hash of block 90",
          answers,
        });
      });

      it("says something else of the state at a block", async () => {
        node(liar).said = "0x02";
        const error = await thrown("RPC_DISAGREEMENT", pinned(chain).call(GATEWAY, "0x01", 90));
        expect(error.fields["subject"]).to.equal("the state at block 90");
      });

      it("leaves out a log", async () => {
        for (const each of nodes) each.logs = [LOG, LOG];
        node(liar).logs = [LOG];
        const error = await thrown("RPC_DISAGREEMENT", pinned(chain).logs(GATEWAY, [], 81, 90));
        expect(error.fields["subject"]).to.equal("the logs of blocks 81 to 90");
      });

      it("alters a log", async () => {
        for (const each of nodes) each.logs = [LOG];
        node(liar).logs = [{ ...LOG, data: "0x03" }];
        await thrown("RPC_DISAGREEMENT", pinned(chain).logs(GATEWAY, [], 81, 90));
      });
    });
  }

  it("does not believe either of two that contradict one another, whichever is asked first", async () => {
    await start(2);
    node(1).fork = "forged";
    for (let index = 0; index < 6; index++) {
      await thrown("RPC_DISAGREEMENT", pinned(chain).block(90));
      chain.passOver();
    }
    expect(node(0).asked.length).to.equal(node(1).asked.length);
  });

  it("compares logs with another provider, whoever compared their last block before", async () => {
    await start(2);
    await pinned(chain).block(90);
    node(1).logs = [LOG];
    for (let index = 0; index < 4; index++) {
      await thrown("RPC_DISAGREEMENT", pinned(chain).logs(GATEWAY, [], 81, 90));
      chain.passOver();
    }
  });

  it("compares from the first request on, before any survey", async () => {
    await start(2);
    const fresh = new Chain(chain.options);
    node(1).fork = "forged";
    await thrown("RPC_DISAGREEMENT", pinned(fresh).block(90));
    fresh.close();
  });

  it("goes on by itself when the one that was wrong is mended", async () => {
    await start(2);
    node(1).fork = "forged";
    await thrown("RPC_DISAGREEMENT", pinned(chain).block(90));
    node(1).fork = "main";
    expect(await pinned(chain).block(90)).to.include({ hash: node(0).hashOf(90) });
  });

  it("does not take a missing block, an error or another spelling for a contradiction", async () => {
    await start(4);
    for (const each of nodes) each.logs = [LOG];
    node(1).head = 80;
    node(1).logs = [];
    node(2).quirk = (request) =>
      ["eth_getLogs", "eth_call"].includes(request.method)
        ? refusal(request, { code: -32_005, message: "limit exceeded" })
        : undefined;
    node(3).said = "0xAB";
    for (const index of [0, 1]) node(index).said = "0xab";
    node(3).logs = [{ ...LOG, topics: ["0x0a"], blockNumber: "0x55" }];
    const unit = pinned(chain);
    await unit.block(90);
    expect(await unit.logs(GATEWAY, [], 81, 90)).to.have.length(1);
    expect(await unit.call(GATEWAY, "0x01", 90)).to.equal("0xab");
    expect(node(1).asked).to.not.include("eth_getLogs");
    expect(node(3).asked).to.include("eth_getLogs");
    expect(events.filter(({ type }) => type === "disagreed")).to.deep.equal([]);
  });

  it("fails with RPC_INCONSISTENT when the last block of a range is another one after its logs were read", async () => {
    await start(2);
    node(0).quirk = on("eth_getLogs", (request) => {
      node(0).fork = "other";
      return result(request, []);
    });
    const unit = pinned(chain);
    await unit.block(90);
    const error = await thrown("RPC_INCONSISTENT", unit.logs(GATEWAY, [], 81, 90));
    expect(error.fields).to.include({ provider: node(0).name, number: 90, after: node(0).hashOf(90) });
  });
});
