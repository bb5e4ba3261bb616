import { expect } from "chai";
import { assertDeployable } from "../../../../deploy/assert-deployable.ts";
import { generate } from "../../../../deploy/besu/generate.ts";
import { chainNames, type Network } from "../../../../deploy/besu/network-schema.ts";
import { validatorsOf } from "../../../../deploy/besu/nodes.ts";
import { deployParametersSchema } from "../../../../deploy/parameters.ts";
import { parseConfig } from "../../../../src/config/load.ts";
import { exampleDeployment } from "../../../support/besu/deployment.ts";
import { type Example, examples, network, set } from "../../../support/besu/networks.ts";

const json = (given: Network, path: string, deployment = exampleDeployment(given, `0x${"11".repeat(20)}`)) =>
  JSON.parse(generate(given, deployment).get(path) ?? "null");

describe("files for the node itself", () => {
  for (const example of Object.keys(examples) as Example[]) {
    it(`has parameters of the ${example} example that deployment takes, verified by seals`, () => {
      const given = network(example);
      const parameters = deployParametersSchema.parse(json(given, "huangpu/parameters.json"));
      for (const chain of chainNames) {
        expect(parameters[chain].headers).to.equal("qbft");
        expect(parameters[chain].validators).to.deep.equal(validatorsOf(given, chain));
      }
      const deployer = given.accounts["deployer"] ?? "";
      const found = (chainId: number) => ({ chainId, deployer });
      assertDeployable(parameters, {
        trade: found(given.chains.trade.chainId),
        finance: found(given.chains.finance.chainId),
      });
    });
  }

  it("has a relayer's configuration where both chains are on loopback, and nowhere else", () => {
    const given = network("production");
    const paths = [...generate(given).keys()].filter((path) => path.startsWith("huangpu/relayer"));
    expect(paths).to.deep.equal(["huangpu/relayer-bank-a-rpc.json"]);
    const config = parseConfig(json(given, paths[0] ?? ""), "relayer.json");
    expect(config.chains.trade).to.deep.include({
      chainId: 880_001,
      rpcUrls: ["http://127.0.0.1:8545"],
      gateway: `0x${"11".repeat(20)}`,
      headers: "qbft",
      proofWindowBlocks: 43_200,
      priorityFeeWei: 0n,
    });
    expect(config.chains.finance.rpcUrls).to.deep.equal(["http://127.0.0.1:8546"]);
    const apart = network("production", set("bank-a-rpc.finance.role", "observer"));
    expect([...generate(apart).keys()].join()).not.to.contain("huangpu/relayer");
  });

  it("has one for a trial, with a gateway that nobody takes for one until there is a deployment", () => {
    const given = network("trial");
    expect(parseConfig(json(given, "huangpu/relayer.json"), "").chains.finance.rpcUrls).to.deep.equal([
      "http://127.0.0.1:18560",
    ]);
    const early = JSON.parse(generate(given).get("huangpu/relayer.json") ?? "");
    expect(early.chains.trade.gateway).to.equal(`0x${"00".repeat(20)}`);
  });
});
