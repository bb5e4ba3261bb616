import { expect } from "chai";
import { Gateway } from "../../../src/chains/gateway.ts";
import type { RelayerEvent } from "../../../src/relayer/events.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import { Watch } from "../../../src/relayer/watch.ts";
import { ChainOfNodes } from "../../support/fakes/chain-of-nodes.ts";
import { TRADE_GATEWAY, twoChains } from "../../support/fakes/two-chains.ts";

describe("Watch", () => {
  let nodes: ChainOfNodes;
  let journal: Journal;
  beforeEach(async () => {
    nodes = await ChainOfNodes.start(3);
    journal = new Journal(":memory:");
  });
  afterEach(async () => {
    journal.close();
    await nodes.close();
  });

  /** What is told after blocks up to a height were read. */
  const look = async (height: number) => {
    const events: RelayerEvent[] = [];
    const { destination, relayer: wallet } = twoChains();
    const source = new Gateway(nodes.chain, TRADE_GATEWAY);
    const watch = new Watch(
      { direction: "trade-to-finance", confirmations: 0, proofWindowBlocks: 512 },
      { source, destination, journal, wallet, observer: (event) => void events.push(event) },
    );
    await watch.look({ sourceBlock: height, throughBlock: height, count: 0, since: undefined });
    return events[0];
  };

  it("tells of the height that other providers have, when the one that is read stands still", async () => {
    nodes.node(0).head = 60;
    await nodes.chain.providers.survey();
    expect(await look(60)).to.include({ type: "looked", sourceBlock: 60, throughBlock: 60, headBlock: 100 });
  });

  it("tells of no other height while it is at the top, or nothing is known of others", async () => {
    expect(await look(100))
      .to.include({ sourceBlock: 100 })
      .and.not.have.property("headBlock");
    await nodes.chain.providers.survey();
    expect(await look(100)).to.not.have.property("headBlock");
  });

  it("does not tell of blocks that one of three invents", async () => {
    nodes.node(2).head = 1_000_000;
    await nodes.chain.providers.survey();
    expect(await look(100)).to.not.have.property("headBlock");
  });
});
