import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { developmentWallet } from "../../src/config/development.ts";
import type { Hex } from "../../src/core/hex.ts";
import { Journal } from "../../src/relayer/journal.ts";
import { type CrashPoint, crashRelayer } from "../support/world/crash.ts";
import { expectSound } from "../support/world/ledger.ts";
import { isSettled } from "../support/world/stage.ts";
import { AMOUNT, agree, clear, EscrowState, fund, look, ship, TradeState } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

interface Boundary extends Omit<CrashPoint, "matches"> {
  name: string;
  /** A fresh one for every relayer, because it may count. */
  matcher: () => CrashPoint["matches"];
  /** Transactions that the journal holds when the relayer is gone. */
  inFlight: number;
  /** Whether the chain has the delivery already. */
  delivered: boolean;
}

const asks = (method: string) => () => (call: { method: string }) => call.method === method;

/** The trade chain's messages are carried; the relayer dies with the finance chain's end of it in hand. */
const boundaries: Boundary[] = [
  {
    name: "before it reads the logs",
    side: "trade",
    when: "before",
    matcher: asks("eth_getLogs"),
    inFlight: 0,
    delivered: false,
  },
  {
    name: "after it wrote the message down",
    side: "trade",
    when: "before",
    matcher: asks("eth_getProof"),
    inFlight: 0,
    delivered: false,
  },
  {
    name: "after it has the proof",
    side: "finance",
    when: "before",
    matcher: asks("eth_getTransactionCount"),
    inFlight: 0,
    delivered: false,
  },
  {
    name: "after it journalled the transaction, before the chain has it",
    side: "finance",
    when: "before",
    matcher: asks("eth_sendRawTransaction"),
    inFlight: 1,
    delivered: false,
  },
  {
    name: "after the chain took the transaction, before it knows",
    side: "finance",
    when: "after",
    matcher: asks("eth_sendRawTransaction"),
    inFlight: 1,
    delivered: true,
  },
  {
    name: "before it has the receipt",
    side: "finance",
    when: "before",
    matcher: asks("eth_getTransactionReceipt"),
    inFlight: 1,
    delivered: true,
  },
  {
    name: "after it has the receipt, before it confirms",
    side: "finance",
    when: "before",
    matcher: afterReceipt,
    inFlight: 0,
    delivered: true,
  },
];

function afterReceipt(): CrashPoint["matches"] {
  let receipts = 0;
  return ({ method }) => {
    if (method === "eth_getTransactionReceipt") receipts++;
    return receipts > 0 && method === "eth_call";
  };
}

describe("a relayer that is killed", () => {
  let world: World;

  beforeEach(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
  });

  afterEach(async () => await world?.stop());

  for (const { name, inFlight, delivered, matcher, ...point } of boundaries) {
    for (const { memory, keep } of [
      { memory: "its journal", keep: true },
      { memory: "its journal deleted", keep: false },
    ]) {
      it(`${name} and comes back with ${memory} delivers everything once`, async () => {
        const trade = await agree(world);
        const killed = await crashRelayer(world, { ...point, matches: matcher() });
        try {
          expect(transactionsInFlight()).to.equal(inFlight);
          const { escrow } = await look(world, trade);
          expect(escrow).to.equal(delivered ? EscrowState.Open : EscrowState.Unknown);

          if (!keep)
            for (const suffix of ["", "-wal", "-shm"])
              rmSync(join(world.directory, `relayer.sqlite${suffix}`), { force: true });
          await world.startRelayer();
          await finish(trade);
        } finally {
          await killed.stop();
        }
      });
    }
  }

  it("at every step of one trade, one after the other, delivers everything once", async () => {
    const trade = await agree(world);
    const next = [
      async () => undefined,
      async () => await fund(world, trade),
      async () => await ship(world, trade),
      async () => await clear(world, trade),
    ];
    for (const [index, act] of next.entries()) {
      await act();
      const side = "finance";
      const matches = asks("eth_sendRawTransaction")();
      const killed =
        index === 1
          ? undefined
          : await crashRelayer(world, { side, when: index % 2 === 0 ? "before" : "after", matches });
      try {
        const relayer = await world.startRelayer();
        await world.settled();
        await relayer.stop();
      } finally {
        await killed?.stop();
      }
    }
    expect(await look(world, trade)).to.include({
      state: TradeState.Completed,
      paid: AMOUNT,
      escrow: EscrowState.Closed,
    });
    await expectSound(world);
  });

  it("while nothing is to be done, comes back and does nothing", async () => {
    const first = await world.startRelayer();
    await agree(world);
    await world.settled();
    await first.stop();
    const blocks = await world.finance.provider.getBlockNumber();
    const second = await world.startRelayer({ journal: "another.sqlite" });
    await world.settled();
    expect(await isSettled(world)).to.equal(true);
    expect(await world.finance.provider.getBlockNumber()).to.equal(blocks);
    expect(second.told("delivered")).to.deep.equal([]);
  });

  async function finish(trade: Awaited<ReturnType<typeof agree>>): Promise<void> {
    await world.settled();
    await fund(world, trade);
    await ship(world, trade);
    await clear(world, trade);
    await expectSound(world);
    expect(await look(world, trade)).to.include({
      state: TradeState.Completed,
      paid: AMOUNT,
      escrow: EscrowState.Closed,
    });
  }

  function transactionsInFlight(): number {
    const journal = new Journal(join(world.directory, "relayer.sqlite"));
    try {
      const { chainId } = world.deployment.finance;
      const address = developmentWallet("relayer").address.toLowerCase() as Hex;
      return journal.transactions.inFlight({ chainId, address }).length;
    } finally {
      journal.close();
    }
  }
});
