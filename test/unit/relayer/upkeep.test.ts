import { expect } from "chai";
import { encodeConfirmValidators } from "../../../src/chains/light-client.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { AttestedSeals } from "../../../src/relayer/attested-seals.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import type { RenewRequest } from "../../../src/relayer/seal-source.ts";
import { eventsOf, tradeToFinance } from "../../support/fakes/direction.ts";
import { Reverted } from "../../support/fakes/fake-chain.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { type TwoChains, twoChains } from "../../support/fakes/two-chains.ts";

const VERIFIER: Hex = `0x${"22".repeat(20)}`;
const never = new AbortController().signal;
const confirmation = { to: VERIFIER, data: encodeConfirmValidators("0x00", "0x00"), gasLimit: 2_000_000n };

describe("DirectionRelay, when it has validators confirmed", () => {
  let world: TwoChains;
  let journal: Journal;
  let taken: boolean;
  beforeEach(() => {
    world = twoChains();
    journal = new Journal(":memory:");
    world.finance.deploy(VERIFIER, {
      call: () => "0x",
      execute: () => {
        if (!taken) throw new Reverted("0x0badc0de");
        return { logs: [], gasUsed: 120_000n };
      },
    });
  });
  afterEach(() => journal.close());

  const start = (renew: (request: RenewRequest) => Promise<void>) => {
    const seals = new AttestedSeals(world.attestations);
    seals.renew = renew as () => Promise<void>;
    return tradeToFinance(world, journal, {}, seals);
  };
  const confirm = async ({ send }: RenewRequest) => await send(confirmation);

  it("tells what that cost", async () => {
    taken = true;
    const { relay, events } = start(confirm);
    await relay.round(never);
    expect(eventsOf(events, "upkept").map(({ type, hash, ...rest }) => rest)).to.deep.equal([
      { direction: relay.name, purpose: "validators", gasUsed: 120_000n, succeeded: true },
    ]);
    expect(eventsOf(events, "alarm")).to.deep.equal([]);
  });

  it("fails with VALIDATORS_NOT_FOLLOWED and raises an alarm when it reverts, and sends none after five", async () => {
    taken = false;
    const { relay, events } = start(confirm);
    for (let again = 0; again < 7; again++) await thrown("VALIDATORS_NOT_FOLLOWED", relay.round(never));
    expect(eventsOf(events, "upkept").map(({ succeeded }) => succeeded)).to.deep.equal(Array(5).fill(false));
    expect(eventsOf(events, "alarm").map(({ reason }) => reason)).to.deep.equal(Array(5).fill("upkeepRefused"));
    expect(eventsOf(events, "alarm")[0]?.fields).to.include({ purpose: "validators", gasUsed: "2000000" });
  });

  it("raises no alarm when another relayer did it meanwhile", async () => {
    taken = false;
    const { relay, events } = start(async (request) => await confirm(request).catch(() => undefined));
    for (let again = 0; again < 7; again++) await relay.round(never);
    expect(eventsOf(events, "upkept")).to.have.length(7);
    expect(eventsOf(events, "alarm")).to.deep.equal([]);
  });
});
