import { expect } from "chai";
import { parse } from "yaml";
import { type Files, generate } from "../../../../deploy/besu/generate.ts";
import { chainNames, type Network } from "../../../../deploy/besu/network-schema.ts";
import { type BesuNode, nodesOf, peersOf } from "../../../../deploy/besu/nodes.ts";
import type { Hex } from "../../../../src/core/hex.ts";
import { encodeQbftExtraData } from "../../../../src/core/qbft-extra-data.ts";
import { goldenFiles } from "../../../support/besu/golden.ts";
import { type Example, examples, host, network, set } from "../../../support/besu/networks.ts";
import { parsePlainToml } from "../../../support/besu/toml.ts";

const content = (files: Files, path: string): string => {
  const text = files.get(path);
  if (text === undefined) throw new Error(`Not generated: ${path}`);
  return text;
};
const tomlOf = (given: Network, path: string) => parsePlainToml(content(generate(given), path));
const genesisOf = (given: Network, path: string) => JSON.parse(content(generate(given), path));

/** Every node with its files, parsed. */
function* nodeFiles(given: Network) {
  const files = generate(given);
  for (const chain of chainNames) {
    const nodes = nodesOf(given, chain);
    for (const node of nodes) {
      const folder = `${chain}/${node.host}`;
      yield {
        node,
        nodes,
        toml: parsePlainToml(content(files, `${folder}/besu.toml`)),
        permissions: parsePlainToml(content(files, `${folder}/permissions_config.toml`)),
        staticNodes: JSON.parse(content(files, `${folder}/static-nodes.json`)),
        genesis: content(files, `${folder}/genesis.json`),
      };
    }
  }
}

