import { expect } from "chai";
import type { Chain } from "../../../src/chains/chain.ts";
import { ChainOfNodes } from "../../support/fakes/chain-of-nodes.ts";
import type { FakeClock } from "../../support/fakes/fake-clock.ts";
import { type FakeNode, on, type Quirk, refusal, result } from "../../support/fakes/fake-node.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const ACCOUNT = `0x${"a1".repeat(20)}` as const;

describe("Providers", () => {
  let clock: FakeClock;
  let chain: Chain;
  let nodes: readonly FakeNode[];
  let world: ChainOfNodes;
  const node = (index: number) => world.node(index);
  const taken = (index: number) => world.taken(index);
  const changes = () => world.changes();

  async function start(count: number, { timeoutMs = 2_000 } = {}): Promise<void> {
    world = await ChainOfNodes.start(count, timeoutMs);
    ({ clock, chain, nodes } = world);
  }

  afterEach(async () => await world.close());

  describe("with a single endpoint", () => {
    beforeEach(async () => await start(1));

    it("asks nothing but what is asked for", async () => {
      await chain.blockNumber();
      await chain.block(3);
      expect(node(0).asked).to.deep.equal(["eth_blockNumber", "eth_getBlockByNumber"]);
    });

    it("goes on asking, however often it has failed, because there is no other", async () => {
      node(0).quirk = () => ({ status: 500, body: "" });
      for (let index = 0; index < 6; index++) await thrown("RPC_UNAVAILABLE", chain.blockNumber());
      expect(node(0).asked).to.have.length(6);
      node(0).quirk = () => undefined;
      expect(await chain.blockNumber()).to.equal(100);
      expect(changes()).to.deep.equal([
        [node(0).name, "down"],
        [node(0).name, "up"],
      ]);
    });
  });

  describe("asks", () => {
    beforeEach(async () => await start(3));

    it("the first of the configuration, and makes sure once that it serves the chain", async () => {
      for (let index = 0; index < 3; index++) await chain.nonce(ACCOUNT);
      const method = "eth_getTransactionCount";
      expect(node(0).asked).to.deep.equal(["eth_chainId", method, method, method]);
      expect([...node(1).asked, ...node(2).asked]).to.deep.equal([]);
    });

    const faults: [name: string, quirk: Quirk][] = [
      ["breaks the connection", () => ({ status: 200, headers: { "content-length": "999999" }, body: "{" })],
      ["says nothing", () => "hang"],
      ["has status 503", () => ({ status: 503, body: "overloaded" })],
      ["has status 429", () => ({ status: 429, body: "slow down" })],
      ["answers HTML", () => ({ body: "<html>" })],
      ["answers another request", (request) => result({ ...request, id: 77 }, "0x1")],
      ["answers with what is no number", (request) => result(request, "soon")],
      ["answers with an error under status 500", (request) => refusal(request, { code: -32_000, message: "no" }, 500)],
      ["does not have the block", (request) => refusal(request, { code: -32_000, message: "header not found" })],
      ["has pruned the state", (request) => refusal(request, { code: -32_000, message: "missing trie node 1a2b" })],
      ["lacks the world state", (request) => refusal(request, { code: -32_000, message: "World state unavailable" })],
      ["has no such method", (request) => refusal(request, { code: -32_601, message: "Method not found" })],
      ["sets a limit", (request) => refusal(request, { code: -32_005, message: "limit exceeded" })],
    ];
    for (const [name, quirk] of faults) {
      it(`the next one within the same request when the first ${name}`, async () => {
        await start(3, { timeoutMs: 60 });
        node(0).quirk = on("eth_getTransactionCount", quirk);
        node(1).said = "0x2a";
        expect(await chain.nonce(ACCOUNT)).to.equal(42);
        expect(taken(2)).to.deep.equal([]);
      });
    }

    it("the next one with a raw transaction too", async () => {
      node(0).quirk = on("eth_sendRawTransaction", () => "hang");
      await start(2, { timeoutMs: 60 });
      node(0).quirk = on("eth_sendRawTransaction", () => "hang");
      await chain.sendRaw("0x02");
      expect([taken(0), taken(1)]).to.deep.equal([["eth_sendRawTransaction"], ["eth_sendRawTransaction"]]);
    });

    it("nobody else when the answer is an error that the chain gave", async () => {
      for (const error of [
        { code: 3, message: "execution reverted", data: "0x4e487b71" },
        { code: 3, message: "execution reverted: header not found", data: { data: "0x08c379a0" } },
        { code: -32_000, message: "nonce too low" },
        { code: -32_000, message: "insufficient funds for gas * price + value" },
      ]) {
        node(0).quirk = on("eth_call", (request) => refusal(request, error));
        await thrown("RPC_REJECTED", chain.call(ACCOUNT, "0x01"));
      }
      expect(node(1).asked).to.deep.equal([]);
      expect(changes()).to.deep.equal([]);
    });

    it("for a block until one has it, and fails with BLOCK_UNKNOWN when none has", async () => {
      node(2).head = 105;
      expect(await chain.block(103)).to.include({ number: "0x67" });
      await thrown("BLOCK_UNKNOWN", chain.block(106));
    });

    it("the others first for a while after a disappointment", async () => {
      node(0).quirk = on("eth_getTransactionCount", () => ({ status: 500, body: "" }));
      await chain.nonce(ACCOUNT);
      node(0).quirk = () => undefined;
      taken(0);
      await chain.nonce(ACCOUNT);
      expect(taken(0)).to.deep.equal([]);
      clock.pass(30_001);
      await chain.nonce(ACCOUNT);
      expect(taken(0)).to.deep.equal(["eth_getTransactionCount"]);
    });

    it("another one each time when nothing good came of what was answered", async () => {
      const used: number[] = [];
      for (let index = 0; index < 4; index++) {
        await chain.nonce(ACCOUNT);
        used.push([0, 1, 2].find((each) => taken(each).length > 0) ?? -1);
        chain.passOver();
        clock.pass(1);
      }
      expect(used).to.deep.equal([0, 1, 2, 0]);
    });

    it("fails with what the last one said when none does better, and prefers what a chain said", async () => {
      for (const each of nodes) each.quirk = on("eth_call", () => ({ status: 500, body: "" }));
      await thrown("RPC_UNAVAILABLE", chain.call(ACCOUNT, "0x01"));
      node(1).quirk = on("eth_call", (request) => refusal(request, { code: -32_000, message: "pruned" }));
      expect((await thrown("RPC_REJECTED", chain.call(ACCOUNT, "0x01"))).fields["reason"]).to.equal("pruned");
    });
  });

  describe("leaves alone", () => {
    it("one that failed three times in a row, until a trial succeeds", async () => {
      await start(2);
      node(0).quirk = on("eth_getTransactionCount", () => ({ status: 500, body: "" }));
      for (let index = 0; index < 3; index++) {
        await chain.nonce(ACCOUNT);
        clock.pass(30_001);
      }
      expect(changes()).to.deep.equal([[node(0).name, "down"]]);
      taken(0);

      // Its trial is due: it fails, and the next one is farther away.
      await chain.nonce(ACCOUNT);
      expect(taken(0)).to.deep.equal(["eth_getTransactionCount"]);
      clock.pass(1_999);
      await chain.nonce(ACCOUNT);
      expect(taken(0)).to.deep.equal([]);

      node(0).quirk = () => undefined;
      clock.pass(60_000);
      await chain.nonce(ACCOUNT);
      expect(taken(0)).to.deep.equal(["eth_getTransactionCount"]);
      expect(changes().at(-1)).to.deep.equal([node(0).name, "up"]);
    });

    it("all of them when all are down, and says so at once", async () => {
      await start(2);
      for (const each of nodes) each.quirk = () => ({ status: 500, body: "" });
      for (let index = 0; index < 3; index++) await thrown("RPC_UNAVAILABLE", chain.blockNumber());
      for (const each of nodes) each.asked.length = 0;
      const error = await thrown("RPC_UNAVAILABLE", chain.blockNumber());
      expect(error.fields["states"]).to.deep.equal({ [node(0).name]: "down", [node(1).name]: "down" });
      expect(nodes.flatMap(({ asked }) => asked)).to.deep.equal([]);
    });

    for (const [header, wait] of [
      ["20", 20_000],
      ["999999999", 300_000],
    ] as const) {
      it(`one that wants to be left alone for ${header} seconds, for ${wait / 1_000}`, async () => {
        await start(2);
        const limit: Quirk = () => ({ status: 429, headers: { "retry-after": header }, body: "" });
        node(0).quirk = on("eth_getTransactionCount", limit);
        await chain.nonce(ACCOUNT);
        expect(changes()).to.deep.equal([[node(0).name, "rateLimited"]]);
        expect(world.told("asked").map(({ outcome }) => outcome)).to.include("rateLimited");
        node(0).quirk = () => undefined;
        taken(0);
        node(1).quirk = () => ({ status: 500, body: "" });
        clock.pass(wait - 1);
        await thrown("RPC_UNAVAILABLE", chain.nonce(ACCOUNT));
        expect(taken(0)).to.deep.equal([]);
        clock.pass(1);
        await chain.nonce(ACCOUNT);
        expect(taken(0)).to.deep.equal(["eth_getTransactionCount"]);
      });
    }

    it("all that want it, with RPC_RATE_LIMITED and the shortest wait", async () => {
      await start(2);
      for (const [index, each] of nodes.entries()) {
        each.quirk = () => ({ status: 429, headers: { "retry-after": `${30 + index}` }, body: "" });
      }
      await thrown("RPC_RATE_LIMITED", chain.blockNumber());
      const error = await thrown("RPC_RATE_LIMITED", chain.blockNumber());
      expect(error.fields).to.deep.equal({ chain: "trade", retryAfterMs: 30_000 });
    });
  });

  describe("excludes", () => {
    it("one that serves another chain, says so, and goes on with the others", async () => {
      await start(2);
      node(0).chainId = 1;
      node(1).said = "0x2a";
      expect(await chain.nonce(ACCOUNT)).to.equal(42);
      await chain.assertChainId();
      await chain.nonce(ACCOUNT);
      expect(node(0).asked).to.deep.equal(["eth_chainId"]);
      expect(changes()).to.deep.equal([[node(0).name, "wrongChain"]]);
    });

    it("one that turns into another chain while it was away", async () => {
      await start(2);
      await chain.nonce(ACCOUNT);
      node(0).quirk = () => ({ status: 502, body: "" });
      await chain.nonce(ACCOUNT);
      node(0).quirk = () => undefined;
      node(0).chainId = 1;
      taken(0);
      clock.pass(30_001);
      await chain.nonce(ACCOUNT);
      expect(taken(0)).to.deep.equal([]);
    });

    it("all of them with RPC_WRONG_CHAIN when none serves the chain", async () => {
      await start(2);
      for (const each of nodes) each.chainId = 1;
      await thrown("RPC_WRONG_CHAIN", chain.assertChainId());
      await thrown("RPC_WRONG_CHAIN", chain.blockNumber());
    });

    it("one that is down and then another chain, until a survey finds it mended", async () => {
      await start(2);
      node(0).quirk = () => ({ status: 500, body: "" });
      for (let index = 0; index < 3; index++) {
        await chain.nonce(ACCOUNT);
        clock.pass(30_001);
      }
      node(0).quirk = () => undefined;
      node(0).chainId = 1;
      await chain.providers.survey();
      expect(changes().at(-1)).to.deep.equal([node(0).name, "wrongChain"]);
      node(0).chainId = 7101;
      await chain.providers.survey();
      expect(changes().at(-1)).to.deep.equal([node(0).name, "up"]);
    });

    it("one no longer that a survey finds mended", async () => {
      await start(2);
      node(0).chainId = 1;
      await chain.nonce(ACCOUNT);
      node(0).chainId = 7101;
      await chain.providers.survey();
      taken(0);
      clock.pass(30_001);
      await chain.nonce(ACCOUNT);
      expect(taken(0)).to.deep.equal(["eth_getTransactionCount"]);
    });
  });
});
