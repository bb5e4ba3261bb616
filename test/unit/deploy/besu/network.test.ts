import { expect } from "chai";
import { loadNetwork, parseNetwork } from "../../../../deploy/besu/load-network.ts";
import { chainNames } from "../../../../deploy/besu/network-schema.ts";
import { nodeAddress, nodesOf } from "../../../../deploy/besu/nodes.ts";
import { rules } from "../../../../deploy/besu/problem.ts";
import { developmentWallet } from "../../../../src/config/development.ts";
import { exampleKey } from "../../../support/besu/example-keys.ts";
import {
  broken,
  type Draft,
  type Example,
  examples,
  exampleText,
  host,
  network,
  refused,
  set,
} from "../../../support/besu/networks.ts";
import { thrown } from "../../../support/fakes/thrown.ts";

const VALIDATOR = "bank-a-validator";
const RPC = "bank-a-rpc";
const tradeOnly = (draft: Draft, role: string) => draft.hosts.filter((one: Draft) => one.trade?.role === role);

const keepHosts = (keep: (one: Draft) => boolean) => (draft: Draft) => {
  draft.hosts = draft.hosts.filter(keep);
};

/** Every refusal: what is done to the example, and the rules with places that it breaks. */
const refusals: Record<string, [Example, (draft: Draft) => void, string[]]> = {
  SAME_CHAIN_ID: ["production", set("chains.finance.chainId", 880_001), ["SAME_CHAIN_ID chains.finance.chainId"]],
  CHAIN_ID_TOO_LARGE: ["production", set("chains.trade.chainId", 2 ** 48), ["CHAIN_ID_TOO_LARGE chains.trade.chainId"]],
  BESU_TOO_OLD: ["production", set("besu", "26.8.0"), ["BESU_TOO_OLD besu"]],
  BLOCK_PERIOD_ZERO: [
    "production",
    set("chains.trade.blockPeriodSeconds", 0),
    ["BLOCK_PERIOD_ZERO chains.trade.blockPeriodSeconds"],
  ],
  EMPTY_BLOCK_PERIOD_TOO_SHORT: [
    "production",
    set("chains.finance.emptyBlockPeriodSeconds", 1),
    ["EMPTY_BLOCK_PERIOD_TOO_SHORT chains.finance.emptyBlockPeriodSeconds"],
  ],
  PROOF_WINDOW_TOO_SHORT: [
    "production",
    set("chains.trade.proofWindowBlocks", 21_600),
    ["PROOF_WINDOW_TOO_SHORT chains.trade.proofWindowBlocks"],
  ],
  TRUSTING_PERIOD_TOO_SHORT: [
    "production",
    set("chains.finance.trustingPeriodSeconds", 2 * (43_200 + 10)),
    ["TRUSTING_PERIOD_TOO_SHORT chains.finance.trustingPeriodSeconds"],
  ],
  VALIDATORS_IN_CONTRACT: [
    "production",
    set("chains.trade.validatorSelection", "contract"),
    ["VALIDATORS_IN_CONTRACT chains.trade.validatorSelection"],
  ],
  NO_VALIDATOR: ["trial", keepHosts((one) => one.trade?.role !== "validator"), ["NO_VALIDATOR hosts"]],
  FEWER_THAN_FOUR_VALIDATORS: [
    "production",
    (draft) => {
      for (const one of tradeOnly(draft, "validator").slice(3)) delete one.trade;
    },
    ["FEWER_THAN_FOUR_VALIDATORS hosts"],
  ],
  NO_RPC_NODE: [
    "production",
    (draft) => {
      for (const one of tradeOnly(draft, "rpc")) delete one.trade;
    },
    ["NO_RPC_NODE hosts"],
  ],
  HOST_TWICE: [
    "production",
    (draft) => void Object.assign(draft.hosts[9], { name: "bank-b-boot", address: "10.2.0.21" }),
    ["HOST_TWICE hosts.9.name", "HOST_TWICE hosts.9.address"],
  ],
  PORT_TWICE: ["production", set(`${VALIDATOR}.finance.rpc.port`, 30_303), ["PORT_TWICE hosts.0.finance"]],
  "PORT_TWICE in a trial, whose hosts share one machine": [
    "trial",
    set("finance-rpc.finance.rpc.port", 18_550),
    ["PORT_TWICE hosts.9.finance"],
  ],
  TRIAL_HOST_WITH_TWO_NODES: [
    "trial",
    (draft) => {
      host(draft, "trade-rpc").finance = host(draft, "finance-rpc").finance;
      draft.hosts.pop();
    },
    ["TRIAL_HOST_WITH_TWO_NODES hosts.4"],
  ],
  KEY_NOT_ON_CURVE: [
    "production",
    (draft) => {
      const { trade } = host(draft, VALIDATOR);
      trade.publicKey = trade.publicKey.replace(/.$/, (last: string) => (last === "0" ? "1" : "0"));
    },
    [`KEY_NOT_ON_CURVE ${VALIDATOR}.trade.publicKey`],
  ],
  KEY_TWICE: [
    "production",
    set(`${RPC}.trade.publicKey`, exampleKey("trade", VALIDATOR)),
    [`KEY_TWICE ${RPC}.trade.publicKey`],
  ],
  KEY_ON_BOTH_CHAINS: [
    "production",
    set(`${RPC}.finance.publicKey`, exampleKey("trade", VALIDATOR)),
    [`KEY_ON_BOTH_CHAINS ${RPC}.finance.publicKey`],
  ],
  KEY_OF_ACCOUNT: [
    "production",
    set("accounts.buyer", nodeAddress(exampleKey("trade", VALIDATOR))),
    [`KEY_OF_ACCOUNT ${VALIDATOR}.trade.publicKey`],
  ],
  ACCOUNT_UNKNOWN: [
    "production",
    (draft) => void draft.chains.finance.accounts.push("nobody"),
    ["ACCOUNT_UNKNOWN chains.finance.accounts"],
  ],
  ACCOUNT_TWICE: [
    "production",
    (draft) => void draft.chains.finance.accounts.push("buyer"),
    ["ACCOUNT_TWICE chains.finance.accounts"],
  ],
  ACCOUNT_NOT_ON_CHAIN: [
    "production",
    set(`${RPC}.finance.accounts`, ["buyer", "carrier"]),
    [`ACCOUNT_NOT_ON_CHAIN ${RPC}.finance.accounts`],
  ],
  ACCOUNTS_OF_CORE_DIFFER: [
    "production",
    (draft) => {
      host(draft, VALIDATOR).trade.accounts = Object.keys(draft.accounts).slice(1);
      host(draft, "bank-a-boot").trade.accounts = ["buyer"];
    },
    [`ACCOUNTS_OF_CORE_DIFFER ${VALIDATOR}.trade.accounts`, "ACCOUNTS_OF_CORE_DIFFER bank-a-boot.trade.accounts"],
  ],
  ACCOUNT_PUBLISHED: [
    "production",
    set("accounts.buyer", developmentWallet("buyer").address),
    ["ACCOUNT_PUBLISHED accounts.buyer"],
  ],
  CORE_RPC_EXPOSED: [
    "production",
    (draft) => {
      host(draft, VALIDATOR).trade.rpc.host = "10.1.0.11";
      host(draft, "bank-a-boot").finance.rpc.host = "0.0.0.0";
    },
    [`CORE_RPC_EXPOSED ${VALIDATOR}.trade.rpc.host`, "CORE_RPC_EXPOSED bank-a-boot.finance.rpc.host"],
  ],
  "CORE_RPC_EXPOSED by any node of a trial": [
    "trial",
    set("trade-rpc.trade.rpc.host", "0.0.0.0"),
    ["CORE_RPC_EXPOSED trade-rpc.trade.rpc.host"],
  ],
  RPC_WITHOUT_JWT: [
    "production",
    set("bank-b-rpc.trade.rpc.jwt", undefined),
    ["RPC_WITHOUT_JWT bank-b-rpc.trade.rpc.jwt"],
  ],
  RPC_WITHOUT_CLIENTS: [
    "production",
    set("bank-b-rpc.trade.rpc.clients", undefined),
    ["RPC_WITHOUT_CLIENTS bank-b-rpc.trade.rpc.clients"],
  ],
  RPC_OPEN_TO_ALL: [
    "production",
    set("bank-b-rpc.trade.rpc.clients", ["10.2.8.0/24", "0.0.0.0/0"]),
    ["RPC_OPEN_TO_ALL bank-b-rpc.trade.rpc.clients"],
  ],
  PEER_UNKNOWN: [
    "production",
    set(`${RPC}.trade.peers`, ["bank-a-boot", "bank-b-boot", "elsewhere"]),
    [`PEER_UNKNOWN ${RPC}.trade.peers`],
  ],
  PEERS_NOT_MUTUAL: [
    "production",
    set(`${RPC}.trade.peers`, ["bank-a-boot", "bank-b-boot", VALIDATOR]),
    [`PEERS_NOT_MUTUAL ${RPC}.trade.peers`],
  ],
  BOOT_NODE_NOT_ALLOWED: [
    "production",
    set(`${RPC}.trade.peers`, ["bank-a-boot"]),
    ["PEERS_NOT_MUTUAL bank-b-boot.trade.peers", `BOOT_NODE_NOT_ALLOWED ${RPC}.trade.peers`],
  ],
};

