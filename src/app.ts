import type { AddressInfo } from "node:net";
import { AttestationRecord } from "./attestor/record.ts";
import { createAttestorServer } from "./attestor/server.ts";
import { Chain } from "./chains/chain.ts";
import { Gateway } from "./chains/gateway.ts";
import type { ProviderObserver } from "./chains/provider-events.ts";
import { Providers } from "./chains/providers.ts";
import { ClearingAgent } from "./clearing/clearing-agent.ts";
import { ClearingHouse } from "./clearing/clearing-house.ts";
import { ClearingJournal } from "./clearing/clearing-journal.ts";
import type { ClearingObserver } from "./clearing/events.ts";
import { HttpCentralLedger } from "./clearing/http-central-ledger.ts";
import { loadKey } from "./config/keys.ts";
import { type Environment, requireSection } from "./config/load.ts";
import type { ChainConfig, Config } from "./config/schema.ts";
import { HuangpuError } from "./core/errors.ts";
import type { Hex } from "./core/hex.ts";
import { AttestationClient } from "./relayer/attestation-client.ts";
import { AttestedSeals } from "./relayer/attested-seals.ts";
import { DirectionRelay } from "./relayer/direction.ts";
import type { Observer } from "./relayer/events.ts";
import { Journal } from "./relayer/journal.ts";
import { QbftSeals } from "./relayer/qbft-seals.ts";
import { Relayer } from "./relayer/relayer.ts";
import { type Resumed, resume } from "./relayer/resume.ts";
import { logClearing } from "./telemetry/log-clearing.ts";
import { logProviders } from "./telemetry/log-providers.ts";
import { logRelayer } from "./telemetry/log-relayer.ts";
import type { Logger } from "./telemetry/logger.ts";
import type { Monitoring } from "./telemetry/monitoring.ts";

/** A role at work. */
export interface RunningRole {
  stop(): Promise<void>;
  /** Settles when the role has come to its end without being stopped; never, for one that only answers. */
  ended: Promise<void>;
}

export interface RunningAttestor extends RunningRole {
  url: string;
}

export interface RoleContext {
  environment: Environment;
  logger: Logger;
  /** Is told of everything the relayer does, beside the log. */
  observer?: Observer;
  /** Is told of everything the clearing agent does, beside the log. */
  clearingObserver?: ClearingObserver;
  /** Health and metrics of the process, which this role adds to. */
  monitoring?: Monitoring;
}

/** Starts carrying messages in both directions. */
export async function startRelayer(
  config: Config,
  { environment, logger, observer, monitoring }: RoleContext,
): Promise<RunningRole> {
  const section = requireSection(config.relayer, "relayer");
  const wallet = await loadKey(section.key, chainIds(config), environment);
  const chains = openChains(config, logger, monitoring);
  const journal = new Journal(section.journal);
  const attestations = new AttestationClient({ urls: section.attestors, timeoutMs: section.attestorTimeoutMs });
  const log = logRelayer(logger);
  const gateways = {
    trade: new Gateway(chains.trade, config.chains.trade.gateway),
    finance: new Gateway(chains.finance, config.chains.finance.gateway),
  };

  const direction = (from: keyof typeof gateways, to: keyof typeof gateways) =>
    new DirectionRelay(
      {
        ...section,
        ...sourceOptions(config.chains[from]),
        destinationConfirmations: config.chains[to].confirmations,
        fees: {
          priorityFee: config.chains[to].priorityFeeWei,
          ceiling: config.chains[to].maxFeePerGasWei,
          bumpPercent: section.bumpPercent,
        },
        maxGasPerTransaction: BigInt(section.maxGasPerTransaction),
      },
      {
        source: gateways[from],
        destination: gateways[to],
        seals: config.chains[from].headers === "qbft" ? new QbftSeals() : new AttestedSeals(attestations),
        journal,
        wallet,
        observer: (event) => {
          log(event);
          observer?.(event);
          monitoring?.relayer(event);
        },
      },
    );

  const relayer = new Relayer([direction("trade", "finance"), direction("finance", "trade")], journal);
  return {
    ended: relayer.start(),
    stop: async () => {
      await relayer.stop();
      for (const chain of Object.values(chains)) chain.close();
    },
  };
}

export const DIRECTIONS = ["trade-to-finance", "finance-to-trade"] as const;

