import type { Wallet } from "ethers";
import type { Hex } from "../../../src/core/hex.ts";
import type { RelayerEvent } from "../../../src/relayer/events.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import { Outbox, type OutboxOptions } from "../../../src/relayer/outbox.ts";
import { FakeChain, Reverted } from "./fake-chain.ts";
import { wallets } from "./two-chains.ts";

export const TARGET: Hex = `0x${"7a".repeat(20)}`;
export const direction = "trade-to-finance";
export const wallet = wallets("relayer", 1)[0] as Wallet;
export const account = { chainId: 7102, address: wallet.address.toLowerCase() as Hex };

export const call = (data: Hex) => ({ to: TARGET, data, gasLimit: 500_000n });

/** A chain with a contract that notes what it is called with, and reverts on 0xbad0; and outboxes that send to it. */
export class OutboxWorld {
  readonly chain = new FakeChain("finance", account.chainId);
  readonly journal = new Journal(":memory:");
  readonly executed: Hex[] = [];
  readonly events: RelayerEvent[] = [];

  constructor() {
    this.chain.deploy(TARGET, {
      call: () => "0x",
      execute: (data) => {
        this.executed.push(data);
        if (data === "0xbad0") throw new Reverted("0x");
        return { logs: [], gasUsed: 21_000n };
      },
    });
  }

  outbox(options: Partial<OutboxOptions> & { priorityFee?: bigint } = {}): Outbox {
    const { priorityFee = 3n, ...rest } = options;
    const fees = { priorityFee, ceiling: 1_000n, bumpPercent: 12.5 };
    const { chain, journal } = this;
    return new Outbox(
      { direction, fees, confirmations: 0, pollMs: 1, receiptTimeoutMs: 2_000, ...rest },
      { chain, transactions: journal.transactions, wallet, observer: (event) => void this.events.push(event) },
    );
  }

  /** Nonces on their way. */
  inFlight(): number[] {
    return this.journal.transactions.inFlight(account).map(({ nonce }) => nonce);
  }
}
