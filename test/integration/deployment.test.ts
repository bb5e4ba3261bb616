import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import { deploy } from "../../deploy/deploy.ts";
import { contractsOn } from "../../deploy/deployment.ts";
import localParameters from "../../deploy/parameters/local.json" with { type: "json" };
import { type DeployParameters, deployParametersSchema } from "../../deploy/parameters.ts";
import { type LocalChain, startLocalChain } from "../../scripts/local/chains.ts";
import { onboard } from "../../scripts/local/onboard.ts";
import { RpcProxy } from "../support/world/proxy.ts";
import type { Side } from "../support/world/stage.ts";

const parameters = deployParametersSchema.parse(localParameters);

describe("deploying", () => {
  const ids = { trade: `test-${process.pid}-trade`, finance: `test-${process.pid}-finance` };
  let chains: Record<Side, LocalChain>;
  let proxies: Record<Side, RpcProxy>;

  const forget = () => {
    for (const id of Object.values(ids)) {
      rmSync(join(hre.config.paths.ignition, "deployments", id), { recursive: true, force: true });
    }
  };

  beforeEach(async () => {
    forget();
    chains = { trade: await startLocalChain("trade", 0), finance: await startLocalChain("finance", 0) };
    proxies = {
      trade: await RpcProxy.start(chains.trade.rpcUrl),
      finance: await RpcProxy.start(chains.finance.rpcUrl),
    };
  });

  afterEach(async () => {
    forget();
    for (const each of [...Object.values(proxies), ...Object.values(chains)]) await each.stop();
  });

  const target = async (side: Side, url: string) => ({
    connection: await hre.network.create({ network: side, override: { url } }),
    deploymentId: ids[side],
  });
  const run = async (wanted: DeployParameters = parameters) =>
    await deploy(
      { trade: await target("trade", proxies.trade.url), finance: await target("finance", proxies.finance.url) },
      wanted,
    );
  const blocks = async () => [
    await chains.trade.provider.getBlockNumber(),
    await chains.finance.provider.getBlockNumber(),
  ];
  const sent = () =>
    [...proxies.trade.calls, ...proxies.finance.calls].filter(({ method }) => method === "eth_sendRawTransaction");

  it("again over HTTP changes nothing: the same addresses, no transaction", async () => {
    const first = await run();
    const before = await blocks();
    const transactions = sent().length;
    expect(await run()).to.deep.equal(first);
    expect(await blocks()).to.deep.equal(before);
    expect(sent()).to.have.length(transactions);
  }).timeout(180_000);

  for (const { when, at } of [
    { when: "while contracts are made", at: 3 },
    { when: "while roles are granted", at: 20 },
  ]) {
    it(`goes on where it was interrupted ${when}`, async () => {
      let receipts = 0;
      proxies.finance.misbehave(({ method }) => {
        if (method === "eth_getTransactionReceipt") receipts++;
        return receipts >= at ? "drop" : undefined;
      });
      const failure = await run().catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(Error);
      const interrupted = await blocks();

      proxies.finance.heal();
      const deployment = await run();
      expect((await blocks())[1]).to.be.above(interrupted[1] ?? 0);
      for (const side of ["trade", "finance"] as const) {
        expect(await contractsMade(chains[side]), `contracts on the ${side} chain`).to.equal(
          contractsOn(deployment, side).length,
        );
      }
      await onboard(deployment, { trade: chains.trade.provider, finance: chains.finance.provider });
      expect(await run()).to.deep.equal(deployment);
    }).timeout(180_000);
  }

  it("refuses parameters for other chains than these, before it sends anything", async () => {
    const swapped = { ...parameters, trade: { ...parameters.trade, chainId: 31_337 } };
    const failure = await run(swapped).catch((error: unknown) => error);
    expect(String(failure)).to.include("the parameters are for chain 31337");
    expect(sent()).to.deep.equal([]);
  });

  it("refuses an admin that is the deploying account, which would leave nobody in charge", async () => {
    const [deployer] = (await (
      await target("trade", chains.trade.rpcUrl)
    ).connection.provider.request({
      method: "eth_accounts",
    })) as string[];
    const failure = await run({ ...parameters, admin: deployer ?? "" }).catch((error: unknown) => error);
    expect(String(failure)).to.include("deploys and gives up all rights");
    expect(sent()).to.deep.equal([]);
  });
});

