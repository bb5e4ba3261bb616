import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Chain } from "../../../src/chains/chain.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { type Answer, closedUrl, type FakeServer, serve } from "../../support/fakes/http-server.ts";
import { thrown } from "../../support/fakes/thrown.ts";

interface RpcRequest {
  id: number;
  method: string;
  params: unknown[];
}

const ACCOUNT: Hex = `0x${"a1".repeat(20)}`;

describe("Chain", () => {
  const opened: { close(): unknown }[] = [];
  const asked: RpcRequest[] = [];

  async function chainAt(rpcUrl: string, timeoutMs = 2_000): Promise<Chain> {
    const chain = new Chain({ name: "trade", chainId: 7101, rpcUrls: [rpcUrl], timeoutMs });
    opened.push(chain);
    return chain;
  }

  async function served(respond: (request: RpcRequest) => Answer | undefined, timeoutMs?: number): Promise<Chain> {
    const server: FakeServer = await serve((body) => {
      const request = JSON.parse(body) as RpcRequest;
      asked.push(request);
      return respond(request);
    });
    opened.push(server);
    return await chainAt(server.url, timeoutMs);
  }

  const result = (value: unknown) => async () =>
    await served(({ id }) => ({ body: { jsonrpc: "2.0", id, result: value } }));
  const refusal = async (error: object, status = 200) =>
    await served(({ id }) => ({ status, body: { jsonrpc: "2.0", id, error } }));

  afterEach(async () => {
    asked.length = 0;
    for (const each of opened.splice(0)) await each.close();
  });

  describe("asks", () => {
    it("with JSON-RPC quantities and the parameters of the method", async () => {
      const results: Record<string, unknown> = {
        eth_getTransactionReceipt: null,
        eth_getLogs: [],
        eth_getProof: { accountProof: [], storageProof: [] },
        eth_call: "0x",
        eth_sendRawTransaction: "0x05",
      };
      const chain = await served(({ id, method }) => ({ body: { jsonrpc: "2.0", id, result: results[method] } }));
      await chain.receipt("0xaa");
      await chain.logs(ACCOUNT, ["0x01"], 0, 255);
      await chain.proof(ACCOUNT, "0x02", 4_096);
      await chain.call(ACCOUNT, "0x03");
      await chain.sendRaw("0x04");
      expect(asked.map(({ method, params }) => [method, params])).to.deep.equal([
        ["eth_getTransactionReceipt", ["0xaa"]],
        ["eth_getLogs", [{ address: ACCOUNT, topics: [["0x01"]], fromBlock: "0x0", toBlock: "0xff" }]],
        ["eth_getProof", [ACCOUNT, ["0x02"], "0x1000"]],
        ["eth_call", [{ to: ACCOUNT, data: "0x03" }, "latest"]],
        ["eth_sendRawTransaction", ["0x04"]],
      ]);
    });

    it("for mined transactions only when it wants a nonce", async () => {
      const chain = await result("0x1f")();
      expect(await chain.nonce(ACCOUNT)).to.equal(31);
      expect(asked[0]).to.deep.include({ method: "eth_getTransactionCount", params: [ACCOUNT, "latest"] });
    });

    it("again every time, because answers change", async () => {
      let height = 5;
      const chain = await served(({ id }) => ({
        body: { jsonrpc: "2.0", id, result: `0x${(height++).toString(16)}` },
      }));
      expect([await chain.blockNumber(), await chain.blockNumber()]).to.deep.equal([5, 6]);
    });
  });

  describe("assertChainId", () => {
    it("passes when the endpoint serves the chain", async () => {
      await (await result("0x1bbd")()).assertChainId();
    });

    it("fails with RPC_WRONG_CHAIN when it serves another", async () => {
      const error = await thrown("RPC_WRONG_CHAIN", (await result("0x1bbe")()).assertChainId());
      expect(error.fields).to.deep.equal({ chain: "trade", expected: 7101, given: 7102 });
    });
  });

  describe("block", () => {
    it("returns what the node has", async () => {
      const block = { number: "0x7", hash: `0x${"11".repeat(32)}` };
      expect(await (await result(block)()).block(7)).to.deep.equal(block);
      expect(asked[0]).to.deep.include({ method: "eth_getBlockByNumber", params: ["0x7", false] });
    });

    it("fails with BLOCK_UNKNOWN when the node has none", async () => {
      const error = await thrown("BLOCK_UNKNOWN", (await result(null)()).block(9));
      expect(error.fields).to.deep.equal({ chain: "trade", number: 9 });
    });
  });

  describe("fails with RPC_UNAVAILABLE", () => {
    it("when nobody listens", async () => {
      const error = await thrown("RPC_UNAVAILABLE", (await chainAt(await closedUrl())).blockNumber());
      expect(error.fields).to.include({ chain: "trade", method: "eth_blockNumber" });
      expect(error.cause).to.be.instanceOf(Error);
    });

    it("when the answer takes longer than the timeout", async () => {
      const chain = await served(() => undefined, 60);
      await thrown("RPC_UNAVAILABLE", chain.blockNumber());
      expect(asked).to.have.length(1);
    });

    for (const status of [500, 502, 404]) {
      it(`when the answer has status ${status}, after asking once`, async () => {
        const chain = await served(() => ({ status, body: { message: "overloaded" } }));
        await thrown("RPC_UNAVAILABLE", chain.blockNumber());
        expect(asked).to.have.length(1);
      });
    }

    for (const body of [
      "",
      "<html>bad gateway</html>",
      "null",
      "[]",
      "{}",
      '"0x1"',
      '{"jsonrpc":"2.0","id":999,"result":"0x1"}',
    ]) {
      it(`when the answer is ${body === "" ? "empty" : body}`, async () => {
        await thrown("RPC_UNAVAILABLE", (await served(() => ({ body }))).blockNumber());
      });
    }

    it("when the answer has no end, and reads no further than an answer can be long", async () => {
      const chunk = "1".repeat(4_000_000);
      let sent = 0;
      const server = createServer((_, response) => {
        response.on("error", () => undefined);
        const more = (): void => {
          while (!response.destroyed && response.write(chunk)) sent += chunk.length;
          sent += chunk.length;
        };
        response.on("drain", more);
        more();
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      opened.push({ close: () => server.close().closeAllConnections() });
      const { port } = server.address() as AddressInfo;
      const error = await thrown("RPC_UNAVAILABLE", (await chainAt(`http://127.0.0.1:${port}`, 15_000)).blockNumber());
      expect(error.fields["said"]).to.include("more than 100000000 characters");
      expect(sent).to.be.below(200_000_000);
    });

    const log = { topics: ["0x01"], data: "0x", blockNumber: "0x1" };
    const receipt = { status: "0x1", blockNumber: "0x1", gasUsed: "0x1", logs: [] };
    const block = { number: "0x7", hash: `0x${"11".repeat(32)}` };
    const malformed: [what: string, result: unknown, ask: (chain: Chain) => Promise<unknown>][] = [
      ["logs", null, (chain) => chain.logs(ACCOUNT, [], 0, 1)],
      ["logs", {}, (chain) => chain.logs(ACCOUNT, [], 0, 1)],
      ["logs", [log, null], (chain) => chain.logs(ACCOUNT, [], 0, 1)],
      ["logs", [{ ...log, topics: "0x01" }], (chain) => chain.logs(ACCOUNT, [], 0, 1)],
      ["logs", [{ ...log, data: 7 }], (chain) => chain.logs(ACCOUNT, [], 0, 1)],
      ["logs", [{ ...log, blockNumber: null }], (chain) => chain.logs(ACCOUNT, [], 0, 1)],
      ["a block", "0x7", (chain) => chain.block(7)],
      ["a block", { ...block, number: 7 }, (chain) => chain.block(7)],
      ["a block", { ...block, hash: "0x11" }, (chain) => chain.block(7)],
      ["a receipt", {}, (chain) => chain.receipt("0xaa")],
      ["a receipt", { ...receipt, logs: null }, (chain) => chain.receipt("0xaa")],
      ["a receipt", { ...receipt, gasUsed: "much" }, (chain) => chain.receipt("0xaa")],
      ["a proof", null, (chain) => chain.proof(ACCOUNT, "0x02", 1)],
      ["a proof", { accountProof: ["zz"], storageProof: [] }, (chain) => chain.proof(ACCOUNT, "0x02", 1)],
      ["a proof", { accountProof: [], storageProof: [{}] }, (chain) => chain.proof(ACCOUNT, "0x02", 1)],
      ["a call's result", "execution reverted", (chain) => chain.call(ACCOUNT, "0x01")],
      ["an estimate", 21_000, (chain) => chain.estimateGas(ACCOUNT, ACCOUNT, "0x01")],
    ];
    for (const [what, given, ask] of malformed) {
      it(`when ${what} is ${JSON.stringify(given)}`, async () => {
        await thrown("RPC_UNAVAILABLE", ask(await result(given)()));
      });
    }

    for (const garbage of [null, "", "0x", "latest", "0xzz", -1, {}, "0x20000000000000"]) {
      it(`when a quantity is ${JSON.stringify(garbage)}`, async () => {
        const chain = await result(garbage)();
        await thrown("RPC_UNAVAILABLE", chain.assertChainId());
        await thrown("RPC_UNAVAILABLE", chain.blockNumber());
        await thrown("RPC_UNAVAILABLE", chain.nonce(ACCOUNT));
      });
    }
  });

  describe("fails with RPC_RATE_LIMITED", () => {
    const limited = async (headers: Record<string, string>) =>
      await served(() => ({ status: 429, headers, body: "slow down" }));

    it("when the answer has status 429, after asking once, and asks again when no wait was named", async () => {
      const chain = await limited({});
      await thrown("RPC_RATE_LIMITED", chain.blockNumber());
      expect(asked).to.have.length(1);
      await thrown("RPC_RATE_LIMITED", chain.blockNumber());
      expect(asked).to.have.length(2);
    });

    it("without asking again before the time that was named", async () => {
      const chain = await limited({ "retry-after": "60" });
      await thrown("RPC_RATE_LIMITED", chain.blockNumber());
      const error = await thrown("RPC_RATE_LIMITED", chain.blockNumber());
      expect(asked).to.have.length(1);
      expect(error.fields["retryAfterMs"]).to.be.within(55_000, 60_000);
    });
  });

  describe("fails with RPC_REJECTED", () => {
    it("and what a call reverted with, as Hardhat and Geth say it", async () => {
      const chain = await refusal({ code: 3, message: "execution reverted", data: "0x4e487b71" });
      const error = await thrown("RPC_REJECTED", chain.call(ACCOUNT, "0x01"));
      expect(error.fields).to.include({ chain: "trade", method: "eth_call", data: "0x4e487b71" });
    });

    it("and what a call reverted with, when the data lies deeper", async () => {
      const chain = await refusal({
        code: -32603,
        message: "reverted",
        data: { message: "reverted", data: "0x4e487b71" },
      });
      expect((await thrown("RPC_REJECTED", chain.call(ACCOUNT, "0x01"))).fields["data"]).to.equal("0x4e487b71");
    });

    it("and no data when a call fails without", async () => {
      const chain = await refusal({ code: -32000, message: "header not found" });
      expect((await thrown("RPC_REJECTED", chain.call(ACCOUNT, "0x01"))).fields["data"]).to.equal(undefined);
    });

    it("and data for methods that are no calls", async () => {
      const chain = await refusal({ code: -32000, message: "reverted", data: { data: "0x1234" } });
      expect((await thrown("RPC_REJECTED", chain.blockNumber())).fields["data"]).to.equal("0x1234");
    });

    for (const message of [
      "nonce too low",
      "already known",
      "insufficient funds for gas * price + value",
      "replacement transaction underpriced",
      "the method eth_sendRawTransaction does not exist",
    ]) {
      it(`when the node refuses a transaction with "${message}"`, async () => {
        const error = await thrown("RPC_REJECTED", (await refusal({ code: -32000, message })).sendRaw("0x00"));
        expect(error.fields).to.include({ method: "eth_sendRawTransaction", reason: message });
      });
    }
  });
});