/** Lets a halted direction go on when the relayer is started next. Undefined when it is not halted. */
export async function resumeDirection(
  config: Config,
  direction: (typeof DIRECTIONS)[number],
  logger: Logger,
): Promise<Resumed | undefined> {
  const section = requireSection(config.relayer, "relayer");
  const chains = openChains(config, logger);
  const journal = new Journal(section.journal);
  const from = direction === "trade-to-finance" ? "trade" : "finance";
  try {
    await chains[from].assertChainId();
    return await resume({ direction, source: new Gateway(chains[from], config.chains[from].gateway), journal });
  } finally {
    journal.close();
    for (const chain of Object.values(chains)) chain.close();
  }
}

/** Starts answering what may be signed. */
export async function startAttestor(
  config: Config,
  { environment, logger, monitoring }: RoleContext,
): Promise<RunningAttestor> {
  const section = requireSection(config.attestor, "attestor");
  assertOwnNodes(config);
  const wallet = await loadKey(section.key, chainIds(config), environment);
  const chains = openChains(config, logger, monitoring);
  const record = new AttestationRecord(section.record);
  const server = createAttestorServer({
    chains: new Map(
      (["trade", "finance"] as const).map((name) => [
        chains[name].chainId,
        { chain: chains[name], confirmations: config.chains[name].confirmations },
      ]),
    ),
    record,
    wallet,
    logger,
    ...(monitoring === undefined ? {} : { observer: monitoring.attestor }),
  });
  await server.listen({ host: section.host, port: section.port });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `http://${section.host}:${port}`,
    ended: new Promise(() => undefined),
    stop: async () => {
      await server.close();
      record.close();
      for (const chain of Object.values(chains)) chain.close();
    },
  };
}

/** Starts settling what the clearing house nets. */
export async function startClearing(
  config: Config,
  { environment, logger, clearingObserver, monitoring }: RoleContext,
): Promise<RunningRole> {
  const section = requireSection(config.clearing, "clearing");
  const { startBlock, confirmations, priorityFeeWei, maxFeePerGasWei } = config.chains.finance;
  const wallet = await loadKey(section.key, chainIds(config), environment);
  const chain = openChain("finance", config, logger, monitoring);
  const { url, lei: keeper, timeoutMs } = section.centralLedger;
  const ledger = new HttpCentralLedger({ url, timeoutMs, ...LEDGER_PATIENCE });
  const holder = section.settlement ?? section.agent;
  const log = logClearing(logger);
  const agent = new ClearingAgent(
    {
      ...section,
      startBlock,
      confirmations,
      settlement: { lei: holder, account: holder },
      correspondents: { agent: section.agent, ledger: keeper },
      fees: { priorityFee: priorityFeeWei, ceiling: maxFeePerGasWei, bumpPercent: section.bumpPercent },
    },
    {
      house: new ClearingHouse(chain, section.house),
      ledger,
      journal: new ClearingJournal(section.journal),
      wallet,
      now: Date.now,
      observer: (event) => {
        log(event);
        clearingObserver?.(event);
        monitoring?.clearing(event);
      },
    },
  );
  return {
    ended: agent.start(),
    stop: async () => {
      ledger.close();
      await agent.stop();
      chain.close();
    },
  };
}

/** How often a question is repeated before the round fails, and the next one asks again. */
const LEDGER_PATIENCE = { attempts: 2, pauseMs: 100 };

function sourceOptions({ startBlock, confirmations, senders, proofWindowBlocks }: ChainConfig) {
  return {
    startBlock,
    confirmations,
    proofWindowBlocks,
    senders: senders.map((sender) => sender.toLowerCase() as Hex),
  };
}

/** An attestor says what its own node has. With several, it would be open which of them a signature stands for. */
function assertOwnNodes({ chains }: Config): void {
  for (const name of ["trade", "finance"] as const) {
    const { length } = chains[name].rpcUrls;
    if (length === 1) continue;
    throw new HuangpuError(
      "CONFIG_INVALID",
      `An attestor reads one node of its own: chains.${name}.rpcUrls has ${length}`,
    );
  }
}

function openChains(config: Config, logger: Logger, monitoring?: Monitoring): { trade: Chain; finance: Chain } {
  return {
    trade: openChain("trade", config, logger, monitoring),
    finance: openChain("finance", config, logger, monitoring),
  };
}

function openChain(name: keyof Config["chains"], config: Config, logger: Logger, monitoring?: Monitoring): Chain {
  const log = logProviders(logger);
  const observer: ProviderObserver = (event) => {
    log(event);
    monitoring?.providers(event);
  };
  const options = { name, ...config.chains[name] };
  const chain = new Chain(options, new Providers(options, { observer }));
  // Nobody else would find out about a single one that is asked for nothing.
  if (!chain.providers.single || monitoring !== undefined) void chain.providers.watch(options.surveyMs);
  return chain;
}

function chainIds(config: Config): number[] {
  return [config.chains.trade.chainId, config.chains.finance.chainId];
}
