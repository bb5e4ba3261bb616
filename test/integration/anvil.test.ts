import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import { encodeHeader } from "../../src/core/block-header.ts";
import { gatewayOf } from "../support/world/bridge.ts";
import { onEveryEngine } from "../support/world/engines.ts";
import { agreeAndFund } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const expected: Readonly<Record<string, { client: RegExp; fields: number }>> = {
  EDR: { client: /^HardhatNetwork\//, fields: 20 },
  "Anvil (cancun)": { client: /^anvil\//, fields: 20 },
  "Anvil (osaka)": { client: /^anvil\//, fields: 21 },
};

onEveryEngine("the other engines of the tests", (engine) => {
  let world: World;

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld(engine);
  });

  after(async () => await world?.stop());

  it("are what they are taken for, and make headers that hash to their hashes", async () => {
    await world.startRelayer();
    await agreeAndFund(world);
    await world.settled();
    const { chain } = gatewayOf(world, "finance");
    expect(await chain.request("web3_clientVersion", [])).to.match(expected[engine.name]?.client ?? /^$/);

    const last = await chain.blockNumber();
    for (let number = 0; number <= last; number++) {
      const fields = RLP.decode(encodeHeader(await chain.block(number)));
      expect(fields).to.have.length(expected[engine.name]?.fields ?? 0);
    }
  });
});
