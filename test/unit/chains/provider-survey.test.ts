import { expect } from "chai";
import { Chain } from "../../../src/chains/chain.ts";
import type { ProviderEvent } from "../../../src/chains/provider-events.ts";
import { Providers } from "../../../src/chains/providers.ts";
import { ChainOfNodes } from "../../support/fakes/chain-of-nodes.ts";
import { type Quirk, refusal, result } from "../../support/fakes/fake-node.ts";

describe("a survey of providers", () => {
  let world: ChainOfNodes;
  const node = (index: number) => world.node(index);

  afterEach(async () => await world.close());

  it("has one that is too far behind asked only when there is no better one", async () => {
    world = await ChainOfNodes.start(2);
    node(0).head = 94;
    await world.chain.providers.survey();
    expect(world.changes()).to.deep.equal([[node(0).name, "lagging"]]);
    expect(await world.chain.blockNumber()).to.equal(100);
    node(1).quirk = () => ({ status: 500, body: "" });
    expect(await world.chain.blockNumber()).to.equal(94);
  });

  it("does not mind a few blocks, nor that no blocks are made at all", async () => {
    world = await ChainOfNodes.start(3);
    node(0).head = 95;
    for (let index = 0; index < 3; index++) {
      await world.chain.providers.survey();
      world.clock.pass(3_600_000);
    }
    expect(world.changes()).to.deep.equal([]);
    expect(await world.chain.blockNumber()).to.equal(95);
  });

  it("is not led astray by one of three that invents blocks", async () => {
    world = await ChainOfNodes.start(3);
    node(2).head = 1_000_000;
    await world.chain.providers.survey();
    expect(world.changes()).to.deep.equal([]);
    expect(world.chain.providers.head).to.equal(100);
  });

  it("knows the newest block of those that serve the chain", async () => {
    world = await ChainOfNodes.start(2);
    expect(world.chain.providers.head).to.equal(undefined);
    node(0).head = 94;
    await world.chain.providers.survey();
    expect(world.chain.providers.head).to.equal(100);
    node(1).chainId = 5;
    await world.chain.providers.survey();
    expect(world.chain.providers.head).to.equal(94);
  });

  it("tells what it found, also of those that are down", async () => {
    world = await ChainOfNodes.start(3);
    node(1).quirk = () => ({ status: 500, body: "" });
    node(2).chainId = 5;
    for (let index = 0; index < 3; index++) await world.chain.providers.survey();
    expect(world.told("surveyed").at(-1)).to.deep.equal({
      type: "surveyed",
      chain: "trade",
      providers: [
        { provider: node(0).name, state: "up", head: 100 },
        { provider: node(1).name, state: "down", head: undefined },
        { provider: node(2).name, state: "wrongChain", head: 100 },
      ],
    });
  });

  it("is repeated until it is closed", async () => {
    world = await ChainOfNodes.start(2);
    const watching = world.chain.providers.watch(1);
    while (world.told("surveyed").length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    world.chain.close();
    await watching;
    const count = world.told("surveyed").length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(world.told("surveyed")).to.have.length(count);
  });
});

describe("what providers tell", () => {
  let world: ChainOfNodes;
  const node = (index: number) => world.node(index);

  afterEach(async () => await world.close());

  it("never show what an endpoint's URL holds beside host and port", async () => {
    world = await ChainOfNodes.start(1);
    const events: ProviderEvent[] = [];
    const secret = "0123456789abcdef0123456789abcdef";
    const rpcUrl = `${node(0).url.replace("http://", "http://alice:correct-horse@")}/v3/${secret}?token=hush-hush`;
    const options = { name: "trade", chainId: 7101, rpcUrls: [rpcUrl], timeoutMs: 50 };
    const chain = new Chain(options, new Providers(options, { observer: (event) => events.push(event) }));
    const message = `project ${secret} of alice may not use hush-hush`;
    const errors = [];
    for (const quirk of [
      (request) => refusal(request, { code: -32_000, message }),
      () => ({ status: 403, body: { message } }),
      () => "hang",
      (request) => result(request, secret),
    ] as Quirk[]) {
      node(0).quirk = quirk;
      errors.push(await chain.blockNumber().catch((error: Error) => error));
    }
    expect(errors).to.have.length(4);
    const shown = JSON.stringify([
      events,
      errors.map((error) => [String(error), (error as { fields?: object }).fields]),
    ]);
    expect(shown).to.include(node(0).name).and.to.include("project …");
    for (const part of [secret, "correct-horse", "hush-hush"]) expect(shown).to.not.include(part);
  });
});
