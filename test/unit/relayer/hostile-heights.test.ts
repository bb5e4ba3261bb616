import { expect } from "chai";
import { LOGS, RECEIPT } from "../../../src/chains/rpc-forms.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { BlockRange } from "../../../src/relayer/block-range.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import { observe } from "../../../src/relayer/observe.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { sendMany, type TwoChains, twoChains } from "../../support/fakes/two-chains.ts";

const GREATEST = "0x1fffffffffffff"; // 2^53 - 1
const TOO_HIGH = "0x20000000000000";
const ALICE: Hex = `0x${"aa".repeat(20)}`;
const direction = "trade-to-finance";

describe("heights that a hostile endpoint makes up", () => {
  for (const [blockNumber, taken] of [
    [GREATEST, true],
    [TOO_HIGH, false],
  ] as const) {
    it(`are ${taken ? "numbers" : "refused"} in logs and receipts at ${blockNumber}`, () => {
      const log = { topics: [], data: "0x", blockNumber };
      expect(LOGS.isWellFormed([log])).to.equal(taken);
      const receipt = { status: "0x1", blockNumber, gasUsed: "0x1", logs: [] };
      expect(RECEIPT.isWellFormed(receipt)).to.equal(taken);
    });
  }

  describe("of logs that were not asked for", () => {
    let world: TwoChains;
    let journal: Journal;
    beforeEach(() => {
      world = twoChains();
      journal = new Journal(":memory:");
    });
    afterEach(() => journal.close());

    const look = async () =>
      await observe({
        direction,
        source: world.source,
        journal,
        startBlock: 0,
        confirmations: 0,
        blockRange: new BlockRange(2),
        senders: [],
      });
    const moveTo = (blockNumber: Hex) =>
      world.trade.script("eth_getLogs", (_, proceed) =>
        (proceed() as object[]).map((log) => ({ ...log, blockNumber })),
      );

    for (const blockNumber of ["0x1", "0x5", GREATEST, TOO_HIGH] as const) {
      it(`fail the round at ${blockNumber}, and leave nothing behind`, async () => {
        world.trade.mine(1);
        await look();
        sendMany(world, ALICE, 2);
        moveTo(blockNumber);
        expect((await look().catch((error: Error) => error)) as object).to.be.instanceOf(Error);
        expect(journal.pending(direction, ALICE, 1, 10)).to.deep.equal([]);
        world.trade.script("eth_getLogs", undefined);
        await look();
        expect(journal.pending(direction, ALICE, 1, 10)).to.have.length(2);
      });
    }

    it("are refused with RPC_INCONSISTENT", async () => {
      sendMany(world, ALICE, 1);
      moveTo("0x5");
      const error = await thrown("RPC_INCONSISTENT", look());
      expect(error.fields).to.deep.include({ chain: "trade", fromBlock: 0, toBlock: 1, given: 5 });
    });
  });
});
