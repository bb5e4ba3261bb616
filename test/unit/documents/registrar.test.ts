import { expect } from "chai";
import { developmentWallet } from "../../../src/config/development.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { documentRegistryAbi } from "../../../src/documents/registered-documents.ts";
import { Registrar } from "../../../src/documents/registrar.ts";
import { ChainOfNodes } from "../../support/fakes/chain-of-nodes.ts";
import { type AskedRpc, refusal, result } from "../../support/fakes/fake-node.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const REGISTRY: Hex = `0x${"11".repeat(20)}`;
const HASH: Hex = `0x${"22".repeat(32)}`;

describe("who changes the document registry", () => {
  let world: ChainOfNodes;
  let registrar: Registrar;
  let receipt: object | null;

  beforeEach(async () => {
    world = await ChainOfNodes.start(1);
    receipt = { status: "0x1", blockNumber: "0x65", gasUsed: "0x1", logs: [] };
    world.node(0).quirk = (request) => {
      if (request.method === "eth_getTransactionReceipt") return result(request, receipt);
      if (request.method === "eth_getBlockByNumber") return result(request, { number: "0x64", hash: HASH });
      return undefined;
    };
    const fees = { priorityFee: 0n, ceiling: 0n, bumpPercent: 0 };
    const options = { registry: REGISTRY, fees, pollMs: 1, receiptTimeoutMs: 30 };
    registrar = new Registrar(options, world.chain, developmentWallet("seller"));
  });
  afterEach(async () => await world.close());

  const revoke = () => registrar.call("revoke", [HASH]);

  const refuse = (error: string, args: readonly unknown[]) => {
    const data = documentRegistryAbi.encodeErrorResult(error, args);
    const usual = world.node(0).quirk;
    world.node(0).quirk = (request: AskedRpc) =>
      request.method === "eth_estimateGas"
        ? refusal(request, { code: 3, message: "execution reverted", data })
        : usual(request);
  };

  it("gives the receipt of what was mined", async () => {
    expect((await revoke()).status).to.equal("0x1");
    expect(world.taken(0)).to.include("eth_sendRawTransaction");
  });

  it("says that what was sent may be mined yet, and where to look", async () => {
    receipt = null;
    const { fields } = await thrown("REGISTRY_UNCONFIRMED", revoke());
    expect(fields["transaction"]).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("says when the registry took it back between the question and the block", async () => {
    receipt = { ...receipt, status: "0x0" };
    await thrown("REGISTRY_REFUSED", revoke());
  });

  it("sends nothing that would be refused, and names the refusal it has no words for", async () => {
    refuse("DocumentRegistry_NotIssuer", [HASH, REGISTRY]);
    await thrown("REGISTRY_NOT_ISSUER", revoke());
    refuse("DocumentBatches_InvalidSize", [0]);
    const { message } = await thrown("REGISTRY_REFUSED", revoke());
    expect(message).to.include("DocumentBatches_InvalidSize");
    expect(world.taken(0)).not.to.include("eth_sendRawTransaction");
  });
});
