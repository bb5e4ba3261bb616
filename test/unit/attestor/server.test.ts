import { expect } from "chai";
import { recoverAddress, type Wallet } from "ethers";
import type { FastifyInstance } from "fastify";
import { AttestationRecord } from "../../../src/attestor/record.ts";
import { createAttestorServer } from "../../../src/attestor/server.ts";
import { attestationDigest } from "../../../src/core/attestation.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { createLogger } from "../../../src/telemetry/logger.ts";
import { FakeChain } from "../../support/fakes/fake-chain.ts";
import { addressOf, wallets } from "../../support/fakes/two-chains.ts";

const OTHER: Hex = `0x${"ee".repeat(32)}`;

describe("attestor server", () => {
  const wallet = wallets("attestor", 1)[0] as Wallet;
  let chain: FakeChain;
  let record: AttestationRecord;
  let server: FastifyInstance;
  let logged: { level: number; signed?: string }[];

  beforeEach(() => {
    chain = new FakeChain("trade", 7101);
    chain.mine(10);
    record = new AttestationRecord(":memory:");
    logged = [];
    const logger = createLogger("debug", { write: (line) => void logged.push(JSON.parse(line)) });
    server = createAttestorServer({ chains: new Map([[7101, { chain, confirmations: 1 }]]), record, wallet, logger });
  });

  afterEach(async () => {
    await server.close();
    record.close();
  });

  const post = async (payload: string | object) =>
    await server.inject({
      method: "POST",
      url: "/attestations",
      headers: { "content-type": "application/json" },
      payload,
    });
  const asked = async (number: number) => ({ chainId: 7101, number, blockHash: (await chain.block(number)).hash });
  const refusal = async (payload: object): Promise<[number, string]> => {
    const response = await post(payload);
    return [response.statusCode, response.json().code];
  };

  it("answers that it is alive without asking its node", async () => {
    chain.down = true;
    const response = await server.inject("/live");
    expect(response.statusCode).to.equal(200);
    expect(response.json()).to.deep.equal({ live: true });
  });

  it("answers signer and signature of what its node has", async () => {
    const attestation = await asked(7);
    const response = await post(attestation);
    expect(response.statusCode).to.equal(200);
    expect(response.json().signer).to.equal(addressOf(wallet));
    expect(recoverAddress(attestationDigest(attestation), response.json().signature)).to.equal(wallet.address);
  });

  it("answers the same when it is asked again, and when it is asked at once", async () => {
    const attestation = await asked(7);
    const responses = await Promise.all(Array.from({ length: 8 }, () => post(attestation)));
    responses.push(await post(attestation));
    expect(new Set(responses.map(({ statusCode, body }) => `${statusCode} ${body}`))).to.have.length(1);
  });

  it("answers several blocks at once", async () => {
    const numbers = [1, 2, 3, 4, 5];
    const responses = await Promise.all(numbers.map(async (number) => await post(await asked(number))));
    expect(responses.map(({ statusCode }) => statusCode)).to.deep.equal(numbers.map(() => 200));
    expect(new Set(responses.map((response) => response.json().signature))).to.have.length(5);
  });

  it("answers 404 for a chain that it does not follow", async () => {
    expect(await refusal({ chainId: 1, number: 1, blockHash: OTHER })).to.deep.equal([404, "CHAIN_NOT_SERVED"]);
  });

  it("answers 425 for a block that is not final", async () => {
    expect(await refusal(await asked(10))).to.deep.equal([425, "BLOCK_NOT_FINAL"]);
  });

  it("answers 404 for a block that its node does not have", async () => {
    chain.script("eth_getBlockByNumber", () => null);
    expect(await refusal({ chainId: 7101, number: 1, blockHash: OTHER })).to.deep.equal([404, "BLOCK_UNKNOWN"]);
  });

  it("answers 409 for another hash than its node has, which is no alarm: anybody can ask", async () => {
    expect(await refusal({ ...(await asked(7)), blockHash: OTHER })).to.deep.equal([409, "BLOCK_CONFLICT"]);
    expect(logged.filter(({ level }) => level >= 40)).to.have.length(0);
  });

  it("answers 409 when its node has another hash than it has signed, and tells the operator", async () => {
    const signed = await asked(7);
    await post(signed);
    chain.reorganise(5);
    expect(await refusal(await asked(7))).to.deep.equal([409, "BLOCK_CONFLICT"]);
    expect(logged.filter(({ level }) => level === 50).map((line) => line.signed)).to.deep.equal([signed.blockHash]);
  });

  it("answers 503 when its node is down, serves another chain, or contradicts itself, and works again after", async () => {
    const attestation = await asked(7);
    const block = await chain.block(7);
    chain.down = true;
    expect(await refusal(attestation)).to.deep.equal([503, "RPC_UNAVAILABLE"]);
    chain.down = false;
    chain.script("eth_chainId", () => "0x1");
    expect(await refusal(attestation)).to.deep.equal([503, "RPC_WRONG_CHAIN"]);
    chain.script("eth_chainId", undefined);
    chain.script("eth_getBlockByNumber", () => ({ ...block, gasUsed: "0x1" }));
    expect(await refusal(attestation)).to.deep.equal([503, "RPC_INCONSISTENT"]);
    chain.script("eth_getBlockByNumber", undefined);
    expect((await post(attestation)).statusCode).to.equal(200);
  });

  it("answers 503 when its record cannot be written", async () => {
    const attestation = await asked(7);
    record.close();
    expect((await post(attestation)).statusCode).to.equal(503);
    record = new AttestationRecord(":memory:");
  });

  describe("answers 400 and names the field", () => {
    const good = { chainId: 7101, number: 1, blockHash: OTHER };
    const cases: [field: string, body: object][] = [
      ["chainId", { number: 1, blockHash: OTHER }],
      ["chainId", { ...good, chainId: "7101" }],
      ["chainId", { ...good, chainId: 0 }],
      ["chainId", { ...good, chainId: 2 ** 60 }],
      ["number", { ...good, number: -1 }],
      ["number", { ...good, number: 1.5 }],
      ["number", { ...good, number: null }],
      ["blockHash", { ...good, blockHash: "0x12" }],
      ["blockHash", { ...good, blockHash: OTHER.toUpperCase().replace("X", "x") }],
      ["blockHash", { ...good, blockHash: OTHER.slice(2) }],
      ["blockHash", { ...good, blockHash: 5 }],
      ["extra", { ...good, extra: 1 }],
    ];
    for (const [field, body] of cases) {
      it(`${field}, for ${JSON.stringify(body).slice(0, 60)}`, async () => {
        const response = await post(body);
        expect(response.statusCode).to.equal(400);
        expect(response.json().code).to.equal("REQUEST_INVALID");
        expect(response.json().message).to.include(field);
        expect(chain.requests).to.deep.equal([]);
      });
    }
  });

  it("answers 400 for a body that is no object", async () => {
    for (const body of ["", "{", "[]", "7", "null"]) expect((await post(body)).statusCode, body).to.equal(400);
  });

  it("answers 413 for a body that is too long", async () => {
    expect((await post({ padding: "x".repeat(5_000) })).statusCode).to.equal(413);
  });

  it("answers 404 for anything else", async () => {
    expect((await server.inject("/attestations")).statusCode).to.equal(404);
    expect((await server.inject("/")).statusCode).to.equal(404);
  });
});