/** How many contracts transactions on a chain created. */
async function contractsMade({ provider }: LocalChain): Promise<number> {
  let found = 0;
  for (let number = await provider.getBlockNumber(); number > 0; number--) {
    const block = await provider.getBlock(number, true);
    found += block?.prefetchedTransactions.filter(({ to }) => to === null).length ?? 0;
  }
  return found;
}

describe("deploy parameters", () => {
  const { trade, coins, roles } = localParameters;
  const [coin, other] = coins;
  const twice = [trade.validators[0], trade.validators[0]?.toLowerCase()];
  for (const { field, wrong } of [
    { field: "trade.chainId", wrong: { trade: { ...trade, chainId: 2 ** 48 } } },
    { field: "trade.chainId", wrong: { trade: { ...trade, chainId: "7101" } } },
    { field: "finance.chainId", wrong: { finance: { ...trade } } },
    { field: "trade.validators", wrong: { trade: { ...trade, validators: [] } } },
    { field: "trade.validators", wrong: { trade: { ...trade, validators: twice } } },
    { field: "trade.validators.1", wrong: { trade: { ...trade, validators: [trade.validators[0], "0x12"] } } },
    { field: "trade.headers", wrong: { trade: { ...trade, headers: "clique" } } },
    { field: "trade.trustingPeriod", wrong: { trade: { ...trade, trustingPeriod: undefined } } },
    { field: "trade.trustingPeriod", wrong: { trade: { ...trade, trustingPeriod: 3_599 } } },
    { field: "trade.maxClockDrift", wrong: { trade: { ...trade, maxClockDrift: undefined } } },
    { field: "trade.maxClockDrift", wrong: { trade: { ...trade, trustingPeriod: 3_600, maxClockDrift: 3_600 } } },
    { field: "messageGasLimit", wrong: { messageGasLimit: 1_499_999 } },
    { field: "messageGasLimit", wrong: { messageGasLimit: 5_000_001 } },
    { field: "governanceDelay", wrong: { governanceDelay: -1 } },
    { field: "admin", wrong: { admin: "operator" } },
    { field: "admin", wrong: { admin: `0x${"0".repeat(40)}` } },
    { field: "roles.GUARDIAN", wrong: { roles: { ...roles, GUARDIAN: undefined } } },
    { field: "roles", wrong: { roles: { ...roles, OWNER: roles.OPERATOR } } },
    { field: "coins", wrong: { coins: [] } },
    { field: "coins", wrong: { coins: [coin, { ...other, currency: coin?.currency }] } },
    { field: "coins.0.name", wrong: { coins: [{ ...coin, name: "" }] } },
    { field: "coins.0.symbol", wrong: { coins: [{ ...coin, symbol: "TWELVELETTER" }] } },
    { field: "coins.0.currency", wrong: { coins: [{ ...coin, currency: "usd" }] } },
    { field: "coins.1.roles.RESERVE_ATTESTOR", wrong: { coins: [coin, { ...other, roles: { ISSUER: roles.RISK } }] } },
    { field: "coins.0.roles", wrong: { coins: [{ ...coin, roles: { ...coin?.roles, COMPLIANCE: roles.RISK } }] } },
    { field: "", wrong: { owner: roles.OPERATOR } },
  ]) {
    const named = field === "" ? "a field that is unknown" : field;
    it(`are refused for ${named} when it is ${String(JSON.stringify(field.split(".").reduce<unknown>(step, wrong))).slice(0, 90)}`, () => {
      const { error } = deployParametersSchema.safeParse({ ...localParameters, ...wrong });
      expect(error?.issues.map(({ path }) => path.join("."))).to.include(field);
    });
  }
});

/** What lies one step further down a path. */
function step(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && key !== "" ? (value as Record<string, unknown>)[key] : value;
}
