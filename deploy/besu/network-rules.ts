import { developmentAddresses } from "../../src/config/development.ts";
import { type Chain, type ChainName, chainNames, type Network } from "./network-schema.ts";
import { accountProblems, hostProblems, keyProblems, peerProblems, rpcProblems } from "./node-rules.ts";
import { nodesOf } from "./nodes.ts";
import { type Problem, problem } from "./problem.ts";

/** The oldest version with `emptyblockperiodseconds` and its corrections. */
export const OLDEST_BESU = "26.8.1";

/** Everything that a schema cannot see. Empty when the network may be built. */
export function problemsOf(network: Network): Problem[] {
  const ofHosts = [...hostProblems(network)];
  // The other rules tell hosts by their names.
  if (ofHosts.some(({ rule }) => rule === "HOST_TWICE")) return ofHosts;
  return [
    ...ofHosts,
    ...networkProblems(network),
    ...keyProblems(network),
    ...chainNames.flatMap((chain) => [
      ...chainProblems(network, chain),
      ...accountProblems(network, chain),
      ...rpcProblems(network, chain),
      ...peerProblems(network, chain),
    ]),
  ];
}

function* networkProblems({ besu, chains, profile, accounts }: Network): Generator<Problem> {
  if (chains.trade.chainId === chains.finance.chainId) {
    yield problem("SAME_CHAIN_ID", "chains.finance.chainId", "must be another than the trade chain's");
  }
  if (isOlder(besu, OLDEST_BESU)) {
    yield problem("BESU_TOO_OLD", "besu", `${besu} is older than ${OLDEST_BESU}; take that or a newer one`);
  }
  if (profile === "trial") return;
  const published = new Set(developmentAddresses(Object.values(accounts)));
  for (const [name, address] of Object.entries(accounts)) {
    if (!published.has(address)) continue;
    yield problem(
      "ACCOUNT_PUBLISHED",
      `accounts.${name}`,
      "is of the public development mnemonic: everybody has its key",
    );
  }
}

function* chainProblems(network: Network, name: ChainName): Generator<Problem> {
  const chain = network.chains[name];
  const path = `chains.${name}`;
  if (chain.chainId >= 2 ** 48) {
    yield problem("CHAIN_ID_TOO_LARGE", `${path}.chainId`, "must be below 2^48 (281474976710656), the gateway's limit");
  }
  if (chain.blockPeriodSeconds === 0) {
    yield problem("BLOCK_PERIOD_ZERO", `${path}.blockPeriodSeconds`, "must be at least 1");
  }
  if (chain.emptyBlockPeriodSeconds < chain.blockPeriodSeconds) {
    const text = "must not be below blockPeriodSeconds; without transactions a chain is slower, never faster";
    yield problem("EMPTY_BLOCK_PERIOD_TOO_SHORT", `${path}.emptyBlockPeriodSeconds`, text);
  }
  if (chain.validatorSelection === "contract") {
    const text = 'headers would not name the validators, so QbftHeaders could not verify them; use "header"';
    yield problem("VALIDATORS_IN_CONTRACT", `${path}.validatorSelection`, text);
  }
  // A relayer confirms after half of the period, at the next block there is.
  const { maxLagSeconds } = network.relayer;
  const shortest = 2 * (maxLagSeconds + chain.emptyBlockPeriodSeconds);
  if (chain.trustingPeriodSeconds <= shortest) {
    const text = `a relayer that confirms after half of it may stand still for ${maxLagSeconds} s; must be above ${shortest}`;
    yield problem("TRUSTING_PERIOD_TOO_SHORT", `${path}.trustingPeriodSeconds`, text);
  }
  yield* proofWindowProblems(chain, maxLagSeconds, path);
  yield* populationProblems(network, name);
}

function* proofWindowProblems(chain: Chain, maxLagSeconds: number, path: string): Generator<Problem> {
  if (chain.blockPeriodSeconds === 0) return;
  const lag = Math.ceil(maxLagSeconds / chain.blockPeriodSeconds);
  if (chain.proofWindowBlocks > lag) return;
  const text = `a relayer that stood still for ${maxLagSeconds} s is ${lag} blocks behind; must be above ${lag}`;
  yield problem("PROOF_WINDOW_TOO_SHORT", `${path}.proofWindowBlocks`, text);
}

function* populationProblems(network: Network, chain: ChainName): Generator<Problem> {
  const nodes = nodesOf(network, chain);
  const validators = nodes.filter(({ role }) => role === "validator").length;
  if (validators === 0) {
    yield problem("NO_VALIDATOR", "hosts", `no host has a validator of the ${chain} chain`);
  } else if (validators < 4 && network.profile === "production") {
    const text = `the ${chain} chain has ${validators} validators; QBFT survives the loss of one only with 4 or more`;
    yield problem("FEWER_THAN_FOUR_VALIDATORS", "hosts", text);
  }
  if (nodes.every(({ role }) => role !== "rpc")) {
    yield problem("NO_RPC_NODE", "hosts", `no host has an rpc node of the ${chain} chain, which relayers need`);
  }
}

/** Whether a version is older than another one, by its three numbers. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(".").map(Number));
  for (const [index, part] of (a ?? []).entries()) {
    const other = b?.[index] ?? 0;
    if (part !== other) return part < other;
  }
  return false;
}
