import { expect } from "chai";
import { gatewayAbi, lightClientAbi } from "../../../src/chains/abis.ts";
import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import { eventsOf, tradeToFinance } from "../../support/fakes/direction.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { sendMany, type TwoChains, twoChains } from "../../support/fakes/two-chains.ts";

const ANN: Hex = `0x01${"00".repeat(19)}`;
const BOB: Hex = `0x02${"00".repeat(19)}`;
const HASH: Hex = `0x${"99".repeat(32)}`;
const never = new AbortController().signal;
const PROVE = gatewayAbi.getFunction("proveHead")?.selector ?? "";
const REPORT = lightClientAbi.getFunction("reportEquivocation")?.selector ?? "";
const conflict = lightClientAbi.encodeErrorResult("LightClient_ConflictingHeader", [1, HASH, HASH]);

describe("DirectionRelay where its endpoint makes up an equivocation", () => {
  let world: TwoChains;
  let journal: Journal;
  beforeEach(() => {
    world = twoChains();
    journal = new Journal(":memory:");
  });
  afterEach(() => journal.close());

  const pretend = (report: (proceed: () => unknown) => unknown) =>
    world.finance.script("eth_call", ([call], proceed) => {
      const { data } = call as { data: Hex };
      if (data.startsWith(PROVE)) {
        throw new HuangpuError("RPC_REJECTED", "execution reverted", { fields: { data: conflict } });
      }
      return data.startsWith(REPORT) ? report(proceed) : proceed();
    });
  const sent = () => world.finance.countOf("eth_sendRawTransaction");

  it("sends no report that would be refused", async () => {
    sendMany(world, ANN, 1);
    pretend((proceed) => proceed());
    const { round } = tradeToFinance(world, journal);
    const error = await thrown("RPC_INCONSISTENT", round(never));
    expect(error.fields).to.have.property("data");
    expect(sent()).to.equal(0);
  });

  it("pays for one report that comes to nothing, raises an alarm, and sends no other one for any sender", async () => {
    sendMany(world, ANN, 1);
    sendMany(world, BOB, 1);
    pretend(() => "0x");
    const { relay, events } = tradeToFinance(world, journal);
    for (let again = 0; again < 6; again++) {
      await relay.round(never).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(sent()).to.equal(1);
    const [transaction] = eventsOf(events, "sent");
    expect(eventsOf(events, "alarm")).to.deep.equal([
      {
        type: "alarm",
        direction: relay.name,
        reason: "upkeepRefused",
        fields: { purpose: "equivocationReport", hash: transaction?.hash, gasUsed: "1000000" },
      },
    ]);
    expect(eventsOf(events, "upkept")).to.deep.equal([
      {
        type: "upkept",
        direction: relay.name,
        purpose: "equivocationReport",
        hash: transaction?.hash,
        gasUsed: 1_000_000n,
        succeeded: false,
      },
    ]);

    world.finance.script("eth_call", undefined);
    await relay.round(never);
    expect(world.financeGateway.delivered).to.have.length(2);
  });
});