describe("parseNetwork", () => {
  for (const example of Object.keys(examples) as Example[]) {
    it(`takes the ${example} example, in which nothing is anybody's`, () => {
      const given = network(example);
      for (const chain of chainNames) {
        for (const { host, publicKey } of nodesOf(given, chain)) expect(publicKey).to.equal(exampleKey(chain, host));
      }
    });
  }

  for (const [name, [example, change, expected]] of Object.entries(refusals)) {
    it(`refuses ${name}`, async () => {
      expect(await broken(example, change)).to.have.members(expected);
    });
  }

  it("has a test for every refusal", () => {
    expect(new Set(Object.keys(refusals).map((name) => name.split(" ")[0]))).to.deep.equal(new Set(rules));
  });

  it("takes the smallest window that is long enough, and the largest chain id", () => {
    const given = network("production", (draft) => {
      draft.chains.trade.proofWindowBlocks = 21_601;
      draft.chains.trade.chainId = 2 ** 48 - 1;
    });
    expect(given.chains.trade.chainId).to.equal(2 ** 48 - 1);
  });

  it("takes a trial with fewer validators, and equal lists said twice", () => {
    network(
      "trial",
      keepHosts(({ name }) => !/-[234]$/.test(name)),
    );
    network("production", (draft) => {
      host(draft, VALIDATOR).trade.accounts = Object.keys(draft.accounts).reverse();
    });
  });

  it("says where, why and what to do", async () => {
    const { message } = await refused("production", set("besu", "25.1.0"));
    expect(message).to.contain("✖ besu: 25.1.0 is older than 26.8.1; take that or a newer one [BESU_TOO_OLD]");
  });

  it("refuses unknown fields and wrong forms by their path", async () => {
    const { message } = await refused("production", (draft) => {
      draft.secret = "0x01";
      draft.hosts[0].trade.publicKey = 1;
      draft.hosts[1].address = "validator.example";
      draft.hosts[2].trade.p2pPort = 80;
    });
    for (const part of [
      '"secret"',
      "hosts[0].trade.publicKey",
      "in quotes",
      "hosts[1].address",
      "hosts[2].trade.p2pPort",
    ]) {
      expect(message).to.contain(part);
    }
  });

  it("refuses a key that YAML read as a number", async () => {
    const unquoted = exampleText("production").replace(/publicKey: "(0x\w+)"/, "publicKey: $1");
    const { message } = await thrown("CONFIG_INVALID", () => parseNetwork(unquoted, "network.yaml"));
    expect(message).to.contain("must be a text in quotes");
  });

  it("refuses what is not YAML, doubles a key, grows by references, or cannot be read", async () => {
    const bomb = ["a: &a [1,1,1,1,1,1,1,1,1]"];
    for (let depth = 0; depth < 9; depth++) {
      const [own, below] = [String.fromCharCode(98 + depth), String.fromCharCode(97 + depth)];
      bomb.push(`${own}: &${own} [${Array(9).fill(`*${below}`).join()}]`);
    }
    for (const text of ["a: [", "a: 1\na: 2", bomb.join("\n"), "", "- 1"]) {
      await thrown("CONFIG_INVALID", () => parseNetwork(text, "network.yaml"));
    }
    await thrown("CONFIG_INVALID", () => loadNetwork("deploy/besu/no-such-network.yaml"));
  });
});
