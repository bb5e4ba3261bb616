import { rmSync } from "node:fs";
import { join } from "node:path";
import hre from "hardhat";
import { deploy } from "../../deploy/deploy.ts";
import type { Deployment } from "../../deploy/deployment.ts";
import localParameters from "../../deploy/parameters/local.json" with { type: "json" };
import { type DeployParameters, deployParametersSchema } from "../../deploy/parameters.ts";
import { startAttestor, startClearing, startRelayer } from "../../src/app.ts";
import { parseConfig } from "../../src/config/load.ts";
import type { Config, ConfigInput } from "../../src/config/schema.ts";
import { completeLei } from "../../src/core/codes/lei.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { type CentralLedgerProcess, startCentralLedger } from "./central-ledger.ts";
import { type Hardfork, type LocalChain, startLocalChain } from "./chains.ts";
import { centralLedgerLei, operatorEntity } from "./entities.ts";
import { onboard } from "./onboard.ts";

export interface LocalNetworkOptions {
  /** Milliseconds between blocks; 0 for a block with every transaction. */
  blockTimeMs: number;
  ports: { trade: number; finance: number };
  /** Where journal and records go. */
  directory: string;
  logLevel: Config["logLevel"];
  hardfork?: Hardfork;
  /** False leaves the relayer to the caller. */
  relayer?: boolean;
  /** False leaves net positions unsettled: no central ledger and no clearing agent. */
  clearing?: boolean;
  /** Is told what is being done. */
  progress: (text: string) => void;
}

export interface LocalNetwork {
  trade: LocalChain;
  finance: LocalChain;
  deployment: Deployment;
  /** What a relayer needs to know of this network. */
  config: Config;
  /** Undefined without clearing. */
  centralLedger: Pick<CentralLedgerProcess, "url" | "adminUrl"> | undefined;
  stop(): Promise<void>;
}

/** A cycle is closed every five minutes; scenarios close theirs when they have paid. */
const CYCLE_MS = 300_000;

const ATTESTORS = ["attestor1", "attestor2", "attestor3", "attestor4"] as const;

/**
 * Both chains, their contracts and participants, four attestors, a relayer and the clearing agent in this process, and the
 * central ledger in one of its own.
 */
export async function startLocalNetwork(options: LocalNetworkOptions): Promise<LocalNetwork> {
  const { ports, progress, directory, logLevel } = options;
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const each of started.splice(0).reverse()) await each.stop();
  };
  try {
    progress("starting two chains");
    const trade = await startLocalChain("trade", ports.trade, options.hardfork);
    started.push(trade);
    const finance = await startLocalChain("finance", ports.finance, options.hardfork);
    started.push(finance);

    progress("deploying contracts and linking the bridge");
    const deployment = await deployLocally(trade, finance);
    progress("admitting participants");
    await onboard(deployment, { trade: trade.provider, finance: finance.provider });
    for (const chain of [trade, finance]) await chain.setBlockTime(options.blockTimeMs);

    progress(options.relayer === false ? "starting four attestors" : "starting four attestors and a relayer");
    const chains = chainConfig(trade, finance, deployment);
    const context = { environment: {}, logger: createLogger(logLevel) };
    const attestors: string[] = [];
    for (const key of ATTESTORS) {
      const attestor = { key: { development: key }, port: 0, record: join(directory, `${key}.sqlite`) };
      const running = await startAttestor(parseConfig({ chains, attestor }, "local network"), context);
      started.push(running);
      attestors.push(running.url);
    }
    const relayer = {
      key: { development: "relayer" },
      attestors,
      journal: join(directory, "relayer.sqlite"),
      pollMs: 100,
      idlePollMs: 250,
    };
    const config = parseConfig({ chains, relayer, logLevel }, "local network");
    if (options.relayer !== false) started.push(await startRelayer(config, context));
    if (options.clearing === false) return { trade, finance, deployment, config, centralLedger: undefined, stop };

    progress("starting the central ledger and the clearing agent");
    const centralLedger = await startCentralLedger(directory);
    started.push(centralLedger);
    const clearing = clearingConfig(deployment, centralLedger.url, directory);
    started.push(await startClearing(parseConfig({ chains, clearing, logLevel }, "local network"), context));
    return { trade, finance, deployment, config, centralLedger, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function clearingConfig(deployment: Deployment, url: string, directory: string): ConfigInput["clearing"] {
  return {
    key: { development: "clearingAgent" },
    journal: join(directory, "clearing.sqlite"),
    house: deployment.finance.clearingHouse,
    agent: completeLei(operatorEntity.leiBody),
    centralLedger: { url, lei: centralLedgerLei },
    cycleMs: CYCLE_MS,
    pollMs: 100,
    idlePollMs: 250,
    retryMs: 250,
    redemptionsMs: 10_000,
  };
}

/** What somebody who acts on a network must know of it. @throws Error when it runs without clearing. */
export function reached({ deployment, trade, finance, centralLedger }: LocalNetwork) {
  if (centralLedger === undefined) throw new Error("The network has no central ledger");
  return { deployment, trade: trade.provider, finance: finance.provider, centralLedger };
}

export async function deployLocally(
  trade: LocalChain,
  finance: LocalChain,
  parameters: DeployParameters = deployParametersSchema.parse(localParameters),
): Promise<Deployment> {
  const deploymentIds = { trade: `local-${process.pid}-trade`, finance: `local-${process.pid}-finance` };
  const forget = () => {
    for (const id of Object.values(deploymentIds)) {
      rmSync(join(hre.config.paths.ignition, "deployments", id), { recursive: true, force: true });
    }
  };
  forget();
  try {
    const target = async (name: "trade" | "finance", { rpcUrl }: LocalChain) => ({
      connection: await hre.network.create({ network: name, override: { url: rpcUrl } }),
      deploymentId: deploymentIds[name],
    });
    const targets = { trade: await target("trade", trade), finance: await target("finance", finance) };
    return await deploy(targets, parameters);
  } finally {
    forget();
  }
}

export function chainConfig(trade: LocalChain, finance: LocalChain, deployment: Deployment): ConfigInput["chains"] {
  const { chainId: tradeChainId, gateway: tradeGateway } = deployment.trade;
  const { chainId: financeChainId, gateway: financeGateway } = deployment.finance;
  return {
    trade: { chainId: tradeChainId, rpcUrls: [trade.rpcUrl], gateway: tradeGateway },
    finance: { chainId: financeChainId, rpcUrls: [finance.rpcUrl], gateway: financeGateway },
  };
}
