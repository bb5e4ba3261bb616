import { expect } from "chai";
import { memberId } from "../../scripts/local/entities.ts";
import { AGENT, ClearingWorld, leiOfMember, OPENING } from "../support/clearing/clearing-world.ts";
import { START_TIMEOUT } from "../support/world/world.ts";

const CENT = 10_000n;

describe("the clearing role", function () {
  this.timeout(START_TIMEOUT);
  let clearing: ClearingWorld;
  beforeEach(async () => {
    clearing = await ClearingWorld.start();
  });
  afterEach(async () => await clearing.stop());

  it("closes a cycle, settles every position in central-bank money and says so on the chain", async () => {
    await clearing.owe("bank3", "bank2", "CNY", 5_000_000_000n);
    await clearing.owe("bank2", "bank1", "CNY", 2_000_000_000n);
    await clearing.owe("bank3", "bank1", "USD", 1_000_005_000n);
    await clearing.passCycle();
    const agent = await clearing.startAgent();
    await clearing.finished(1, agent);

    const positions = [
      ["bank3", "CNY", -500_000n],
      ["bank2", "CNY", 300_000n],
      ["bank1", "CNY", 200_000n],
      // Half a cent: the payer pays it, the payee has it carried.
      ["bank3", "USD", -100_001n],
      ["bank1", "USD", 100_000n],
    ] as const;
    for (const [member, currency, instructed] of positions) {
      expect(await clearing.position(1, member, currency)).to.deep.equal({ instructed, state: "Cleared" });
      expect(await clearing.balance(leiOfMember(member), currency)).to.equal(OPENING + instructed);
    }
    expect(await clearing.balance(AGENT, "CNY")).to.equal(OPENING);
    expect(await clearing.balance(AGENT, "USD")).to.equal(OPENING + 1n);

    const { clearingHouse } = clearing.world.as("stranger").finance;
    const { carried } = await clearingHouse.position(2, memberId("bank1"), "0x555344");
    expect(carried, "carried, as the settlement account has it").to.equal(CENT / 2n);
    expect(agent.told("exception")).to.deep.equal([]);
    expect(agent.told("cycleFinished").map(({ cycle }) => cycle)).to.deep.equal([1]);
    const steps = agent.events.flatMap((event) =>
      (event.type === "instructed" || event.type === "cleared") && event.currency === "CNY"
        ? [`${event.flow} ${event.type}`]
        : [],
    );
    const payOuts = ["payOut instructed", "payOut instructed", "payOut cleared", "payOut cleared"];
    expect(steps).to.deep.equal(["payIn instructed", "payIn cleared", ...payOuts]);
  });
});
