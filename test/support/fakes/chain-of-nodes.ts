import { Chain } from "../../../src/chains/chain.ts";
import type { ProviderEvent } from "../../../src/chains/provider-events.ts";
import { Providers } from "../../../src/chains/providers.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeNode } from "./fake-node.ts";

/** A chain behind several nodes, its clock, and everything its providers tell. */
export class ChainOfNodes {
  readonly clock = new FakeClock();
  readonly events: ProviderEvent[] = [];
  readonly nodes: readonly FakeNode[];
  readonly chain: Chain;

  private constructor(nodes: readonly FakeNode[], timeoutMs: number) {
    const options = {
      name: "trade",
      chainId: 7101,
      rpcUrls: nodes.map(({ url }) => url),
      timeoutMs,
      maxLagBlocks: 5,
      breaker: { threshold: 3, openMs: 1_000, maxOpenMs: 60_000 },
    };
    const observer = (event: ProviderEvent) => this.events.push(event);
    this.nodes = nodes;
    this.chain = new Chain(options, new Providers(options, { clock: this.clock, observer }));
  }

  static async start(count: number, timeoutMs = 2_000): Promise<ChainOfNodes> {
    return new ChainOfNodes(await Promise.all(Array.from({ length: count }, () => FakeNode.start())), timeoutMs);
  }

  node(index: number): FakeNode {
    return this.nodes[index] as FakeNode;
  }

  /** Methods that a node was asked for since the last time, without those that only find out what it serves. */
  taken(index: number): string[] {
    return this.node(index)
      .asked.splice(0)
      .filter((method) => method !== "eth_chainId");
  }

  told<T extends ProviderEvent["type"]>(type: T): Extract<ProviderEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<ProviderEvent, { type: T }> => event.type === type);
  }

  /** Which provider became what, in order. */
  changes(): [provider: string, state: string][] {
    return this.told("providerChanged").map(({ provider, to }) => [provider, to]);
  }

  async close(): Promise<void> {
    this.chain.close();
    for (const each of this.nodes) await each.close();
  }
}
