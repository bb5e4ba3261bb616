import { expect } from "chai";
import { Wallet } from "ethers/wallet";
import { Chain } from "../../../src/chains/chain.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { documentRegistryAbi } from "../../../src/documents/registered-documents.ts";
import { Registrar } from "../../../src/documents/registrar.ts";
import { type FakeServer, serve } from "../../support/fakes/http-server.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const HASH: Hex = `0x${"ab".repeat(32)}`;
const REGISTRY: Hex = `0x${"11".repeat(20)}`;
const KEY = `0x${"12".repeat(32)}`;
const RECEIPT = { status: "0x1", blockNumber: "0x1", gasUsed: "0x1", logs: [], transactionHash: HASH };

type Answers = Record<string, unknown>;

/** A node that answers each method as it is told; what is an Error is refused. */
const node = (answers: Answers, sent: string[]) =>
  serve((body) => {
    const { id, method, params } = JSON.parse(body);
    if (method === "eth_sendRawTransaction") sent.push(params[0]);
    const answer = answers[method];
    if (answer instanceof Error) {
      const { message, cause } = answer;
      return { body: { jsonrpc: "2.0", id, error: { code: 3, message, data: cause } } };
    }
    return { body: { jsonrpc: "2.0", id, result: answer ?? null } };
  });

describe("Registrar", () => {
  const usual: Answers = {
    eth_estimateGas: "0x10000",
    eth_getBlockByNumber: { number: "0x1", hash: HASH, baseFeePerGas: "0x7" },
    eth_getTransactionCount: "0x5",
    eth_sendRawTransaction: HASH,
    eth_getTransactionReceipt: RECEIPT,
  };
  let server: FakeServer;
  let chain: Chain;
  let sent: string[];

  const revoke = async (answers: Answers = {}) => {
    sent = [];
    server = await node({ ...usual, ...answers }, sent);
    chain = new Chain({ name: "trade", chainId: 7101, rpcUrls: [server.url], timeoutMs: 1_000 });
    const fees = { priorityFee: 1n, ceiling: 100n, bumpPercent: 0 };
    const options = { registry: REGISTRY, fees, pollMs: 1, receiptTimeoutMs: 20 };
    return await new Registrar(options, chain, new Wallet(KEY)).call("revoke", [HASH]);
  };
  afterEach(async () => {
    chain.close();
    await server.close();
  });

  const refusal = (name: string, ...args: unknown[]) =>
    new Error("execution reverted", { cause: documentRegistryAbi.encodeErrorResult(name, args) });

  it("sends one transaction and waits for its receipt", async () => {
    expect((await revoke()).status).to.equal("0x1");
    expect(sent).to.have.length(1);
  });

  it("sends nothing that the registry would refuse, and says what it refused", async () => {
    const unknown = await thrown(
      "REGISTRY_NOT_ACTIVE",
      revoke({ eth_estimateGas: refusal("DocumentRegistry_NotActive", HASH, 0) }),
    );
    expect(unknown.message).to.equal(`The document ${HASH} is not registered`);
    expect(sent).to.deep.equal([]);
  });

  it("names a refusal that it has no words for, and leaves others to the node", async () => {
    const empty = await thrown("REGISTRY_REFUSED", revoke({ eth_estimateGas: refusal("DocumentRegistry_EmptyHash") }));
    expect(empty.message).to.include("DocumentRegistry_EmptyHash()");
    chain.close();
    await server.close();
    await thrown("RPC_REJECTED", revoke({ eth_estimateGas: new Error("method not found") }));
  });

  it("waits for a transaction that the node has already, and for no other refusal", async () => {
    expect((await revoke({ eth_sendRawTransaction: new Error("already known") })).status).to.equal("0x1");
    chain.close();
    await server.close();
    await thrown("RPC_REJECTED", revoke({ eth_sendRawTransaction: new Error("insufficient funds") }));
  });

  it("says which transaction is not mined in time, and which one failed all the same", async () => {
    const late = await thrown("REGISTRY_UNCONFIRMED", revoke({ eth_getTransactionReceipt: null }));
    expect(late.fields["transaction"]).to.match(/^0x[0-9a-f]{64}$/);
    chain.close();
    await server.close();
    await thrown("REGISTRY_REFUSED", revoke({ eth_getTransactionReceipt: { ...RECEIPT, status: "0x0" } }));
  });
});
