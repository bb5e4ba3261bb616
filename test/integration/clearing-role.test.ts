import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { memberId } from "../../scripts/local/entities.ts";
import { caps } from "../../scripts/local/onboarding/clearing.ts";
import { AGENT, ClearingWorld, leiOfMember, OPENING, type WatchedAgent } from "../support/clearing/clearing-world.ts";
import { eventuallyTrue } from "../support/world/eventually.ts";
import { freePort } from "../support/world/free-port.ts";
import { runScript } from "../support/world/process.ts";
import { RpcProxy } from "../support/world/proxy.ts";
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

  it("resolves the queue before it closes a cycle", async () => {
    const { clearingHouse } = clearing.world.as("stranger").finance;
    const large = caps.CNY + 6_000_000n;
    await clearing.submit("bank1", "bank2", "CNY", large);
    await clearing.submit("bank2", "bank3", "CNY", large);
    await clearing.submit("bank3", "bank1", "CNY", large - 5_000_000n);
    await clearing.submit("bank4", "bank1", "CNY", caps.CNY + 1n);
    expect(await clearingHouse.queueLength(), "queued").to.equal(4n);
    await clearing.passCycle();
    const agent = await clearing.startAgent();
    await clearing.finished(1, agent);
    expect(agent.told("queueResolved")).to.deep.equal([{ type: "queueResolved", queued: 4, settled: 3 }]);
    expect(await clearingHouse.queueLength(), "what nobody can settle").to.equal(1n);
    expect(await clearing.position(1, "bank1", "CNY")).to.deep.equal({ instructed: -500n, state: "Cleared" });
    expect(await clearing.position(1, "bank3", "CNY")).to.deep.equal({ instructed: 500n, state: "Cleared" });
  });

  it("settles the agent's own positions within its account, and sends nothing for them", async () => {
    await clearing.owe("settlementAgent", "bank1", "CNY", 7_000_000n);
    await clearing.passCycle();
    const agent = await clearing.startAgent();
    await clearing.finished(1, agent);
    expect((await clearing.position(1, "settlementAgent", "CNY")).state).to.equal("Cleared");
    expect(agent.told("handed").map(({ member }) => member)).to.deep.equal([memberId("bank1")]);
    expect(await clearing.balance(AGENT, "CNY")).to.equal(OPENING - 700n);
    expect(agent.told("exception")).to.deep.equal([]);
  });

  it("instructs nothing on positions that are not what the root stands for", async () => {
    await clearing.owe("bank1", "bank2", "CNY", 5_000_000n);
    await clearing.passCycle();
    const proxy = await RpcProxy.start(clearing.world.finance.rpcUrl);
    const { interface: abi } = clearing.world.as("stranger").finance.clearingHouse;
    const selector = abi.getFunction("position").selector;
    proxy.misbehave(async ({ method, params }, forward) => {
      const [call] = params as [{ data?: string }?];
      if (method !== "eth_call" || call?.data?.startsWith(selector) !== true) return undefined;
      const [position] = abi.decodeFunctionResult("position", String(await forward()));
      const { net, carried, instructed, state } = position;
      const altered = [net, carried, instructed > 0n ? instructed + 1n : instructed, state];
      return { result: abi.encodeFunctionResult("position", [altered]) };
    });
    try {
      const agent = await clearing.startAgent({ rpcUrl: proxy.url });
      const complaint = () => agent.told("delayed").some(({ error }) => error.code === "RPC_INCONSISTENT");
      await eventuallyTrue("the agent to notice", complaint);
      expect(agent.told("instructed")).to.deep.equal([]);
      proxy.heal();
      await clearing.finished(1, agent);
    } finally {
      await proxy.stop();
    }
  });

  it("runs as a process of its own, with health and metrics", async () => {
    await clearing.owe("bank1", "bank2", "CNY", 5_000_000n);
    await clearing.passCycle();
    const port = await freePort();
    const file = join(clearing.directory, "huangpu.json");
    writeFileSync(file, JSON.stringify({ ...clearing.configInput(), monitoring: { port } }));
    const child = runScript("src/main.ts", ["clearing", "--config", file]);
    await child.line(/A cycle is finished/);
    const get = async (path: string) => await fetch(`http://127.0.0.1:${port}/${path}`);
    expect((await get("live")).status).to.equal(200);
    const ready = (await (await get("ready")).json()) as { directions: object };
    expect(Object.keys(ready.directions)).to.deep.equal(["clearing"]);
    const shown = [
      'huangpu_clearing_instructions_total{outcome="cleared"} 2',
      'huangpu_pending_messages{direction="clearing"} 0',
    ];
    await eventuallyTrue("the metrics to show what is done", async () => {
      const metrics = await (await get("metrics")).text();
      return shown.every((line) => metrics.includes(line));
    });
    expect((await child.stop()).code).to.equal(0);
  });

  it("halts, over restarts, when a cycle that it has read is gone from the chain", async () => {
    const { provider } = clearing.world.finance;
    await clearing.owe("bank1", "bank2", "CNY", 5_000_000n);
    const before = await provider.send("evm_snapshot", []);
    await clearing.passCycle();
    const agent = await clearing.startAgent();
    await clearing.finished(1, agent);
    await clearing.owe("bank2", "bank1", "CNY", 9_000_000n);
    await clearing.behave({ delayMs: 3_600_000 });
    await clearing.passCycle();
    await eventuallyTrue("an instruction of cycle 2 to be taken", () => agent.told("handed").length === 3);
    await provider.send("evm_revert", [before]);
    await provider.send("evm_mine", []);

    const halted = (watched: WatchedAgent) => watched.told("halted").map(({ error }) => error.code);
    await eventuallyTrue("the agent to halt", () => halted(agent).length > 0);
    expect(halted(agent)).to.deep.equal(["SOURCE_REORGANISED"]);
    await agent.stop();
    const again = await clearing.startAgent();
    await eventuallyTrue("the agent to halt again", () => halted(again).length > 0);
    expect(again.told("cycleClosed")).to.deep.equal([]);
  });
});
