import { quorumOf } from "../../../src/core/attestation.ts";
import { type ChainName, chainNames, type Network } from "../network-schema.ts";
import { accountsOfChain, type BesuNode, isLoopback, nodesOf, validatorsOf } from "../nodes.ts";
import { changeSteps } from "./runbook-changes.ts";
import { hostSteps } from "./runbook-hosts.ts";
import { trialSteps } from "./runbook-trial.ts";

/** `RUNBOOK.md`: this network's own, with its names and numbers. */
export function runbookFile(network: Network): string {
  const setUp = network.profile === "trial" ? trialSteps(network) : hostSteps(network);
  return [
    `# Runbook of ${network.network}`,
    "",
    "Generated from `network.yaml`; change that, and generate anew. The files were checked for their form; **they have not",
    "yet been run on a live Besu network by us**. `doctor` compares a running network with them:",
    "",
    "```sh",
    "npx node deploy/besu/main.ts doctor network.yaml",
    "```",
    "",
    ...chainNames.flatMap((chain) => chainTable(network, chain)),
    ...accountTable(network),
    ...setUp,
    ...changeSteps(network),
  ].join("\n");
}

function chainTable(network: Network, name: ChainName): string[] {
  const chain = network.chains[name];
  const validators = validatorsOf(network, name).length;
  const quorum = quorumOf(validators);
  return [
    `## The ${name} chain`,
    "",
    `Chain id ${chain.chainId}. A block every ${chain.blockPeriodSeconds} s, every ${chain.emptyBlockPeriodSeconds} s when there is nothing to do. ${validators} validators at the start, of which`,
    `${quorum} must seal: it goes on without ${validators - quorum}, and stands still without ${validators - quorum + 1}. State can be proven ${chain.proofWindowBlocks} blocks back.`,
    "",
    "| Host | Role | P2P | RPC | Node address |",
    "|---|---|---|---|---|",
    ...nodesOf(network, name).map(nodeRow),
    "",
  ];
}

function nodeRow(node: BesuNode): string {
  const rpc = `${node.rpc.host}:${node.rpc.port}${isLoopback(node.rpc.host) ? "" : ", with a token"}`;
  return `| ${node.host} | ${node.role} | ${node.ip}:${node.p2pPort} | ${rpc} | \`${node.nodeAddress}\` |`;
}

function accountTable(network: Network): string[] {
  const may = (chain: ChainName, account: string) => (accountsOfChain(network, chain).includes(account) ? "yes" : "no");
  const known = new Set(Object.values(network.accounts).map((address) => address.toLowerCase()));
  const others = Object.entries({ ADMIN: network.contracts.admin, ...network.contracts.roles }).filter(
    ([, address]) => !known.has(address.toLowerCase()),
  );
  return [
    "## Who may send transactions",
    "",
    "| Account | Address | Trade | Finance |",
    "|---|---|---|---|",
    ...Object.entries(network.accounts).map(
      ([name, address]) => `| ${name} | \`${address}\` | ${may("trade", name)} | ${may("finance", name)} |`,
    ),
    "",
    ...others.map(([role, address]) => `${role} is \`${address}\`, which may not send: it has to be a contract.\n`),
    "The list holds where transactions come in and where blocks are made, not where blocks are read. What a contract allows",
    "is decided by the contract.",
    "",
  ];
}
