import { quorumOf } from "../../../src/core/attestation.ts";
import { genesisExtraData } from "../files/genesis.ts";
import { enodes } from "../files/node-files.ts";
import { isOlder } from "../network-rules.ts";
import type { Network } from "../network-schema.ts";
import { allowedAddresses, type BesuNode, nodesOf, peersOf, validatorsOf } from "../nodes.ts";
import { verifyProofAt } from "./account-proof.ts";
import type { Block } from "./answers.ts";
import { type Check, fail, judge, ok, type Verdict, warn } from "./check.ts";
import type { ChainFacts, NodeFacts } from "./examine.ts";
import { readSealedHeader } from "./sealed-header.ts";

/** What is checked of one node. */
export async function nodeChecks(network: Network, facts: NodeFacts, chain: ChainFacts): Promise<Check[]> {
  const { node } = facts;
  const check = (name: string, [status, text]: Verdict): Check => ({
    chain: node.chain,
    subject: node.host,
    name,
    status,
    text,
  });
  if ("error" in facts.chainId) return [check("rpc", fail(facts.chainId.error))];
  const expected = network.chains[node.chain].chainId;
  if (facts.chainId.value !== expected) {
    return [check("chain id", fail(`serves chain ${facts.chainId.value}, not ${expected}: another node answers here`))];
  }
  const lists = facts.lists;
  return [
    check("chain id", ok(String(expected))),
    check(
      "version",
      judge(facts.clientVersion, (version) => versionVerdict(version, network.besu)),
    ),
    check(
      "genesis",
      judge(facts.genesis, (block) => genesisVerdict(network, node, block, chain)),
    ),
    check(
      "head",
      judge(facts.head, (head) => headVerdict(network, node, head, facts.seenAt)),
    ),
    ...(facts.common === undefined
      ? []
      : [
          check(
            "same block",
            judge(facts.common, (block) => sameVerdict(block, chain)),
          ),
        ]),
    check(
      "validators",
      judge(facts.validators, (given) => validatorsVerdict(network, node, given)),
    ),
    check(
      "peers",
      judge(facts.peers, (count) => peersVerdict(network, node, count)),
    ),
    check("gas price", judge(facts.gasPrice, priceVerdict)),
    ...(lists === undefined
      ? []
      : [
          check(
            "node list",
            judge(lists.nodes, (given) => listVerdict(given, enodes(node, nodesOf(network, node.chain)))),
          ),
          check(
            "account list",
            judge(lists.accounts, (given) => listVerdict(given, allowedAddresses(network, node))),
          ),
        ]),
    ...(facts.proof === undefined ? [] : [check("proof", await proofVerdict(network, facts))]),
  ];
}

function versionVerdict(given: string, pinned: string): Verdict {
  const version = /^besu\/(?:[^/]+\/)?v(\d+\.\d+\.\d+)(?:[-/]|$)/i.exec(given)?.[1];
  if (version === undefined) return fail(`is no Besu release: ${given}`);
  if (isOlder(version, pinned)) return fail(`${version} is older than ${pinned}`);
  return version === pinned ? ok(given) : warn(`${version}, and the file says ${pinned}`);
}

function genesisVerdict(network: Network, node: BesuNode, block: Block, { nodes }: ChainFacts): Verdict {
  if (Number(block.number) !== 0) return fail(`answered with block ${Number(block.number)}`);
  if (block.extraData !== genesisExtraData(network, node.chain)) return fail("has other validators than the file");
  if (Number(block.gasLimit) !== network.chains[node.chain].gasLimit)
    return fail("has another gas limit than the file");
  const others = nodes.filter(({ genesis }) => "value" in genesis && genesis.value.hash !== block.hash);
  if (others.length > 0) return fail(`is another block than that of ${others.map(({ node }) => node.host).join(", ")}`);
  return withHeader(block, () => ok(block.hash));
}

function headVerdict(network: Network, node: BesuNode, head: Block, now: number): Verdict {
  const { emptyBlockPeriodSeconds } = network.chains[node.chain];
  const age = now - Number(head.timestamp);
  const height = Number(head.number);
  if (age < -1)
    return fail(`block ${height} is ${-age} s in the future: a validator's clock, or this machine's, is off`);
  if (age >= 3 * emptyBlockPeriodSeconds)
    return fail(`block ${height} is ${age} s old: no blocks, or the node is behind`);
  return ok(`block ${height}, ${Math.max(age, 0)} s old`);
}

function sameVerdict(block: Block, { nodes }: ChainFacts): Verdict {
  const others = nodes.filter(
    ({ common }) => common !== undefined && "value" in common && common.value.hash !== block.hash,
  );
  const height = Number(block.number);
  if (others.length === 0) return ok(`block ${height}: ${block.hash}`);
  return fail(`block ${height} is another than that of ${others.map(({ node }) => node.host).join(", ")}`);
}

function validatorsVerdict(network: Network, node: BesuNode, given: readonly string[]): Verdict {
  const expected = validatorsOf(network, node.chain);
  const missing = expected.filter((one) => !given.includes(one));
  const others = given.filter((one) => !expected.some((known) => known === one));
  if (missing.length + others.length === 0) return ok(`${expected.length}, as in the file`);
  return fail(`lacks ${missing.join(", ") || "nobody"}; has ${others.join(", ") || "nobody"} besides`);
}

function peersVerdict(network: Network, node: BesuNode, count: number): Verdict {
  const all = nodesOf(network, node.chain);
  const listed = peersOf(node, all).length;
  const validators = all.filter(({ role }) => role === "validator").length;
  const needed = node.role === "validator" ? quorumOf(validators) - 1 : 1;
  const text = `${count} of ${listed}`;
  if (count < Math.min(needed, listed)) return fail(`${text}: too few to go on`);
  return count < listed ? warn(text) : ok(text);
}

function priceVerdict(price: bigint): Verdict {
  return price === 0n ? ok("0") : fail(`${price} wei: transactions that offer nothing are dropped`);
}

function listVerdict(given: readonly string[], expected: readonly string[]): Verdict {
  const known = new Set(given.map((one) => one.toLowerCase()));
  const missing = expected.filter((one) => !known.delete(one));
  if (missing.length + known.size === 0) return ok(`${expected.length}, as in the file`);
  return fail(`lacks ${missing.join(", ") || "nothing"}; has ${[...known].join(", ") || "nothing"} besides`);
}

async function proofVerdict(network: Network, { node, proof, head }: NodeFacts): Promise<Verdict> {
  if (proof === undefined || "error" in proof) return fail(proof?.error ?? "was not asked for");
  const { block, account, answer } = proof.value;
  const behind = "value" in head ? Number(head.value.number) - Number(block.number) : 0;
  const lag = Math.ceil(network.relayer.maxLagSeconds / network.chains[node.chain].blockPeriodSeconds);
  try {
    await verifyProofAt(block, account, answer);
  } catch (error) {
    return fail(`at block ${Number(block.number)}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const text = `holds at block ${Number(block.number)}, ${behind} behind the head`;
  return behind < lag ? warn(`${text}; the chain is too young to show ${lag}`) : ok(text);
}

function withHeader(block: Block, verdict: () => Verdict): Verdict {
  try {
    readSealedHeader(block);
    return verdict();
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}
