import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { IgnitionModule, IgnitionModuleResult } from "@nomicfoundation/ignition-core";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { assertDeployable, type FoundChain } from "./assert-deployable.ts";
import { type Deployment, deploymentSchema } from "./deployment.ts";
import { coinKey, financeChain } from "./modules/finance-chain.ts";
import { financeLane } from "./modules/finance-lane.ts";
import { tradeChain } from "./modules/trade-chain.ts";
import { tradeLane } from "./modules/trade-lane.ts";
import type { DeployParameters } from "./parameters.ts";

export interface DeployTarget {
  connection: NetworkConnection;
  /** Name of Ignition's journal; by default that of the chain id. */
  deploymentId?: string;
}

export interface DeployTargets {
  trade: DeployTarget;
  finance: DeployTarget;
}

/**
 * Deploys both chains and links them. Over HTTP, Ignition keeps a journal under `deploy/deployments/`, so an
 * interrupted run goes on where it stopped and a finished one changes nothing.
 */
export async function deploy(targets: DeployTargets, parameters: DeployParameters): Promise<Deployment> {
  const { trade, finance, messageGasLimit, coins } = parameters;
  assertDeployable(parameters, { trade: await find(targets.trade), finance: await find(targets.finance) });
  const chainParameters = {
    TradeChain: { ...remoteEnd(finance), messageGasLimit },
    FinanceChain: { ...remoteEnd(trade), messageGasLimit },
  };
  const [tradeEnd, financeEnd] = await both([
    runOnce(targets.trade, trade.chainId, tradeChain(finance.headers), chainParameters),
    runOnce(targets.finance, finance.chainId, financeChain(trade.headers, coins), chainParameters),
  ]);

  const { settlement, evidenceLedger, titlePayments } = financeEnd;
  const { tradeBook, evidenceNotary, titleOffers, titleRegistry, claimRegistry } = tradeEnd;
  const holders = holdersOf(parameters);
  const [linkedTrade, linkedFinance] = await both([
    run(targets.trade, tradeLane(finance.headers), {
      ...chainParameters,
      TradeLane: { ...holders, remoteGateway: financeEnd["gateway"], settlement, evidenceLedger, titlePayments },
    }),
    run(targets.finance, financeLane(trade.headers, coins), {
      ...chainParameters,
      FinanceLane: {
        ...holders,
        remoteGateway: tradeEnd["gateway"],
        tradeBook,
        evidenceNotary,
        titleOffers,
        titleRegistry,
        claimRegistry,
      },
    }),
  ]);

  return deploymentSchema.parse({
    trade: { chainId: trade.chainId, ...linkedTrade },
    finance: { chainId: finance.chainId, ...withCoins(linkedFinance, coins) },
  });
}

/** Who gets which role, as the modules ask for it. */
function holdersOf({ admin, governanceDelay, roles, coins }: DeployParameters): Record<string, unknown> {
  const ofCoins = coins.flatMap(({ currency, roles: own }) =>
    Object.entries(own).map(([role, holder]) => [`${role}_${currency}`, holder]),
  );
  return { admin, governanceDelay, ...roles, ...Object.fromEntries(ofCoins) };
}

/** The coins of a module's contracts, apart from the others. */
function withCoins(contracts: Record<string, string>, coins: DeployParameters["coins"]) {
  const keys = coins.map(({ currency }) => [currency, coinKey(currency)] as const);
  const others = Object.entries(contracts).filter(([name]) => !keys.some(([, key]) => key === name));
  return {
    ...Object.fromEntries(others),
    coins: Object.fromEntries(keys.map(([currency, key]) => [currency, contracts[key]])),
  };
}

async function find({ connection }: DeployTarget): Promise<FoundChain> {
  const [deployer] = await connection.ethers.getSigners();
  if (deployer === undefined) throw new Error("There is no account to deploy with");
  const { chainId } = await connection.ethers.provider.getNetwork();
  return { chainId: Number(chainId), deployer: deployer.address };
}

type Module = IgnitionModule<string, string, IgnitionModuleResult<string>>;
type ModuleParameters = Record<string, Record<string, unknown>>;

/**
 * Runs a module that another one goes on from, unless all its contracts are there: Ignition fails a run while the
 * journal has something of the other module in flight, so an interrupted link could never be resumed.
 */
async function runOnce(
  target: DeployTarget,
  chainId: number,
  ignitionModule: Module,
  parameters: ModuleParameters,
): Promise<Record<string, string>> {
  const deployed = target.connection.networkConfig.type === "http" ? deployedAddresses(target, chainId) : {};
  const contracts = Object.entries(ignitionModule.results).map(([name, { id }]) => [name, deployed[id]]);
  const complete = contracts.every(([, address]) => address !== undefined);
  return complete ? Object.fromEntries(contracts) : await run(target, ignitionModule, parameters);
}

function deployedAddresses({ deploymentId }: DeployTarget, chainId: number): Record<string, string> {
  const id = deploymentId ?? `chain-${chainId}`;
  const file = join(hre.config.paths.ignition, "deployments", id, "deployed_addresses.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

async function run(
  { connection, deploymentId }: DeployTarget,
  ignitionModule: Module,
  parameters: ModuleParameters,
): Promise<Record<string, string>> {
  const contracts = await connection.ignition.deploy(ignitionModule, {
    // biome-ignore lint/suspicious/noExplicitAny: Ignition types its parameters more narrowly than it reads them
    parameters: parameters as any,
    config: { requiredConfirmations: 1 },
    ...(deploymentId === undefined ? {} : { deploymentId }),
  });
  const entries = Object.entries(contracts).map(async ([name, contract]) => [name, await contract.getAddress()]);
  return Object.fromEntries(await Promise.all(entries));
}

/** Waits for both even when one fails: a run that goes on unnoticed would be in the way of the next one. */
async function both<T>(runs: [Promise<T>, Promise<T>]): Promise<[T, T]> {
  await Promise.allSettled(runs);
  return await Promise.all(runs);
}

/** What one chain is told of the other. */
function remoteEnd({ chainId, validators, trustingPeriod, maxClockDrift }: DeployParameters["trade"]) {
  return { remoteChainId: chainId, remoteValidators: ascending(validators), trustingPeriod, maxClockDrift };
}

/** The order in which validator sets are kept on chain. */
function ascending(addresses: string[]): string[] {
  return [...addresses].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
}
