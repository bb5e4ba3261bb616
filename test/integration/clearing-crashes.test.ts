import { expect } from "chai";
import { type AgentOptions, ClearingWorld, leiOfMember, OPENING } from "../support/clearing/clearing-world.ts";
import { HostileLedger } from "../support/clearing/hostile-ledger.ts";
import { eventuallyTrue } from "../support/world/eventually.ts";
import { type RpcCall, RpcProxy } from "../support/world/proxy.ts";
import { START_TIMEOUT } from "../support/world/world.ts";

const instructed = { bank1: -500_000n, bank2: 300_000n, bank3: 200_000n } as const;

describe("the clearing role, killed", function () {
  this.timeout(START_TIMEOUT);
  let clearing: ClearingWorld;
  let between: HostileLedger;
  let proxy: RpcProxy;
  beforeEach(async () => {
    clearing = await ClearingWorld.start();
    between = await HostileLedger.start(() => clearing.ledgerUrl);
    proxy = await RpcProxy.start(clearing.world.finance.rpcUrl);
    await clearing.owe("bank1", "bank2", "CNY", 3_000_000_000n);
    await clearing.owe("bank1", "bank3", "CNY", 2_000_000_000n);
    await clearing.passCycle();
  });
  afterEach(async () => {
    await between.stop();
    await proxy.stop();
    await clearing.stop();
  });

  /** Every bank paid or received once what it owes or is owed, and every instruction is one at the central ledger. */
  async function expectSettledOnce(): Promise<void> {
    for (const [bank, amount] of Object.entries(instructed) as [keyof typeof instructed, bigint][]) {
      expect(await clearing.position(1, bank, "CNY")).to.deep.equal({ instructed: amount, state: "Cleared" });
      expect(await clearing.balance(leiOfMember(bank), "CNY"), bank).to.equal(OPENING + amount);
    }
    expect(new Set(between.submitted).size, "different instructions").to.equal(Object.keys(instructed).length);
    const { clearingHouse } = clearing.world.as("stranger").finance;
    for (const event of ["PositionInstructed", "PositionCleared"] as const) {
      const found = await clearingHouse.queryFilter(clearingHouse.filters[event]());
      expect(found.length, event).to.equal(Object.keys(instructed).length);
    }
  }

  /** An agent runs until it is cut off from everything, and is started again, with what it remembers or without. */
  async function restart(isDead: () => boolean, journal: AgentOptions["journal"] = "clearing.sqlite"): Promise<void> {
    const first = await clearing.startAgent({ rpcUrl: proxy.url, ledgerUrl: between.url });
    await eventuallyTrue("the agent to reach the point where it is killed", isDead);
    between.dead = true;
    proxy.misbehave(() => "drop");
    await first.stop();

    between.dead = false;
    between.mischief = {};
    proxy.heal();
    await clearing.startAgent({ rpcUrl: proxy.url, ledgerUrl: between.url, journal });
    await clearing.finished(1);
    await expectSettledOnce();
  }

  for (const journal of ["clearing.sqlite", "another.sqlite"]) {
    const remembers = journal === "clearing.sqlite";
    describe(remembers ? "with its journal" : "without its journal", () => {
      for (const point of ["submit", "fetch"] as const) {
        for (const when of ["before", "after"] as const) {
          for (const nth of remembers ? [1, 2, 3] : [1]) {
            it(`goes on when it dies ${when} ${point} ${nth} is carried out`, async () => {
              between.mischief = { dieAt: { point, when, nth } };
              await restart(() => between.dead, journal);
            });
          }
        }
      }

      // close, instruct the pay-in, confirm it, instruct two pay-outs, confirm them.
      for (const transaction of remembers ? [1, 2, 3, 4, 5, 6, 7] : [2, 3, 6]) {
        for (const when of ["before", "after"] as const) {
          it(`goes on when it dies ${when} transaction ${transaction} is broadcast`, async () => {
            let sent = 0;
            let dead = false;
            proxy.misbehave(async ({ method }: RpcCall, forward) => {
              if (dead) return "drop";
              if (method !== "eth_sendRawTransaction" || ++sent < transaction) return undefined;
              dead = true;
              if (when === "after") await forward();
              return "drop";
            });
            await restart(() => dead, journal);
          });
        }
      }
    });
  }

  for (const journal of ["clearing.sqlite", "another.sqlite"]) {
    it(`sends the very same message again while its booking is awaited, knowing ${journal}`, async () => {
      await clearing.behave({ delayMs: 1_000 });
      between.mischief = { dieAt: { point: "submit", when: "after", nth: 1 } };
      await restart(() => between.dead, journal);
      expect(between.submitted.length, "messages sent").to.equal(Object.keys(instructed).length + 1);
    });
  }

  for (const crash of ["before-booking", "before-answer"]) {
    it(`waits for a central ledger that was killed ${crash}, and has everything booked once`, async () => {
      await clearing.behave({ crash });
      await clearing.startAgent({ ledgerUrl: between.url });
      await eventuallyTrue("an instruction to be sent", () => between.submitted.length > 0);
      await clearing.stopLedger();
      await clearing.startLedger();
      await clearing.finished(1);
      await expectSettledOnce();
    });
  }
});