describe("generate", () => {
  for (const example of Object.keys(examples) as Example[]) {
    it(`gives the ${example} example's golden files, byte for byte`, () => {
      const files = generate(network(example));
      const golden = goldenFiles(example, files);
      expect([...files.keys()].sort()).to.deep.equal([...golden.keys()].sort());
      for (const [path, text] of files) expect(text, path).to.equal(golden.get(path));
    });

    it(`gives each node of the ${example} example lists that fit each other, and its chain's genesis`, () => {
      for (const { node, nodes, toml, permissions, staticNodes, genesis } of nodeFiles(network(example))) {
        const peers = peersOf(node, nodes).map(({ enode }) => enode);
        expect(staticNodes).to.deep.equal(peers);
        expect(permissions.get("nodes-allowlist")).to.deep.equal(peers);
        expect(peers).not.to.contain(node.enode);
        expect(toml.get("max-peers")).to.be.at.least(peers.length);
        expect(genesis).to.equal(content(generate(network(example)), `${node.chain}/${nodes[0]?.host}/genesis.json`));
        expect(toml.get("data-path")).to.equal(`/var/lib/besu/${node.chain}`);
      }
    });

    it(`never writes anything of the ${example} example that could be a private key`, () => {
      const bytes32 = /0x[0-9a-f]{64}(?![0-9a-f])|(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;
      const MIX_HASH = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";
      for (const [path, text] of generate(network(example))) {
        expect(text.replaceAll(MIX_HASH, "").match(bytes32), path).to.equal(null);
      }
    });
  }

  it("writes extraData as Besu's documentation has it, the validators ascending", () => {
    const documented: Hex[] = [
      "0x64a702e6263b7297a96638cac6ae65e6541f4169",
      "0x3923390ad55e90c237593b3b0e401f3b08a03185",
      "0xaefdb9a738c9f433e5b6b212a6d62f6370c2f692",
      "0xc7eeb9a4e00ce683cf93039b212648e01c6c6b78",
    ];
    const extraData = (validators: readonly Hex[]) =>
      `0xf87aa0${"00".repeat(32)}f854${validators.map((one) => `94${one.slice(2)}`).join("")}c080c0`;
    const vanity: Hex = `0x${"00".repeat(32)}`;
    expect(encodeQbftExtraData({ vanity, validators: documented, round: 0, seals: [] })).to.equal(
      extraData(documented),
    );

    const given = network("production", set("chains.trade.genesisValidators", documented));
    expect(genesisOf(given, "trade/bank-a-rpc/genesis.json").extraData).to.equal(extraData([...documented].sort()));
  });

  it("keeps the genesis file when validators change after it was written down", () => {
    const before = network("production");
    const founders = nodesOf(before, "trade").filter(({ role }) => role === "validator");
    const after = network("production", (draft) => {
      draft.chains.trade.genesisValidators = founders.map(({ nodeAddress }) => nodeAddress).reverse();
      host(draft, "regulator-observer").trade.role = "validator";
    });
    const path = "trade/bank-a-rpc/genesis.json";
    expect(content(generate(after), path)).to.equal(content(generate(before), path));
    const unwritten = network("production", set("regulator-observer.trade.role", "validator"));
    expect(content(generate(unwritten), path)).not.to.equal(content(generate(before), path));
  });

  it("takes periods, limits and ids from the file, and never the option that Besu removed", () => {
    const given = network("production", (draft) => {
      Object.assign(draft.chains.trade, { chainId: 4242, blockPeriodSeconds: 3, emptyBlockPeriodSeconds: 7 });
      Object.assign(draft.chains.trade, { requestTimeoutSeconds: 6, gasLimit: 30_000_000, contractSizeLimit: 49_152 });
    });
    const text = content(generate(given), "trade/bank-a-rpc/genesis.json");
    const { config, ...block } = JSON.parse(text);
    expect(config).to.deep.equal({
      chainId: 4242,
      berlinBlock: 0,
      londonBlock: 0,
      shanghaiTime: 0,
      cancunTime: 0,
      zeroBaseFee: true,
      contractSizeLimit: 49_152,
      qbft: { epochlength: 30_000, blockperiodseconds: 3, emptyblockperiodseconds: 7, requesttimeoutseconds: 6 },
    });
    expect(block.gasLimit).to.equal("0x1c9c380");
    expect(text).not.to.contain("xempty");
    expect(tomlOf(given, "trade/bank-a-validator/besu.toml").get("target-gas-limit")).to.equal(30_000_000);
  });

  it("keeps the validators apart: they and boot nodes know each other, everybody else only boot nodes", () => {
    const nodes = nodesOf(network("production"), "finance");
    const rolesOf = (node: BesuNode) => new Set(peersOf(node, nodes).map(({ role }) => role));
    const expected = { validator: ["validator", "boot"], rpc: ["boot"], observer: ["boot"] };
    for (const node of nodes) {
      if (node.role === "boot") expect(peersOf(node, nodes)).to.have.length(nodes.length - 1);
      else expect(rolesOf(node)).to.deep.equal(new Set(expected[node.role]));
    }
    const trial = nodesOf(network("trial"), "trade");
    for (const node of trial) expect(peersOf(node, trial)).to.have.length(trial.length - 1);
  });

  it("opens RPC beyond loopback with a token and to its clients only, and without what votes", () => {
    const given = network("production");
    const toml = tomlOf(given, "trade/bank-b-rpc/besu.toml");
    expect(toml.get("rpc-http-authentication-enabled")).to.equal(true);
    expect(toml.get("rpc-http-api")).not.to.include.members(["ADMIN", "PERM"]);
    for (const { node, toml } of nodeFiles(given)) {
      if (node.rpc.host === "127.0.0.1") expect(toml.get("rpc-http-host")).to.equal("127.0.0.1");
      else expect(toml.get("rpc-http-authentication-jwt-public-key-file")).to.be.a("string");
    }
    const rules = content(generate(given), "trade/bank-b-rpc/nftables.conf");
    expect(rules).to.contain("ip saddr { 10.2.8.0/24 } tcp dport 8545 accept\n    tcp dport 8545 drop");
  });

  it("gives nodes that prove the window, and observers nobody's transactions", () => {
    for (const { node, toml, permissions } of nodeFiles(network("production"))) {
      const proves = node.role === "rpc" || node.role === "observer";
      expect(toml.get("bonsai-historical-block-limit")).to.equal(proves ? 43_200 : undefined);
      const accounts = permissions.get("accounts-allowlist");
      if (node.role === "observer") expect(accounts).to.deep.equal([]);
      else expect(accounts).to.have.length.above(3);
    }
  });

  it("composes a trial of containers with the addresses of their enodes, published on loopback", () => {
    const given = network("trial");
    const { services, networks, volumes } = parse(content(generate(given), "docker-compose.yaml"));
    const nodes = chainNames.flatMap((chain) => nodesOf(given, chain));
    expect(Object.keys(services)).to.deep.equal(nodes.map(({ host }) => host));
    expect(Object.keys(volumes)).to.have.members(nodes.map(({ host }) => host));
    expect(networks.besu.ipam.config).to.deep.equal([{ subnet: "172.28.0.0/16" }]);
    for (const node of nodes) {
      const service = services[node.host];
      expect(service.networks.besu.ipv4_address).to.equal(node.ip);
      expect(service.image).to.equal("hyperledger/besu:26.9.0");
      expect(service.ports).to.deep.equal([`127.0.0.1:${node.rpc.port}:${node.rpc.port}`]);
      expect(tomlOf(given, `${node.chain}/${node.host}/besu.toml`).get("rpc-http-port")).to.equal(node.rpc.port);
    }
  });
});
