import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Contract, type Wallet } from "ethers";
import localParameters from "../../../deploy/parameters/local.json" with { type: "json" };
import { deployParametersSchema } from "../../../deploy/parameters.ts";
import { startLocalChain } from "../../../scripts/local/chains.ts";
import { chainConfig, deployLocally } from "../../../scripts/local/network.ts";
import { onboard } from "../../../scripts/local/onboard.ts";
import { qbftHeadersAbi } from "../../../src/chains/abis.ts";
import type { ConfigInput } from "../../../src/config/schema.ts";
import { wallets } from "../fakes/two-chains.ts";
import { QbftProxy } from "./qbft-proxy.ts";
import { type RelayerOptions, startWatchedRelayer, type WatchedRelayer } from "./relayer.ts";
import { createStage, type Side, type Stage } from "./stage.ts";

export const DAY = 86_400;

/** Both chains as if QBFT validators sealed them, each followed by the other by their seals. Nobody attests anything. */
export interface QbftWorld extends Stage {
  /** Seven who may be validators of both chains; the first four are, at first. */
  candidates: readonly Wallet[];
  proxies: Record<Side, QbftProxy>;
  /** The verifier on one chain of the other chain's headers. */
  verifierOn(side: Side): Contract;
  startRelayer(options?: RelayerOptions): Promise<WatchedRelayer>;
  passTime(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startQbftWorld(): Promise<QbftWorld> {
  const candidates = wallets("qbft validator", 7);
  const started: { stop(): Promise<void> }[] = [];
  const keep = <T extends { stop(): Promise<void> }>(running: T): T => {
    started.push(running);
    return running;
  };
  const stopAll = async () => {
    for (const each of started.splice(0).reverse()) await each.stop();
  };
  try {
    const trade = keep(await startLocalChain("trade", 0));
    const finance = keep(await startLocalChain("finance", 0));
    const validators = candidates.slice(0, 4);
    const sealed = {
      headers: "qbft",
      validators: validators.map(({ address }) => address),
      trustingPeriod: 30 * DAY,
      maxClockDrift: 300,
    };
    const parameters = deployParametersSchema.parse({
      ...localParameters,
      trade: { ...localParameters.trade, ...sealed },
      finance: { ...localParameters.finance, ...sealed },
    });
    const deployment = await deployLocally(trade, finance, parameters);
    await onboard(deployment, { trade: trade.provider, finance: finance.provider });
    const proxies = {
      trade: keep(await QbftProxy.start(trade.rpcUrl, validators)),
      finance: keep(await QbftProxy.start(finance.rpcUrl, validators)),
    };
    const directory = mkdtempSync(join(tmpdir(), "huangpu-qbft-"));
    const plain = chainConfig(trade, finance, deployment);
    const chains = {
      trade: { ...plain.trade, headers: "qbft" as const, rpcUrls: [proxies.trade.url] },
      finance: { ...plain.finance, headers: "qbft" as const, rpcUrls: [proxies.finance.url] },
    } satisfies ConfigInput["chains"];
    return {
      ...createStage({ trade, finance, deployment }, directory),
      candidates,
      proxies,
      verifierOn: (side) => new Contract(deployment[side].headers, qbftHeadersAbi, { trade, finance }[side].provider),
      startRelayer: async (options = {}) =>
        keep(await startWatchedRelayer({ chains, attestors: [], directory }, options)),
      passTime: async (seconds) => {
        for (const { provider } of [trade, finance]) {
          await provider.send("evm_increaseTime", [seconds]);
          await provider.send("evm_mine", []);
        }
      },
      stop: async () => {
        await stopAll();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
